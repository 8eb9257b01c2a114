/** Queries that Firestore refuses whatever the data. https://firebase.google.com/docs/firestore/query-data/queries#query_limitations */

import { failure } from '../values/failure.ts';
import type { StructuredQuery } from '../values/messages.ts';
import { disjunctionsOf, type Leaf, leavesOf, operandsOf, sourceOf } from './query-shape.ts';

const MAX_DISJUNCTIONS = 30;
const MAX_OPERANDS: Partial<Record<Leaf['op'], number>> = { IN: 30, ARRAY_CONTAINS_ANY: 30, NOT_IN: 10 };
const NEGATIONS = new Set<Leaf['op']>(['NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', 'IS_NOT_NULL']);

/** Fails with INVALID_ARGUMENT on a query that Firestore never serves. */
export function checkQuery(query: StructuredQuery): void {
  if (query.findNearest) throw failure('UNIMPLEMENTED', 'The local Firestore has no vector search.');
  sourceOf(query);
  if ((query.limit?.value ?? 0) < 0) throw failure('INVALID_ARGUMENT', 'limit is negative');
  if ((query.offset ?? 0) < 0) throw failure('INVALID_ARGUMENT', 'offset is negative');
  checkCursors(query);
  const leaves = leavesOf(query.where);
  for (const leaf of leaves) checkOperands(leaf);
  checkNegations(query, leaves);
  checkDisjunctions(query);
}

function checkCursors({ startAt, endAt, orderBy = [] }: StructuredQuery): void {
  for (const cursor of [startAt, endAt]) {
    if ((cursor?.values?.length ?? 0) > Math.max(orderBy.length, 1)) {
      throw failure('INVALID_ARGUMENT', 'Cursor has too many values.');
    }
  }
}

function checkOperands(leaf: Leaf): void {
  const most = MAX_OPERANDS[leaf.op];
  if (most === undefined) return;
  const count = operandsOf(leaf).length;
  if (count === 0) throw failure('INVALID_ARGUMENT', `'${leaf.op}' requires an non-empty ArrayValue.`);
  if (count > most)
    throw failure('INVALID_ARGUMENT', `'${leaf.op}' supports up to ${most} comparison values.`);
}

function checkNegations(query: StructuredQuery, leaves: Leaf[]): void {
  if (leaves.filter(({ op }) => NEGATIONS.has(op)).length > 1) {
    throw failure(
      'INVALID_ARGUMENT',
      "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query.",
    );
  }
  const hasNotIn = leaves.some(({ op }) => op === 'NOT_IN');
  const hasAlternatives = leaves.some(({ op }) => op === 'IN' || op === 'ARRAY_CONTAINS_ANY');
  if (hasNotIn && (hasAlternatives || hasOr(query.where))) {
    throw failure(
      'INVALID_ARGUMENT',
      "'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.",
    );
  }
}

function hasOr(filter: StructuredQuery['where']): boolean {
  if (filter?.filterType !== 'compositeFilter') return false;
  const { op, filters = [] } = filter.compositeFilter;
  return (op === 'OR' && filters.length > 1) || filters.some(hasOr);
}

function checkDisjunctions(query: StructuredQuery): void {
  const disjunctions = disjunctionsOf(query.where);
  if (disjunctions.length > MAX_DISJUNCTIONS) {
    throw failure(
      'INVALID_ARGUMENT',
      `Too many disjunctions after normalization. Result had ${disjunctions.length} disjunctions which is more ` +
        `than the maximum of ${MAX_DISJUNCTIONS}`,
    );
  }
  const contains = (leaves: Leaf[]) => leaves.filter(({ op }) => op === 'ARRAY_CONTAINS').length;
  if (disjunctions.some((leaves) => contains(leaves) > 1)) {
    throw failure('INVALID_ARGUMENT', "A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
  }
}

/** Queries that Firestore refuses whatever the data. https://firebase.google.com/docs/firestore/query-data/queries#query_limitations */

import { failure } from '../values/failure.ts';
import { NAME_FIELD, parseFieldPath } from '../values/field-path.ts';
import type { Filter, StructuredQuery, Value } from '../values/messages.ts';
import { checkCollectionId, checkParent, pathOf } from '../values/names.ts';
import type { PlacedQuery } from './query.ts';
import {
  countDisjunctions,
  disjunctionsOf,
  isInequality,
  type Leaf,
  leavesOf,
  operandsOf,
  sourceOf,
} from './query-shape.ts';

const MAX_DISJUNCTIONS = 30;
const MAX_INEQUALITY_FIELDS = 10;
/** Filters, orders, and one for the parent of a subcollection. https://firebase.google.com/docs/firestore/quotas#queries */
const MAX_PARTS = 100;
const MAX_OPERANDS: Partial<Record<Leaf['op'], number>> = { IN: 30, ARRAY_CONTAINS_ANY: 30, NOT_IN: 10 };
const NEGATIONS = new Set<Leaf['op']>(['NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', 'IS_NOT_NULL']);
/** What can be asked of a name: array filters and tests for null and NaN have no meaning for it. */
const NAME_OPERATORS = new Set<Leaf['op']>([
  'EQUAL',
  'NOT_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'IN',
  'NOT_IN',
]);

/** Fails with INVALID_ARGUMENT on a query that Firestore never serves. */
export function checkQuery({ parent, query }: PlacedQuery): void {
  if (query.findNearest) throw failure('UNIMPLEMENTED', 'The local Firestore has no vector search.');
  checkSource(parent, query);
  checkFilter(query.where);
  const leaves = leavesOf(query.where);
  for (const leaf of leaves) checkLeaf(leaf);
  checkOrders(query);
  checkNumbers(query);
  checkParts({ parent, query }, leaves);
  checkNegations(query, leaves);
  checkDisjunctions(query);
}

function checkSource(parent: string, query: StructuredQuery): void {
  checkParent(parent);
  const { collectionId } = sourceOf(query);
  if (collectionId !== '') checkCollectionId(collectionId);
}

/** Every branch says how it joins, every comparison what it compares. */
function checkFilter(filter: Filter | undefined): void {
  if (!filter) return;
  if (filter.filterType === undefined) throw failure('INVALID_ARGUMENT', 'A filter has no type.');
  if (filter.filterType !== 'compositeFilter') return;
  const { op, filters = [] } = filter.compositeFilter;
  if (op !== 'AND' && op !== 'OR') {
    throw failure('INVALID_ARGUMENT', 'Unsupported CompositeFilter operator.');
  }
  filters.forEach(checkFilter);
}

function checkLeaf(leaf: Leaf): void {
  if (leaf.fieldPath !== NAME_FIELD) parseFieldPath(leaf.fieldPath);
  if (leaf.isUnary) return;
  const operands = leaf.op in MAX_OPERANDS ? checkedOperands(leaf) : [leaf.value];
  if (operands.some((operand) => operand?.valueType === undefined)) {
    throw failure('INVALID_ARGUMENT', 'Cannot convert firestore.v1.Value with type unset.');
  }
  if (leaf.fieldPath === NAME_FIELD) checkNameOperands(leaf, operands);
}

function checkedOperands(leaf: Leaf): Value[] {
  const operands = operandsOf(leaf);
  const most = MAX_OPERANDS[leaf.op] ?? 0;
  if (operands.length === 0) {
    throw failure('INVALID_ARGUMENT', `'${leaf.op}' requires an non-empty ArrayValue.`);
  }
  if (operands.length > most) {
    throw failure('INVALID_ARGUMENT', `'${leaf.op}' supports up to ${most} comparison values.`);
  }
  return operands;
}

function checkNameOperands({ op }: Leaf, operands: readonly (Value | undefined)[]): void {
  if (!NAME_OPERATORS.has(op))
    throw failure('INVALID_ARGUMENT', `${NAME_FIELD} cannot be compared by ${op}.`);
  if (operands.some((operand) => operand?.valueType !== 'referenceValue')) {
    throw failure('INVALID_ARGUMENT', `${NAME_FIELD} filter value must be a document reference.`);
  }
}

function checkOrders({ orderBy = [], startAt, endAt, select }: StructuredQuery): void {
  const fields = orderBy.map(({ field }) => field?.fieldPath ?? '');
  for (const [index, field] of fields.entries()) {
    if (fields.indexOf(field) < index) {
      throw failure('INVALID_ARGUMENT', `order by clause cannot contain duplicate fields ${field}`);
    }
    if (field !== NAME_FIELD) parseFieldPath(field);
    else if (index < fields.length - 1) {
      throw failure('INVALID_ARGUMENT', 'order by clause cannot contain more fields after the key');
    }
  }
  for (const cursor of [startAt, endAt]) {
    if ((cursor?.values?.length ?? 0) > orderBy.length) {
      throw failure('INVALID_ARGUMENT', 'Cursor has too many values.');
    }
  }
  for (const { fieldPath } of select?.fields ?? []) if (fieldPath !== NAME_FIELD) parseFieldPath(fieldPath);
}

function checkNumbers({ limit, offset }: StructuredQuery): void {
  if ((limit?.value ?? 0) < 0) throw failure('INVALID_ARGUMENT', 'limit is negative');
  if ((offset ?? 0) < 0) throw failure('INVALID_ARGUMENT', 'offset is negative');
}

function checkParts({ parent, query }: PlacedQuery, leaves: Leaf[]): void {
  const orders = query.orderBy?.length ?? 0;
  const ancestors = pathOf(parent).length > 0 ? 1 : 0;
  if (leaves.length + orders + ancestors > MAX_PARTS) {
    throw failure(
      'INVALID_ARGUMENT',
      `The query may not have more than ${MAX_PARTS} filters + sort orders + ancestor total. ` +
        `Currently there are ${leaves.length} filters, ${orders} sort orders, and ${ancestors ? 'an' : 'no'} ancestor filter.`,
    );
  }
  const fields = new Set(leaves.filter(isInequality).map(({ fieldPath }) => fieldPath));
  if (fields.size > MAX_INEQUALITY_FIELDS) {
    throw failure(
      'INVALID_ARGUMENT',
      `The query contains ${fields.size} distinct inequality fields: [${[...fields].join(', ')}]. ` +
        `A query may not have more than ${MAX_INEQUALITY_FIELDS} distinct inequality fields.`,
    );
  }
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
  const count = countDisjunctions(query.where);
  if (count > MAX_DISJUNCTIONS) {
    throw failure(
      'INVALID_ARGUMENT',
      `Too many disjunctions after normalization. Result had ${count} disjunctions which is more ` +
        `than the maximum of ${MAX_DISJUNCTIONS}`,
    );
  }
  const contains = (leaves: Leaf[]) => leaves.filter(({ op }) => op === 'ARRAY_CONTAINS').length;
  if (disjunctionsOf(query.where).some((leaves) => contains(leaves) > 1)) {
    throw failure('INVALID_ARGUMENT', "A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
  }
}

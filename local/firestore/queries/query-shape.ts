/** What a query asks for, in the form in which its rules, its execution and its index needs are all judged. */

import { failure } from '../values/failure.ts';
import { NAME_FIELD } from '../values/field-path.ts';
import type {
  Direction,
  FieldOperator,
  Filter,
  StructuredQuery,
  UnaryOperator,
  Value,
} from '../values/messages.ts';
import { compareStrings } from '../values/strings.ts';

export interface Order {
  fieldPath: string;
  direction: Direction;
}

/** One comparison of a filter tree. */
export interface Leaf {
  fieldPath: string;
  op: FieldOperator | UnaryOperator;
  /** A test that has no operand, such as IS_NULL. */
  isUnary: boolean;
  value?: Value | undefined;
}

/** Comparisons that a query orders by, because an index has to be walked along them. */
const INEQUALITIES = new Set<Leaf['op']>([
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'NOT_EQUAL',
  'NOT_IN',
  'IS_NOT_NULL',
  'IS_NOT_NAN',
]);

export function isInequality({ op }: Leaf): boolean {
  return INEQUALITIES.has(op);
}

export function leavesOf(filter: Filter | undefined): Leaf[] {
  if (!filter) return [];
  if (filter.filterType === 'compositeFilter')
    return (filter.compositeFilter.filters ?? []).flatMap(leavesOf);
  if (filter.filterType === 'unaryFilter') {
    return [
      { fieldPath: filter.unaryFilter.field?.fieldPath ?? '', op: filter.unaryFilter.op, isUnary: true },
    ];
  }
  const { field, op, value } = filter.fieldFilter;
  return [{ fieldPath: field?.fieldPath ?? '', op, value, isUnary: false }];
}

/** How many alternatives `disjunctionsOf` would give, without making them. */
export function countDisjunctions(filter: Filter | undefined): number {
  if (!filter) return 1;
  if (filter.filterType !== 'compositeFilter') {
    return leavesOf(filter).reduce(
      (sum, leaf) => sum + (isListOfAlternatives(leaf) ? operandsOf(leaf).length : 1),
      0,
    );
  }
  const counts = (filter.compositeFilter.filters ?? []).map(countDisjunctions);
  return filter.compositeFilter.op === 'OR'
    ? counts.reduce((sum, count) => sum + count, 0)
    : counts.reduce((product, count) => product * count, 1);
}

function isListOfAlternatives({ op }: Leaf): boolean {
  return op === 'IN' || op === 'ARRAY_CONTAINS_ANY';
}

/** An OR of ANDs. IN and ARRAY_CONTAINS_ANY count as one alternative per operand, as Firestore counts them. */
export function disjunctionsOf(filter: Filter | undefined): Leaf[][] {
  if (!filter) return [[]];
  if (filter.filterType !== 'compositeFilter') return leavesOf(filter).flatMap(alternativesOf);
  const parts = (filter.compositeFilter.filters ?? []).map(disjunctionsOf);
  if (filter.compositeFilter.op === 'OR') return parts.flat();
  return parts.reduce<Leaf[][]>(
    (all, part) => all.flatMap((left) => part.map((right) => [...left, ...right])),
    [[]],
  );
}

function alternativesOf(leaf: Leaf): Leaf[][] {
  if (!isListOfAlternatives(leaf)) return [[leaf]];
  const op = leaf.op === 'IN' ? 'EQUAL' : 'ARRAY_CONTAINS';
  return operandsOf(leaf).map((value) => [{ ...leaf, op, value }]);
}

export function operandsOf({ value }: Leaf): Value[] {
  return value?.valueType === 'arrayValue' ? (value.arrayValue.values ?? []) : [];
}

/**
 * The complete order: as asked, then the other inequality fields by name, then the document name,
 * each in the direction of the last one asked for.
 * Source: StructuredQuery.order_by in googleapis google/firestore/v1/query.proto.
 */
export function completeOrder(query: StructuredQuery): Order[] {
  const asked = (query.orderBy ?? []).map(({ field, direction = 'ASCENDING' }) => ({
    fieldPath: field.fieldPath,
    direction,
  }));
  const direction = asked.at(-1)?.direction ?? 'ASCENDING';
  const implied = leavesOf(query.where)
    .filter(isInequality)
    .map(({ fieldPath }) => fieldPath)
    .filter((fieldPath) => fieldPath !== NAME_FIELD)
    .sort(compareStrings);
  const orders = new Map<string, Order>(asked.map((order) => [order.fieldPath, order]));
  for (const fieldPath of [...implied, NAME_FIELD]) {
    if (orders.has(NAME_FIELD) || orders.has(fieldPath)) continue;
    orders.set(fieldPath, { fieldPath, direction });
  }
  return [...orders.values()];
}

/** The one collection that a query reads; no id means every collection at that place. */
export function sourceOf(query: StructuredQuery): { collectionId: string; allDescendants: boolean } {
  if ((query.from?.length ?? 0) > 1)
    throw failure('INVALID_ARGUMENT', 'A query reads at most one collection.');
  const { collectionId = '', allDescendants = false } = query.from?.[0] ?? {};
  return { collectionId, allDescendants };
}

/**
 * Which queries need an index that somebody has to declare.
 * https://firebase.google.com/docs/firestore/query-data/index-overview
 * Where Google's pages leave room, this is the stricter reading: what passes here is meant to pass in production.
 */

import { failure } from '../values/failure.ts';
import { NAME_FIELD } from '../values/field-path.ts';
import type { Aggregation } from '../values/messages.ts';
import { databaseOf } from '../values/names.ts';
import { aggregatedFields } from './aggregate.ts';
import { type IndexDefinition, type IndexField, withName } from './index-definition.ts';
import { missingIndexMessage } from './index-link.ts';
import type { PlacedQuery } from './query.ts';
import { checkQuery } from './query-rules.ts';
import {
  completeOrder,
  disjunctionsOf,
  isInequality,
  type Leaf,
  type Order,
  sourceOf,
} from './query-shape.ts';

/** Fails unless Firestore would serve the query. */
export type QueryGuard = (placed: PlacedQuery, aggregations?: readonly Aggregation[]) => void;

/** The rules of queries, and when `indexes` is given also the need of an index. */
export function createQueryGuard(indexes: readonly IndexDefinition[] | undefined): QueryGuard {
  return (placed, aggregations = []) => {
    checkQuery(placed);
    if (!indexes) return;
    const { parent, query } = placed;
    const { collectionId, allDescendants } = sourceOf(query);
    const scope = allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION';
    const usable = indexes.filter(
      (index) => index.collection === collectionId && (index.scope ?? 'COLLECTION') === scope,
    );
    const orders = withAggregated(completeOrder(query), aggregations);
    for (const leaves of disjunctionsOf(query.where)) {
      const need = needOf(leaves, orders);
      if (isAutomatic(need, scope) || isServed(need, usable)) continue;
      const index = { collection: collectionId, scope, fields: fieldsOf(need) } as const;
      throw failure('FAILED_PRECONDITION', missingIndexMessage({ database: databaseOf(parent), index }));
    }
  };
}

/** What one alternative of a query asks of an index: fields fixed to a value, then an order. */
interface Need {
  fixed: { path: string; contains: boolean }[];
  order: Order[];
}

function needOf(leaves: Leaf[], orders: Order[]): Need {
  const fixed = new Map<string, Need['fixed'][number]>();
  for (const leaf of leaves) {
    if (isInequality(leaf) || leaf.fieldPath === NAME_FIELD) continue;
    const contains = leaf.op === 'ARRAY_CONTAINS';
    fixed.set(`${contains} ${leaf.fieldPath}`, { path: leaf.fieldPath, contains });
  }
  return {
    fixed: [...fixed.values()],
    order: orders.filter(({ fieldPath }) => !fixed.has(`false ${fieldPath}`)),
  };
}

/** Sums and averages read their fields from the index too. */
function withAggregated(orders: Order[], aggregations: readonly Aggregation[]): Order[] {
  const ordered = new Set(orders.map(({ fieldPath }) => fieldPath));
  const extra = [...new Set(aggregatedFields(aggregations))].filter((path) => !ordered.has(path));
  const name = orders.filter(({ fieldPath }) => fieldPath === NAME_FIELD);
  const others = orders.filter(({ fieldPath }) => fieldPath !== NAME_FIELD);
  const direction = name[0]?.direction ?? 'ASCENDING';
  return [...others, ...extra.map((fieldPath) => ({ fieldPath, direction })), ...name];
}

/** Every collection has a single-field index of each field in both directions and by array element, and merges those of equalities. */
function isAutomatic({ fixed, order }: Need, scope: string): boolean {
  const [first, second] = order;
  const byNameOnly = order.length <= 1;
  if (fixed.length === 0 && byNameOnly) return first?.direction !== 'DESCENDING';
  if (scope === 'COLLECTION_GROUP') return false;
  if (byNameOnly) {
    // Firebase's own notes ask for a composite index when array-contains meets an equality.
    return fixed.length === 1 || fixed.every(({ contains }) => !contains);
  }
  return fixed.length === 0 && order.length === 2 && first?.direction === second?.direction;
}

/** Indexes that end in the wanted order can be merged, as long as together they fix every field. */
function isServed(need: Need, indexes: readonly IndexDefinition[]): boolean {
  const fixedBy = indexes.map((index) => fieldsFixedBy(need, withName(index.fields)));
  const covered = new Set(fixedBy.flatMap((keys) => keys ?? []));
  return fixedBy.some((keys) => keys !== undefined) && need.fixed.every((field) => covered.has(keyOf(field)));
}

const keyOf = ({ path, contains }: Need['fixed'][number]) => `${contains} ${path}`;

/** The fixed fields at the head of an index whose tail is the wanted order; undefined when it is of no use. */
function fieldsFixedBy(need: Need, fields: readonly IndexField[]): string[] | undefined {
  const byName = need.order.length <= 1;
  const order = byName ? [] : need.order;
  const tail = fields.slice(fields.length - (byName ? 1 : order.length));
  const head = fields.slice(0, fields.length - tail.length);
  const isOrdered = order.every(
    ({ fieldPath, direction }, at) => tail[at]?.path === fieldPath && tail[at]?.order === direction,
  );
  const wanted = new Set(need.fixed.map(keyOf));
  const keys = head.map(({ path, order }) => keyOf({ path, contains: order === 'CONTAINS' }));
  return isOrdered && keys.every((key) => wanted.has(key)) ? keys : undefined;
}

/** An index that would serve the need: its equalities in the order of the query, which does not matter, then its order. */
function fieldsOf({ fixed, order }: Need): IndexField[] {
  return [
    ...fixed.map(({ path, contains }) => ({ path, order: contains ? 'CONTAINS' : 'ASCENDING' }) as const),
    ...order.map(({ fieldPath, direction }) => ({ path: fieldPath, order: direction })),
  ];
}

import { parseMask, project } from '../values/field-path.ts';
import type { Cursor, DocumentMessage, StructuredQuery, Value } from '../values/messages.ts';
import { idOf } from '../values/names.ts';
import type { Collections, StoredDocument } from '../values/stored-document.ts';
import { toTimestamp } from '../values/timestamps.ts';
import { compareValues } from '../values/values.ts';
import { compileFilter, fieldReader } from './filters.ts';
import { completeOrder, type Order, sourceOf } from './query-shape.ts';

/** A query over the collections below `parent`, a document's name or `.../documents`. */
export interface PlacedQuery {
  parent: string;
  query: StructuredQuery;
}

/** A document and its values in the order of the query. */
interface Ranked {
  document: StoredDocument;
  keys: Value[];
}

/** The documents that answer a query, in its order; cursors, offset and limit applied. */
export function runQuery(collections: Collections, { parent, query }: PlacedQuery): StoredDocument[] {
  const orders = completeOrder(query);
  const matches = compileFilter(query.where);
  const inSource = sourceTest({ parent, query });
  const candidates = [...collections]
    .filter(([name]) => inSource(name))
    .flatMap(([, documents]) => [...documents.values()].filter(matches));
  const ranked = rank(candidates, orders).filter(betweenCursors(query, orders));
  ranked.sort((left, right) => compareKeys(left.keys, right.keys, orders));
  const from = query.offset ?? 0;
  const to = query.limit ? from + (query.limit.value ?? 0) : undefined;
  return ranked.slice(from, to).map(({ document }) => document);
}

/** Whether a collection, by full name, is one that the query reads. */
export function sourceTest({ parent, query }: PlacedQuery): (collection: string) => boolean {
  const { collectionId, allDescendants } = sourceOf(query);
  const prefix = `${parent}/`;
  if (!allDescendants && collectionId !== '') return (collection) => collection === prefix + collectionId;
  return (collection) =>
    collection.startsWith(prefix) &&
    (collectionId === '' || idOf(collection) === collectionId) &&
    (allDescendants || !collection.slice(prefix.length).includes('/'));
}

/** A document that lacks a field of the order is not in the result. */
function rank(documents: StoredDocument[], orders: Order[]): Ranked[] {
  const readers = orders.map(({ fieldPath }) => fieldReader(fieldPath));
  return documents.flatMap((document) => {
    const keys = readers.map((read) => read(document));
    return keys.every((key) => key !== undefined) ? [{ document, keys }] : [];
  });
}

/** Compares as far as both sides go: a cursor may name only the first fields. */
function compareKeys(left: Value[], right: Value[], orders: Order[]): number {
  for (const [index, { direction }] of orders.entries()) {
    const a = left[index];
    const b = right[index];
    if (a === undefined || b === undefined) return 0;
    const order = compareValues(a, b);
    if (order !== 0) return direction === 'DESCENDING' ? -order : order;
  }
  return 0;
}

function betweenCursors(query: StructuredQuery, orders: Order[]): (ranked: Ranked) => boolean {
  const against = (cursor: Cursor, { keys }: Ranked) => compareKeys(keys, cursor.values ?? [], orders);
  const { startAt, endAt } = query;
  return (ranked) => {
    const start = startAt ? against(startAt, ranked) : 1;
    if (start < 0 || (start === 0 && !startAt?.before)) return false;
    const end = endAt ? against(endAt, ranked) : -1;
    return end < 0 || (end === 0 && !endAt?.before);
  };
}

/** A stored document as a message, cut down to the paths when a mask or projection is given. */
export function documentMessage(document: StoredDocument, paths?: readonly string[]): DocumentMessage {
  return {
    name: document.name,
    fields: paths ? project(document.fields, parseMask(paths)) : document.fields,
    createTime: toTimestamp(document.createMicros),
    updateTime: toTimestamp(document.updateMicros),
  };
}

/** The paths that a query selects; undefined for whole documents. */
export function selectedPaths({ select }: StructuredQuery): string[] | undefined {
  return select?.fields?.map(({ fieldPath }) => fieldPath);
}

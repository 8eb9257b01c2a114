import { createHash } from 'node:crypto';
import { invalid } from './api-error.ts';
import { compileListFilter, type FilterFields } from './filter.ts';
import { type JsonObject, present, queryParameter, toSnake, unlessEmpty } from './json.ts';

/** How one collection is listed. */
export interface Listing<T> {
  fields: FilterFields<T>;
  /** Fields that `orderBy` may name, in snake_case; all of them text that sorts as it reads. */
  orderFields: readonly string[];
  defaultOrder: string;
  /** Items of a page that nobody gave a size; 100 where Google's pages say nothing. */
  defaultPageSize?: number;
}

export interface ResourcePage<T> {
  items: T[];
  nextPageToken?: string | undefined;
}

/** Google's pages give numbers for TensorBoard's collections only (50 and 1000); for the others these are a choice. */
const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

interface Cursor {
  /** What the pages before were asked with; a token belongs to its query. */
  query: string;
  offsetKey: [key: string, name: string];
}

/** One page of what `filter`, `orderBy`, `pageSize` and `pageToken` ask for. */
export function listPage<T extends { name: string }>(
  items: T[],
  query: URLSearchParams,
  listing: Listing<T>,
): ResourcePage<T> {
  const filter = queryParameter(query, 'filter') ?? '';
  const orderBy = queryParameter(query, 'orderBy') || listing.defaultOrder;
  const { field, isDescending } = readOrder(orderBy, listing.orderFields);
  const keyOf = (item: T): Cursor['offsetKey'] => [String(listing.fields[field]?.(item) ?? ''), item.name];
  const compare = (a: Cursor['offsetKey'], b: Cursor['offsetKey']) =>
    (compareText(a[0], b[0]) || compareText(a[1], b[1])) * (isDescending ? -1 : 1);

  const fingerprint = createHash('sha256')
    .update(JSON.stringify([filter, orderBy]))
    .digest('base64url');
  const after = readToken(queryParameter(query, 'pageToken'), fingerprint);
  const rest = items
    .filter(compileListFilter(filter, listing.fields))
    .filter((item) => !after || compare(keyOf(item), after) > 0)
    .sort((a, b) => compare(keyOf(a), keyOf(b)));

  const page = rest.slice(0, readPageSize(queryParameter(query, 'pageSize'), listing));
  const last = page.at(-1);
  if (!last || rest.length === page.length) return { items: page };
  const cursor: Cursor = { query: fingerprint, offsetKey: keyOf(last) };
  return {
    items: page,
    nextPageToken: Buffer.from(JSON.stringify(cursor)).toString('base64url'),
  };
}

/** The answer of a list method: the items below the collection that the request names, under the collection's key. */
export function listAnswer<T extends { name: string } & JsonObject>(
  { name, query }: { name: string; query: URLSearchParams },
  key: string,
  { all, listing }: { all: T[]; listing: Listing<T> },
): JsonObject {
  const below = all.filter((item) => item.name.startsWith(`${name}/`));
  const { items, nextPageToken } = listPage(below, query, listing);
  const readMask = queryParameter(query, 'readMask');
  const views = items.map((item) => applyReadMask(item, readMask));
  return present({ [key]: unlessEmpty(views), nextPageToken });
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function readOrder(orderBy: string, allowed: readonly string[]): { field: string; isDescending: boolean } {
  const match = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(orderBy);
  const field = toSnake(match?.[1] ?? '');
  if (!allowed.includes(field)) throw invalid(`Invalid order_by: ${orderBy}.`);
  return { field, isDescending: match?.[2]?.toLowerCase() === 'desc' };
}

function readPageSize(
  text: string | undefined,
  { defaultPageSize = DEFAULT_PAGE_SIZE }: { defaultPageSize?: number },
): number {
  const size = Number(text || 0);
  if (!Number.isInteger(size) || size < 0) throw invalid(`Invalid page_size: ${text}.`);
  return size === 0 ? defaultPageSize : Math.min(size, MAX_PAGE_SIZE);
}

function readToken(token: string | undefined, fingerprint: string): Cursor['offsetKey'] | undefined {
  if (!token) return undefined;
  try {
    const cursor: Cursor = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (cursor.query === fingerprint) return cursor.offsetKey;
  } catch {
    // Not one of ours; refused below like one of another query.
  }
  throw invalid('Invalid page_token.');
}

/** Keeps the fields that `readMask` names (comma-separated, either spelling, `*` for all); a nested path keeps its whole field. */
export function applyReadMask(view: JsonObject, readMask: string | undefined): JsonObject {
  if (!readMask || readMask.trim() === '*') return view;
  const wanted = readMask.split(',').map((path) => toSnake(path.trim()).split('.')[0] ?? '');
  return Object.fromEntries(Object.entries(view).filter(([key]) => wanted.includes(toSnake(key))));
}

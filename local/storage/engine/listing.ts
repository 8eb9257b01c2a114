/** `objects.list`: names in UTF-8 order, rolled up at a delimiter. https://cloud.google.com/storage/docs/json_api/v1/objects/list */

import type { StoredObject } from './object.ts';

/** Google's: a page has no more. */
export const MAX_RESULTS = 1000;
const BATCH = 200;
/** Sorts behind every name with the same beginning. */
const LAST_CHARACTER = '\u{10FFFF}';

export interface ListQuery {
  prefix: string;
  delimiter: string;
  startOffset: string;
  endOffset: string | undefined;
  maxResults: number;
  includeTrailingDelimiter: boolean;
  matchGlob: RegExp | undefined;
}

export interface ListPage {
  items: StoredObject[];
  prefixes: string[];
  /** The name at which the next page begins. */
  next?: string;
}

/** At most `limit` objects of a bucket from this name on, in order. */
type ObjectsFrom = (name: string, limit: number) => StoredObject[];

/** One page. */
export function listObjects(objectsFrom: ObjectsFrom, query: ListQuery): ListPage {
  const page: ListPage = { items: [], prefixes: [] };
  const firstFrom = objectWalker(objectsFrom);
  let object = firstFrom(laterOf(query.startOffset, query.prefix));
  while (object && isInside(object.name, query)) {
    if (page.items.length + page.prefixes.length >= query.maxResults) {
      page.next = object.name;
      break;
    }
    const group = groupOf(object.name, query);
    const isItem = group === undefined || (group === object.name && query.includeTrailingDelimiter);
    if (isItem && matches(object.name, query)) page.items.push(object);
    if (group !== undefined && matches(group, query)) page.prefixes.push(group);
    object = firstFrom(group === undefined ? `${object.name}\0` : `${group}${LAST_CHARACTER}`);
  }
  return page;
}

/** Finds the first object at or behind a name, reading ahead so that a plain walk costs one query for many names. */
function objectWalker(objectsFrom: ObjectsFrom) {
  let ahead: StoredObject[] = [];
  return (name: string): StoredObject | undefined => {
    ahead = ahead.slice(ahead.findIndex((object) => compareNames(object.name, name) >= 0));
    const first = ahead[0];
    if (!first || compareNames(first.name, name) < 0) ahead = objectsFrom(name, BATCH);
    return ahead[0];
  };
}

function isInside(name: string, { prefix, endOffset }: ListQuery): boolean {
  return name.startsWith(prefix) && (endOffset === undefined || compareNames(name, endOffset) < 0);
}

function groupOf(name: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === '') return undefined;
  const end = name.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : name.slice(0, end + delimiter.length);
}

/** A prefix matches with its delimiter or without: whether Google's does so is not documented. */
function matches(name: string, { matchGlob, delimiter }: ListQuery): boolean {
  if (!matchGlob || matchGlob.test(name)) return true;
  return delimiter !== '' && name.endsWith(delimiter) && matchGlob.test(name.slice(0, -delimiter.length));
}

const laterOf = (one: string, other: string): string => (compareNames(one, other) > 0 ? one : other);

/** By UTF-8 bytes; comparing JavaScript strings would order by UTF-16 units. */
function compareNames(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

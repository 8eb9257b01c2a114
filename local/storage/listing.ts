/** `objects.list`: names in UTF-8 order, rolled up at a delimiter. https://cloud.google.com/storage/docs/json_api/v1/objects/list */

import { apiError } from './api-error.ts';
import type { Catalog } from './catalog.ts';
import type { StoredObject } from './resource.ts';

const MAX_RESULTS = 1000;
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
}

export interface Page {
  items: StoredObject[];
  prefixes: string[];
  nextPageToken?: string;
}

export function parseListQuery(query: URLSearchParams): ListQuery {
  const maxResults = Number(query.get('maxResults') ?? MAX_RESULTS);
  if (!Number.isInteger(maxResults) || maxResults < 0) throw apiError(400, 'Invalid value for: maxResults');
  const token = query.get('pageToken');
  const startOffset = query.get('startOffset') ?? '';
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    startOffset: token === null ? startOffset : Buffer.from(token, 'base64url').toString(),
    endOffset: query.get('endOffset') || undefined,
    maxResults: maxResults === 0 ? MAX_RESULTS : Math.min(maxResults, MAX_RESULTS),
    includeTrailingDelimiter: query.get('includeTrailingDelimiter') === 'true',
  };
}

/** One page. A page token is the name at which the next page begins. */
export function listObjects(catalog: Catalog, bucket: string, query: ListQuery): Page {
  const page: Page = { items: [], prefixes: [] };
  const namesFrom = objectWalker(catalog, bucket);
  let object = namesFrom(laterOf(query.startOffset, query.prefix));
  while (object && isInside(object.name, query)) {
    if (page.items.length + page.prefixes.length === query.maxResults) {
      page.nextPageToken = Buffer.from(object.name).toString('base64url');
      break;
    }
    const group = groupOf(object.name, query);
    if (group === undefined || (group === object.name && query.includeTrailingDelimiter)) {
      page.items.push(object);
    }
    if (group !== undefined) page.prefixes.push(group);
    object = namesFrom(group === undefined ? `${object.name}\0` : `${group}${LAST_CHARACTER}`);
  }
  return page;
}

/** Finds the first object at or behind a name, reading ahead so that a plain walk costs one query for many names. */
function objectWalker(catalog: Catalog, bucket: string) {
  let ahead: StoredObject[] = [];
  return (name: string): StoredObject | undefined => {
    ahead = ahead.slice(ahead.findIndex((object) => compareNames(object.name, name) >= 0));
    const first = ahead[0];
    if (!first || compareNames(first.name, name) < 0) ahead = catalog.objectsFrom(bucket, name, BATCH);
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

const laterOf = (one: string, other: string): string => (compareNames(one, other) > 0 ? one : other);

/** By UTF-8 bytes; comparing JavaScript strings would order by UTF-16 units. */
function compareNames(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** What requests say in their query. */

import { apiError, noSuchObject } from '../api-error.ts';
import { parseGlob } from '../engine/glob.ts';
import { type ListQuery, MAX_RESULTS } from '../engine/listing.ts';
import type { StoredObject } from '../engine/object.ts';
import { CONDITIONS, type Preconditions } from '../engine/preconditions.ts';

/** The preconditions; `prefix` is `ifSource` for those on the source of a copy. */
export function parsePreconditions(query: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Preconditions {
  const found: Preconditions = {};
  for (const condition of CONDITIONS) {
    const value = query.get(condition.replace(/^if/, prefix));
    if (value === null) continue;
    if (!/^\d+$/.test(value)) throw apiError(400, `Invalid value for: ${condition}`);
    found[condition] = value;
  }
  return found;
}

/** Only the live generation exists: any other pinned one is 404. `parameter` is `sourceGeneration` for copies. */
export function checkGeneration(
  object: StoredObject,
  query: URLSearchParams,
  parameter = 'generation',
): void {
  const pinned = query.get(parameter);
  if (pinned !== null && pinned !== String(object.generation)) throw noSuchObject(object.bucket, object.name);
}

/** How many results a page may have: at most 1,000, and so many where nothing is said. */
export function parseMaxResults(query: URLSearchParams): number {
  const maxResults = Number(query.get('maxResults') ?? MAX_RESULTS);
  if (!Number.isInteger(maxResults) || maxResults < 0) throw apiError(400, 'Invalid value for: maxResults');
  return maxResults === 0 ? MAX_RESULTS : Math.min(maxResults, MAX_RESULTS);
}

/** A page token is the name at which the next page begins. */
export const pageTokenOf = (name: string): string => Buffer.from(name).toString('base64url');

export function parsePageToken(query: URLSearchParams): string | undefined {
  const token = query.get('pageToken');
  return token ? Buffer.from(token, 'base64url').toString() : undefined;
}

export function parseListQuery(query: URLSearchParams): ListQuery {
  const glob = query.get('matchGlob');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    startOffset: parsePageToken(query) ?? query.get('startOffset') ?? '',
    endOffset: query.get('endOffset') || undefined,
    maxResults: parseMaxResults(query),
    includeTrailingDelimiter: query.get('includeTrailingDelimiter')?.toLowerCase() === 'true',
    matchGlob: glob ? parseGlob(glob) : undefined,
  };
}

import { failure } from '../values/failure.ts';

/** What a list request says of its pages. */
export interface PageRequest {
  pageSize?: number;
  pageToken?: string;
}

const DEFAULT_PAGE = 300;

/** How many items the page holds at most. */
export function pageSizeOf({ pageSize = 0 }: PageRequest): number {
  if (pageSize < 0) throw failure('INVALID_ARGUMENT', 'Page size must be nonnegative.');
  return pageSize || DEFAULT_PAGE;
}

/** What an earlier page ended with; undefined for the first page. A position would skip what is deleted in between. */
export function lastOf({ pageToken = '' }: PageRequest): Buffer | undefined {
  if (pageToken === '') return undefined;
  const last = Buffer.from(pageToken, 'base64url');
  if (last.length === 0 || last.toString('base64url') !== pageToken) throw invalidToken();
  return last;
}

export function invalidToken() {
  return failure('INVALID_ARGUMENT', 'invalid page token');
}

/** The first page of what is left, and the token for the next; `markOf` is what `lastOf` gives back. */
export function cutPage<T>(left: readonly T[], size: number, markOf: (item: T) => Buffer) {
  const items = left.slice(0, size);
  const last = items.at(-1);
  const nextPageToken = left.length > size && last !== undefined ? markOf(last).toString('base64url') : '';
  return { items, nextPageToken };
}

/** What a request to an upload session says of its bytes. https://cloud.google.com/storage/docs/performing-resumable-uploads#chunked-upload */

import { apiError, uploadError } from '../../api-error.ts';

/** A chunk that is not the last has at least so many bytes, and of any more only whole units are kept. */
export const CHUNK_UNIT = 256 * 1024;

export interface ContentRange {
  /** Where the bytes belong; undefined asks how far the upload is. */
  start: number | undefined;
  /** How many bytes come; undefined where they go on to the end of the object (`0-*`). */
  length: number | undefined;
  /** Size of the whole object; undefined as long as the client does not know. */
  total: number | undefined;
}

/** `bytes 0-99/200`, `bytes 0-99/*`, `bytes 0-*` with either end, `bytes *` with either end. No header: the whole object. */
export function parseContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0, length: undefined, total: undefined };
  // Node's client writes `0--1` for an empty last chunk.
  const found = /^bytes (?:(\d+)-(-?\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim());
  if (!found) throw uploadError(400, 'Failed to parse Content-Range header.');
  const [, first, last, size] = found;
  const start = first === undefined ? undefined : Number(first);
  const length = start === undefined || last === '*' ? undefined : Number(last) - start + 1;
  return { start, length, total: size === '*' ? undefined : Number(size) };
}

/** True when the bytes of this request are the last ones. */
export function isLast({ start = 0, length, total }: ContentRange): boolean {
  return length === undefined || start + length === total;
}

/**
 * Throws what Google answers to a chunk that cannot be right, before a byte of it is read: the texts are Google's own, seen from
 * production (github.com/fsouza/fake-gcs-server/issues/1080, github.com/firebase/firebase-tools/pull/10325).
 */
export function checkChunk(range: ContentRange, received: number, contentLength: number | undefined): void {
  const { start = 0, length, total } = range;
  if (start > received) {
    throw uploadError(
      503,
      `Invalid request.  According to the Content-Range header, the upload offset is ${start} byte(s), which exceeds already uploaded size of ${received} byte(s).`,
    );
  }
  if (length === undefined) return;
  if (total !== undefined && start + length > total) throw apiError(400, 'The chunk ends behind the object.');
  if (contentLength !== undefined) checkLength(range, contentLength);
  if (!isLast(range) && length < CHUNK_UNIT) {
    throw uploadError(
      400,
      `Invalid request.  The number of bytes uploaded is required to be equal or greater than ${CHUNK_UNIT}, except for the final request (it's recommended to be the exact multiple of ${CHUNK_UNIT}).  The received request contained ${length} bytes, which does not meet this requirement.`,
    );
  }
}

/** Throws when not so many bytes came as the header says. */
export function checkLength({ start = 0, length }: ContentRange, came: number): void {
  if (length === undefined || length === came) return;
  throw uploadError(
    400,
    `Invalid request.  There were ${came} byte(s) in the request body.  There should have been ${length} byte(s) (starting at offset ${start} and ending at offset ${start + length - 1}) according to the Content-Range header.`,
  );
}

import { posix } from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.html': 'text/html',
};

/** The content type of a file that somebody puts into a bucket by hand, from its ending. */
export function contentTypeOf(name: string): string {
  return CONTENT_TYPES[posix.extname(name).toLowerCase()] ?? 'application/octet-stream';
}

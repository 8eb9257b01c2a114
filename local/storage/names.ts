/**
 * Object names and file paths. A plain name IS the path below the bucket's folder, unchanged, so a person finds it.
 * A name that a file system cannot hold, would change, or that reads as a temporary file, lives in a hidden place instead.
 */

import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';

/** The service's own corner of a bucket's folder; starting with a dot, it can never be an object dropped by hand. */
export const HIDDEN_FOLDER = '.storage';

const MAX_NAME_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;
/** macOS stops at 1,024 bytes for the whole path, Linux at 4,096. */
const MAX_PATH_BYTES = 1000;

/** What is wrong with an object name, or undefined. https://cloud.google.com/storage/docs/objects#naming */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'Required';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `The object name is over ${MAX_NAME_BYTES} bytes.`;
  if (/[\r\n]/.test(name)) return 'The object name holds a line break.';
  if (name === '.' || name === '..') return 'The object name may not be "." or "..".';
  if (name.startsWith('.well-known/acme-challenge/')) return 'The object name uses a reserved prefix.';
  return undefined;
}

const TEMPORARY_ENDINGS = ['~', '.swp', '.part', '.tmp', '.crdownload'];

/** True when a file of this name is never an upload: hidden files, editors' and browsers' half-written files. */
export function isIgnored(path: string): boolean {
  return path
    .split('/')
    .some(
      (segment) =>
        segment.startsWith('.') ||
        segment.startsWith('~$') ||
        TEMPORARY_ENDINGS.some((ending) => segment.toLowerCase().endsWith(ending)),
    );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNWRITABLE = process.platform === 'win32' ? /[\x00-\x1f\x7f\\<>:"|?*]|[ .](\/|$)/ : /[\x00-\x1f\x7f\\]/;

/** True when the name can be a path below `root` that comes back unchanged on every file system. */
export function isPlainName(root: string, name: string): boolean {
  return (
    !isIgnored(name) &&
    !UNWRITABLE.test(name) &&
    name === name.normalize('NFC') &&
    Buffer.byteLength(root) + Buffer.byteLength(name) < MAX_PATH_BYTES &&
    name.split('/').every((segment) => segment.length > 0 && Buffer.byteLength(segment) <= MAX_SEGMENT_BYTES)
  );
}

/** Where an awkward name's bytes live. The name itself stays in the catalog. */
export function hiddenPath(name: string): string {
  return `${HIDDEN_FOLDER}/blobs/${createHash('sha256').update(name).digest('hex')}`;
}

const CONTENT_TYPES: Record<string, string> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.html': 'text/html',
};

/** The content type of a file dropped by hand, from its ending. */
export function contentTypeOf(path: string): string {
  return CONTENT_TYPES[extname(basename(path)).toLowerCase()] ?? 'application/octet-stream';
}

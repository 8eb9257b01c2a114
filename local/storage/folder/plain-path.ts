/**
 * Object names and file paths. A plain name IS the path below the bucket's folder, unchanged, so a person finds it. An object
 * whose name a file system cannot hold, would change, or that reads as a temporary file, has no file in the folder.
 */

/** The service's own corner of a bucket's folder; starting with a dot, it can never be an object dropped by hand. */
export const HIDDEN_FOLDER = '.storage';

const MAX_SEGMENT_BYTES = 255;
/** macOS stops at 1,024 bytes for the whole path, Linux at 4,096. */
const MAX_PATH_BYTES = 1000;

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

import { type Zippable, zipSync } from 'fflate';

const UNIX = 3;
const REGULAR_FILE = 0o100644 << 16;

/** A zip file whose bytes follow from the names and contents alone: not from their order, the time or the machine. */
export function createArchive(files: Record<string, Uint8Array>): Uint8Array {
  // The first moment that a zip file can name. It is written as local time, so read as local time too.
  const mtime = new Date(1980, 0, 1);
  const sorted: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    if (content) sorted[name] = [content, { mtime, os: UNIX, attrs: REGULAR_FILE, level: 9 }];
  }
  return zipSync(sorted);
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Harness } from '../contract/storage-harness.ts';

/** Files of every size that clients send in a way of its own, and names that are not English. */
export const TREE: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  kib: randomBytes(1024),
  '深い/日本語.bin': randomBytes(9 * 1024 * 1024),
  '深い/ファイル 1.txt': Buffer.from('hello\n'),
};

/** Writes the files below a new folder. */
export function writeTree(folder: string): string {
  for (const [name, bytes] of Object.entries(TREE)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');

/** The MD5 of every object in the bucket below the prefix, by the rest of its name. */
export async function storedTree(
  harness: Harness,
  bucket: string,
  prefix: string,
): Promise<Record<string, unknown>> {
  const [files] = await harness.client().bucket(bucket).getFiles({ prefix });
  return Object.fromEntries(files.map(({ name, metadata }) => [name.slice(prefix.length), metadata.md5Hash]));
}

/** What a bucket has that has the whole tree. */
export const WHOLE_TREE: Record<string, unknown> = Object.fromEntries(
  Object.entries(TREE).map(([name, bytes]) => [name, md5Of(bytes)]),
);

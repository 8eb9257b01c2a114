/** The bytes of uploads that are under way: one growing blob each, with its checksums so far. */

import { statSync, truncateSync, writeFileSync } from 'node:fs';
import type { Blobs } from '../../engine/blobs.ts';
import { type AllChecksums, createDigest, type Digest, digestFile } from '../../engine/digest.ts';
import { CHUNK_UNIT } from './content-range.ts';
import { appendTo } from './receive.ts';

export function createSessionBytes(blobs: Blobs) {
  /** Checksums of what came so far; after a restart they are read from the file instead. */
  const digests = new Map<string, Digest>();

  const received = (id: string): number => statSync(blobs.fileOf(id), { throwIfNoEntry: false })?.size ?? 0;

  /** The digest of exactly what is there. */
  const digestOf = (id: string): Digest | undefined => {
    const known = digests.get(id);
    return known?.size === received(id) ? known : undefined;
  };

  return {
    received,

    begin(id: string): void {
      writeFileSync(blobs.fileOf(id), '');
      digests.set(id, createDigest());
    },

    /** What came before a failure stays. */
    async append(id: string, body: AsyncIterable<Buffer>): Promise<void> {
      await appendTo(blobs.fileOf(id), body, digestOf(id) ?? createDigest());
    },

    /** Forgets what is more than whole units, as Google does before it says how far an upload is; gives how far it is. */
    keepUnits(id: string): number {
      const size = received(id);
      const kept = size - (size % CHUNK_UNIT);
      if (kept === size) return kept;
      truncateSync(blobs.fileOf(id), kept);
      digests.delete(id);
      return kept;
    },

    async checksums(id: string): Promise<AllChecksums> {
      return digestOf(id)?.finish() ?? (await digestFile(blobs.fileOf(id)));
    },

    /** The checksums of an upload that ended; its blob is somebody else's now. */
    forget: (id: string) => void digests.delete(id),

    /** An upload that will not end. */
    remove(id: string): void {
      digests.delete(id);
      blobs.remove(id);
    },
  };
}

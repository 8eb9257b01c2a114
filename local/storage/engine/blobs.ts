/** The bytes of objects: one file each, named by an id. A file that no object and no upload names is left over from a crash. */

import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Blobs = ReturnType<typeof openBlobs>;

/** Opens `<dataDir>/objects`, making it when it is not there. */
export function openBlobs(dataDir: string) {
  const folder = join(dataDir, 'objects');
  mkdirSync(folder, { recursive: true });
  const fileOf = (id: string) => join(folder, id);
  const remove = (id: string) => rmSync(fileOf(id), { force: true });
  return {
    fileOf,
    /** An id for a file that is to be written. */
    newId: (): string => randomUUID(),
    /** Takes the file away; whoever has it open reads it to its end. */
    remove,
    /** The same bytes under an id of their own, at no cost where the file system has hard links. */
    link(id: string): string {
      const copy = randomUUID();
      try {
        linkSync(fileOf(id), fileOf(copy));
      } catch {
        copyFileSync(fileOf(id), fileOf(copy), constants.COPYFILE_FICLONE);
      }
      return copy;
    },
    /** Removes every file that is none of these. */
    keepOnly(ids: ReadonlySet<string>) {
      for (const id of readdirSync(folder)) if (!ids.has(id)) remove(id);
    },
  };
}

/** The folders of all buckets that have one. */

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FolderOptions } from './folder.ts';
import { openFolder } from './folder.ts';
import { openLedgers } from './ledger.ts';

export interface FoldersOptions extends Omit<FolderOptions, 'bucket' | 'root' | 'ledger'> {
  dataDir: string;
  buckets: { name: string; folder: string }[];
}

/** Resolves once what changed while nobody watched is taken in. */
export async function openFolders({ dataDir, buckets, ...options }: FoldersOptions) {
  const ledgers = openLedgers(dataDir);
  const folders = buckets.map(({ name, folder }) => {
    const root = resolve(folder);
    mkdirSync(root, { recursive: true });
    return openFolder({ ...options, bucket: name, root, ledger: ledgers.of(name) });
  });
  const all = async (work: (folder: (typeof folders)[number]) => Promise<void>) =>
    void (await Promise.all(folders.map(work)));
  await all((folder) => folder.start());
  return {
    /** Compares now; resolves once every change found is taken in. */
    scan: () => all((folder) => folder.scan()),
    /** Takes no more from people; objects still become files until `end`. */
    close: () => all((folder) => folder.close()),
    /** Resolves once every object is a file. */
    async end(): Promise<void> {
      await all((folder) => folder.flush());
      ledgers.close();
    },
  };
}

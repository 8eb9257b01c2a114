/** Which buckets are open, in which folders, and the intake of each. */

import { join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { apiError } from './api-error.ts';
import type { Catalog } from './catalog.ts';
import { createIntake, type Intake } from './intake.ts';
import type { Store } from './store.ts';

interface BucketFoldersOptions {
  dataDir: string;
  catalog: Catalog;
  clock: Clock;
  settleMs: number;
  isWatched: boolean;
  log: (line: string) => void;
}

export type BucketFolders = ReturnType<typeof createBucketFolders>;

export function createBucketFolders({ dataDir, ...options }: BucketFoldersOptions) {
  const { catalog, clock } = options;
  const ownFolder = join(resolve(dataDir), 'buckets');
  const intakes = new Map<string, Intake>();
  let closed = false;

  const open = (store: Store, name: string, folder: string) => {
    catalog.putBucket({ name, folder: resolve(folder), createdMs: clock.now() });
    store.addBucket(name, resolve(folder));
  };

  const watch = async (store: Store, bucket: string) => {
    const intake = createIntake({ bucket, store, ...options });
    intakes.set(bucket, intake);
    await intake.start();
  };

  return {
    /** The configured buckets, and those made through the API before. */
    openAll(store: Store, configured: { name: string; folder: string }[]) {
      for (const { name, folder } of catalog.buckets()) {
        if (folder.startsWith(ownFolder)) open(store, name, folder);
        else catalog.removeBucket(name);
      }
      for (const { name, folder } of configured) open(store, name, folder);
    },

    watchAll: async (store: Store) =>
      void (await Promise.all(store.bucketNames().map((name) => watch(store, name)))),

    /** A new bucket gets a folder beside the catalog. */
    async add(store: Store, name: string) {
      open(store, name, join(ownFolder, name));
      await watch(store, name);
    },

    async remove(store: Store, name: string) {
      const intake = intakes.get(name);
      intakes.delete(name);
      await intake?.close();
      store.removeBucket(name);
      catalog.removeBucket(name);
    },

    /** Resolves once a change by hand at this path is taken in. */
    async settled(bucket: string, path: string) {
      const intake = closed ? undefined : intakes.get(bucket);
      if (!intake) throw apiError(503, 'The bucket is closing.');
      await intake.settled(path);
    },

    scan: async () => void (await Promise.all([...intakes.values()].map((intake) => intake.scan()))),

    async close() {
      closed = true;
      await Promise.all([...intakes.values()].map((intake) => intake.close()));
    },
  };
}

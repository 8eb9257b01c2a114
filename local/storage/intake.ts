/** The folder of a bucket as a way in: what people drop, change and delete there becomes objects, new generations and deletions. */

import type { Clock, Timer } from '../clock.ts';
import type { Catalog } from './catalog.ts';
import { digestFile } from './digest.ts';
import { watchFolder } from './folder-watch.ts';
import { contentTypeOf, isIgnored, nameProblem } from './names.ts';
import { createSettler, type Glimpse } from './settle.ts';
import { fileAt, sameWriting, signatureAt, signatureOf } from './signature.ts';
import type { Store } from './store.ts';

/** How often the whole folder is compared with the catalog, in case the system reported nothing. */
export const RESCAN_MS = 10_000;

export interface IntakeOptions {
  bucket: string;
  catalog: Catalog;
  store: Store;
  clock: Clock;
  settleMs: number;
  isWatched: boolean;
  log: (line: string) => void;
}

export type Intake = ReturnType<typeof createIntake>;

export function createIntake({ bucket, catalog, store, clock, settleMs, isWatched, log }: IntakeOptions) {
  const root = store.folderOf(bucket);
  const fileFor = (path: string) => store.fileOf({ bucket, path });
  let trustChangeTime = false;
  let rescan: Timer | undefined;
  let closed = false;
  /** The comparison under way; closing waits for it, since it reads the catalog. */
  let comparing: Promise<void> = Promise.resolve();

  const look = (path: string): Glimpse | undefined => {
    const stats = fileAt(fileFor(path));
    return stats && { signature: signatureOf(stats), changedMs: Number(stats.ctimeMs) };
  };

  /** False when the file changed while it was read. */
  const takeIn = async (path: string): Promise<boolean> => {
    const signature = signatureAt(fileFor(path));
    const known = catalog.objectAt(bucket, path);
    if (signature === known?.signature) return true;
    if (signature === undefined) {
      if (known) store.forget(known);
      return true;
    }
    if (!known && !canBeAnObject(path)) return true;
    const checksums = await digestFile(fileFor(path));
    if (signatureAt(fileFor(path)) !== signature) return false;

    const current = catalog.objectAt(bucket, path);
    if (current?.signature === signature) return true;
    if (current && sameWriting(current.signature, signature) && current.crc32c === checksums.crc32c) {
      catalog.putObject({ ...current, signature });
      return true;
    }
    const name = current?.name ?? path;
    const attributes = { contentType: contentTypeOf(name) };
    store.adopt({ bucket, name, path, signature, attributes, ...checksums });
    return true;
  };

  const canBeAnObject = (path: string): boolean => {
    const problem = isIgnored(path) ? 'ignored' : nameProblem(path);
    if (problem !== undefined && problem !== 'ignored') log(`a file in ${bucket} is no object: ${problem}`);
    return problem === undefined;
  };

  const settler = createSettler({ settleMs, look, act: takeIn, log });

  const onPath = (path: string) => {
    if (differs(path)) void settler.touch(path, trustChangeTime);
    if (fileAt(fileFor(path))) return;
    const lost = catalog.objectsBelow(bucket, path).filter((object) => differs(object.path));
    for (const object of lost) void settler.touch(object.path);
  };

  const differs = (path: string) => signatureAt(fileFor(path)) !== catalog.objectAt(bucket, path)?.signature;

  const folder = watchFolder({ root, isWatched, onPath, log });

  const compare = async () => {
    await folder.walk();
    if (closed) return;
    for (const object of catalog.objectsBelow(bucket, '')) if (differs(object.path)) onPath(object.path);
  };

  const armRescan = () => {
    if (closed) return;
    rescan = clock.after(RESCAN_MS, () => {
      comparing = compare()
        .catch((error: unknown) => log(`looking through ${bucket} failed: ${String(error)}`))
        .finally(armRescan);
    });
  };

  return {
    /** Takes in what changed while nobody watched, then watches. Files still being written come when they are done. */
    async start() {
      trustChangeTime = true;
      await compare();
      trustChangeTime = false;
      await settler.due();
      armRescan();
    },

    /** Compares folder and catalog now; resolves once every change found is taken in. */
    async scan() {
      await compare();
      await settler.idle();
    },

    /** Resolves once the change by hand at this path is taken in. */
    settled: (path: string) => settler.touch(path),

    async close() {
      closed = true;
      rescan?.cancel();
      folder.close();
      await comparing;
      await settler.close();
    },
  };
}

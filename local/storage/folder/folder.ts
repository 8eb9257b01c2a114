/**
 * The folder of a bucket: what people drop, change and delete there is uploaded and deleted through the public API, and every
 * object shows as a file there. Objects live in the engine; the files are copies.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../clock.ts';
import { nameProblem } from '../engine/object.ts';
import { glimpse } from './place.ts';
import { HIDDEN_FOLDER, isIgnored, isPlainName } from './plain-path.ts';
import { createReconciler, type ReconcilerOptions } from './reconcile.ts';
import { watchTree } from './watch-tree.ts';

/** How often the whole folder is compared with what is known of it, in case the system reported nothing. */
export const RESCAN_MS = 10_000;

const BATCH = 500;

export interface FolderOptions extends ReconcilerOptions {
  clock: Clock;
  /** False where the system does not report changes: then only rescans find files. */
  isWatched: boolean;
}

export function openFolder(options: FolderOptions) {
  const { bucket, root, engine, ledger } = options;
  const reconciler = createReconciler(options);
  const refuse = createRefusal(bucket, options.log);
  /** What the start waits for: changes that are complete already. */
  let complete: Promise<void>[] | undefined;

  const touch = (path: string) => {
    const done = reconciler.touch(path, complete !== undefined);
    if (!reconciler.isByHand(path) || reconciler.isQuiet(path)) complete?.push(done);
  };

  const onPath = (path: string) => {
    if (reconciler.isByHand(path) && (ledger.get(path) || !refuse(path))) touch(path);
    if (glimpse(root, path)) return;
    for (const below of ledger.pathsBelow(path)) if (reconciler.isByHand(below)) touch(below);
  };

  const onObject = (name: string) => {
    if (ledger.get(name) || isPlainName(root, name)) touch(name);
  };

  const tree = watchTree({ ...options, onPath });
  const compare = async () => {
    await tree.walk();
    for (const path of ledger.pathsBelow('')) if (reconciler.isByHand(path)) touch(path);
  };
  const rescan = createRescan(compare, options);

  return {
    /** Takes in what changed while nobody watched, then watches. Files still being written come when they are complete. */
    async start(): Promise<void> {
      rmSync(join(root, HIDDEN_FOLDER), { recursive: true, force: true });
      engine.onChange((object) => {
        if (object.bucket === bucket) onObject(object.name);
      });
      complete = [];
      await compare();
      for (const name of changedObjects(options)) onObject(name);
      const found = complete;
      complete = undefined;
      await Promise.all(found);
      rescan.begin();
    },

    /** Compares now; resolves once every change found is taken in. */
    async scan(): Promise<void> {
      await compare();
      await reconciler.idle();
    },

    /** Takes no more from people; objects still become files. */
    async close(): Promise<void> {
      tree.close();
      await rescan.end();
      await reconciler.close();
    },

    /** Resolves once every object is a file. */
    flush: reconciler.idle,
  };
}

/** Compares from time to time. */
function createRescan(compare: () => Promise<void>, { bucket, clock, log }: FolderOptions) {
  let timer: Timer | undefined;
  let ended = false;
  /** The comparison under way; the end waits for it. */
  let comparing: Promise<void> = Promise.resolve();

  const begin = () => {
    if (ended) return;
    timer = clock.after(RESCAN_MS, () => {
      comparing = compare()
        .catch((error: unknown) => log(`looking through ${bucket} failed: ${String(error)}`))
        .finally(begin);
    });
  };
  return {
    begin,
    async end(): Promise<void> {
      ended = true;
      timer?.cancel();
      await comparing;
    },
  };
}

/** Objects that are not what the folder last had of them. */
function* changedObjects({ bucket, engine, ledger }: FolderOptions): Generator<string> {
  let from = '';
  for (;;) {
    const batch = engine.objectsFrom(bucket, from, BATCH);
    for (const { name, generation } of batch) {
      if (ledger.get(name)?.generation !== String(generation)) yield name;
    }
    const last = batch.at(-1);
    if (!last) return;
    from = `${last.name}\0`;
  }
}

/** True for a file that cannot be an object; says why, once, where a person would not expect it. */
function createRefusal(bucket: string, log: (line: string) => void) {
  const said = new Set<string>();
  return (path: string): boolean => {
    if (isIgnored(path)) return true;
    const problem = nameProblem(path);
    if (problem !== undefined && !said.has(path)) log(`a file in ${bucket} is no object: ${problem}`);
    if (problem !== undefined) said.add(path);
    return problem !== undefined;
  };
}

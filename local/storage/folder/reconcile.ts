/** Bringing single paths of a folder up to date: look, decide, do, until file and object are the same. */

import type { StorageClient } from '../client.ts';
import type { StorageEngine } from '../engine/engine.ts';
import { createLimit } from '../limit.ts';
import { decide, type PathState } from './decide.ts';
import type { Ledger } from './ledger.ts';
import { createPathTasks } from './path-tasks.ts';
import { glimpse } from './place.ts';
import { createStability } from './stability.ts';
import { createSteps } from './steps.ts';

/** How many files are read or written at once: a dropped folder of thousands must not open them all. */
const MAX_ACTIVE = 4;

export interface ReconcilerOptions {
  bucket: string;
  root: string;
  engine: StorageEngine;
  client: StorageClient;
  ledger: Ledger;
  /** How long a file must be left alone before it counts as an upload. */
  quietMs: number;
  log: (line: string) => void;
}

export function createReconciler({ bucket, root, engine, client, ledger, ...options }: ReconcilerOptions) {
  const look = (path: string) => glimpse(root, path);
  const find = (name: string) => (engine.hasBucket(bucket) ? engine.find(bucket, name) : undefined);
  const fileOf = ({ blob }: { blob: string }) => engine.blobs.fileOf(blob);
  const stability = createStability({ quietMs: options.quietMs, look });
  const steps = createSteps({ bucket, root, client, ledger, find, fileOf });
  const limit = createLimit(MAX_ACTIVE);
  let closed = false;

  const stateOf = (path: string): PathState => {
    const generation = find(path)?.generation;
    return {
      file: look(path)?.signature,
      object: generation === undefined ? undefined : String(generation),
      synced: ledger.get(path),
    };
  };
  const isByHand = (path: string) => look(path)?.signature !== ledger.get(path)?.signature;

  const reconcile = async (path: string, changeTimeCounts: boolean): Promise<void> => {
    for (;;) {
      if (isByHand(path) && !(await stability.untilQuiet(path, { changeTimeCounts }))) return;
      const step = decide(stateOf(path));
      // What was done by hand while this closes is found again at the next start.
      if (step === 'nothing' || (closed && isByHand(path))) return;
      if (!(await limit(() => steps[step](path)))) return;
    }
  };

  const tasks = createPathTasks((path, changeTimeCounts) =>
    reconcile(path, changeTimeCounts).catch((error: unknown) => {
      // The next change, or the next rescan, tries again.
      if (!closed) options.log(`${path} in ${bucket} could not be brought up to date: ${String(error)}`);
    }),
  );

  return {
    /** Something may have changed here. With `changeTimeCounts`, a file that was last changed long ago counts as complete. */
    touch: tasks.touch,
    isByHand,
    isQuiet: stability.isQuiet,
    /** Resolves once nothing is being done any more. */
    idle: tasks.idle,

    /** Takes no more from people and lets what is being done end. Objects still become files. */
    async close(): Promise<void> {
      closed = true;
      stability.close();
      await tasks.idle();
    },
  };
}

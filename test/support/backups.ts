import type { ManifestPointer } from '../../shared/core/run/pointer.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { World } from './world.ts';

/** The documents of a world as they were once. */
export interface Backup {
  runs: [string, Run][];
  pointers: [string, ManifestPointer][];
}

export function takeBackup({ runs }: World): Backup {
  return { runs: structuredClone([...runs.documents]), pointers: structuredClone([...runs.pointers]) };
}

/** Every document as it was then; what was made since has none. */
export function restoreBackup({ runs }: World, backup: Backup): void {
  runs.documents.clear();
  runs.pointers.clear();
  for (const [runId, run] of backup.runs) runs.documents.set(runId, run);
  for (const [path, pointer] of backup.pointers) runs.pointers.set(path, pointer);
}

/** A backup that is taken when something is next looked at in Cloud Storage: while an upload is checked. */
export function backupWhileChecking(world: World): Promise<Backup> {
  const { promise, resolve } = Promise.withResolvers<Backup>();
  const { read } = world.objects;
  world.objects.read = (...manifest) => {
    resolve(takeBackup(world));
    world.objects.read = read;
    return read(...manifest);
  };
  return promise;
}

import type { Run } from '../../shared/core/run/run.ts';
import { aManifest, examples, type World } from './world.ts';

/** The documents of a world as they were once. */
export interface Backup {
  runs: [string, Run][];
  pointers: [string, { runId: string; timeCreated: string }][];
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
  const { stat } = world.objects;
  world.objects.stat = (object) => {
    resolve(takeBackup(world));
    world.objects.stat = stat;
    return stat(object);
  };
  return promise;
}

/** Uploads a folder; gives the id of its run. */
export async function drop(
  world: World,
  folder: string,
  over: Record<string, unknown> = {},
): Promise<string> {
  world.upload(`${folder}/train.jsonl`, examples(120, folder));
  await world.finalized(world.upload(`${folder}/tune.json`, aManifest(over)));
  return [...world.runs.documents.keys()].at(-1) ?? '';
}

/** So many ticks, and whatever they ask for. */
export async function passMinutes(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    world.pass(60);
    await world.poll();
    await world.deliver();
  }
}

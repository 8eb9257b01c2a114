import type { Run } from '../core/run.ts';
import { runFolder, statusFile } from '../core/run-files.ts';
import type { ObjectStore } from '../ports.ts';

const TRIES = 5;

/**
 * Writes `status.json` into the run's folder. A file of a later revision is never overwritten, so a slow function
 * that wakes up late cannot turn SUCCEEDED back into RUNNING.
 */
export async function writeStatusFile(objects: ObjectStore, bucket: string, run: Run): Promise<void> {
  const object = { bucket, name: `${runFolder(run.runId, run.spec.source)}status.json` };
  const mark = { revision: String(run.work.revision), state: run.status.state };
  for (let tries = 0; tries < TRIES; tries++) {
    const there = await objects.stat(object);
    if (there && !isNewer(mark, there.metadata)) return;
    const written = await objects.write(object, {
      body: statusFile(run),
      contentType: 'application/json',
      metadata: mark,
      ifGenerationMatch: there?.generation ?? '0',
    });
    if (written) return;
  }
}

function isNewer(mark: { revision: string; state: string }, there: Record<string, string>): boolean {
  const theirs = Number(there.revision ?? -1);
  const ours = Number(mark.revision);
  return ours > theirs || (ours === theirs && mark.state !== there.state);
}

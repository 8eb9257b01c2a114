import { TuneError } from '../../shared/core/errors/errors.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { type DatasetSource, readByJob } from '../../shared/core/run/dataset-source.ts';
import { sweptName } from '../../shared/core/run/files.ts';
import type { ObjectStore } from '../../shared/ports.ts';
import type { StagedFile } from './stage.ts';

interface Move {
  from: string;
  to: string;
}

/** Where the copy lies that one run of a sweep reads: a job is found by the data that it reads where it has lost its label, so no two read the same. */
export function ownCopyUri(source: DatasetSource, move: Move): string {
  const staged = parseGsUri(readByJob(source));
  const name = staged.ok ? sweptName(staged.name, move) : undefined;
  return staged.ok && name !== undefined ? gsUri({ bucket: staged.bucket, name }) : readByJob(source);
}

/** Copies what was checked once to where each run of a sweep reads it, server-side. A copy that is there already stays. */
export async function copyForRuns(
  objects: ObjectStore,
  staged: readonly Pick<StagedFile, 'source'>[],
  { from, to }: { from: string; to: readonly string[] },
): Promise<void> {
  const files = staged.map(({ source }) => source);
  await Promise.all(
    files.flatMap((source) => to.map((runId) => copyOne(objects, source, { from, to: runId }))),
  );
}

async function copyOne(objects: ObjectStore, source: DatasetSource, move: Move): Promise<void> {
  const [checked, own] = [parseGsUri(readByJob(source)), parseGsUri(ownCopyUri(source, move))];
  if (!checked.ok || !own.ok || checked.name === own.name) return;
  const live = await objects.stat(checked);
  const copy = live && (await objects.copy(live, { bucket: own.bucket, name: own.name }));
  if (copy?.crc32c === live?.crc32c && copy !== undefined) return;
  throw new TuneError('contended', `${readByJob(source)} is not what was checked any more.`, {
    reason: 'StagedDataChanged',
  });
}

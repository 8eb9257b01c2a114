import { TuneError } from '../core/errors/errors.ts';
import { type ForwardTimes, forwardRun, type RecordedFile } from '../core/run/forward-run.ts';
import type { Run } from '../core/run/run.ts';
import type { Clock, Logger, ObjectStore, RunStore } from '../ports.ts';
import { readStatusContent, statRecordedFile, writeRecordedFile } from './run-files.ts';

export interface CatchUpDeps {
  runs: RunStore;
  objects: ObjectStore;
  clock: Clock;
  logger: Logger;
  resultsBucket: string;
  maximumWaitMs: number;
}

/** What a look at the file of a run shows. Unless it is current, whoever goes on with the run as it was read does harm. */
export interface CaughtUp {
  isCurrent: boolean;
  /** As its document is now. */
  run: Run;
}

/**
 * Looks whether the document of a run is older than the run: its database was restored from a backup. Its `status.json` tells, since
 * that is written after the document; then the document is brought forward to it. One look is one call. `before`: as the document was when
 * it was claimed for whoever asks.
 */
export type CatchUp = (run: Run, before?: Run) => Promise<CaughtUp>;

/** Why a run waits whose document is old, and whose file this version cannot read. */
export const OUTDATED = 'DocumentOutdated';

export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { runs, objects, resultsBucket } = deps;
  return async (run, before = run) => {
    const recorded = await statRecordedFile(objects, resultsBucket, run);
    if (!recorded || !(recorded.revision > before.work.revision)) return { isCurrent: true, run };
    // Somebody may have gone on with the run since it was read: then nothing is old but what was read.
    const now = await runs.get(run.runId);
    if (!now || now.work.revision !== run.work.revision) return { isCurrent: false, run: now ?? run };
    const content = await readStatusContent(objects, recorded.file);
    if (content === undefined) return { isCurrent: false, run: now };
    return bringForward(deps, now, { content, revision: recorded.revision });
  };
}

async function bringForward(deps: CatchUpDeps, old: Run, file: RecordedFile): Promise<CaughtUp> {
  const { runs, clock, logger, maximumWaitMs } = deps;
  const run = forwarded(old, file, { now: clock.now().toISOString(), maximumWaitMs });
  const { runId } = run;
  if (!(await runs.bringForward(run, { from: old.work.revision }))) return { isCurrent: false, run: old };
  logger.error('the document of a run was older than its files, and was brought forward', {
    ...{ runId, revision: old.work.revision, fileRevision: file.revision },
    ...{ from: old.status.state, state: run.status.state },
  });
  await writeRecordedFile(deps, run);
  return { isCurrent: false, run };
}

/** A run is left alone whose file is later and cannot be read: it may have a job. */
function forwarded(old: Run, file: RecordedFile, times: ForwardTimes): Run {
  const stored = forwardRun(old, file, times);
  if (stored.outcome === 'readable') return stored.run;
  const problem =
    stored.outcome === 'newer'
      ? `was written by a later version (schemaVersion ${stored.schemaVersion})`
      : `cannot be read (${stored.problem})`;
  throw new TuneError(
    'misconfiguration',
    `The document is older than ${old.status.folder}status.json, which ${problem}. The run is left alone.`,
    {
      reason: OUTDATED,
      remedy:
        'Deploy the version that wrote the file, or restore a backup that is newer; delete the file to let the run go on from its document.',
    },
  );
}

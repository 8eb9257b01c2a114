import { otherJobFound } from '../core/run/job-events.ts';
import type { Run } from '../core/run/run.ts';
import { isJobOver, type JobObservation } from '../core/tuning/job.ts';
import type { Clock, Logger, TuningBackend } from '../ports.ts';
import type { RecordEvent } from './record.ts';

export interface StopOtherJobsDeps {
  backend: TuningBackend;
  record: RecordEvent;
  clock: Clock;
  logger: Logger;
}

/**
 * Of the jobs that were made for a run one is its own; any other was made by a function that was slow or died. Each is written into the
 * run's document and asked to stop. Gives the run as it is then.
 */
export async function stopOtherJobs(
  { backend, record, clock, logger }: StopOtherJobsDeps,
  found: Run,
  jobs: readonly JobObservation[],
): Promise<Run> {
  let run = found;
  const { runId } = run;
  for (const job of jobs) {
    if (isOwn(run, job) || isJobOver(job)) continue;
    if (job.phase !== 'cancelling') {
      logger.warn('a job that no run wants is asked to stop', { runId, job: job.name });
    }
    run = await name({ record, clock }, run, job);
    if (isOwn(run, job)) continue;
    if (job.phase !== 'cancelling') await backend.cancel(job.name);
  }
  return run;
}

/** The job that a run follows. A run that was lost follows none, though its job may be there again. */
const isOwn = ({ status }: Run, { name }: JobObservation) =>
  status.job?.name === name && status.state !== 'LOST';

/** How often a run that somebody else changes meanwhile is taken as it is then. */
const TRIES = 5;

/** Writes the job into the document, and leaves all else there as somebody may just have written it. */
async function name(
  { record, clock }: Pick<StopOtherJobsDeps, 'record' | 'clock'>,
  found: Run,
  job: JobObservation,
): Promise<Run> {
  let run = found;
  for (let tries = 0; tries < TRIES; tries++) {
    const { status, work } = run;
    if (isOwn(run, job) || status.otherJobs?.some((other) => other.name === job.name)) break;
    const event = otherJobFound(run, job, clock.now().toISOString());
    const result = await record(run, event, { revision: work.revision });
    run = result.run;
    if (result.outcome !== 'fenced') break;
  }
  return run;
}

import { isJobOver, type JobObservation } from '../core/tuning/job.ts';
import type { Logger, TuningBackend } from '../ports.ts';

export interface CancelOthersDeps {
  backend: TuningBackend;
  logger: Logger;
}

/** Jobs that carry the label of one run, and which of them it follows; undefined: none. */
export interface JobsOfRun {
  runId: string;
  own: string | undefined;
  jobs: readonly JobObservation[];
}

/** Of the jobs that carry a run's label one is its own; any other was made by a function that was slow or died, and is stopped. */
export async function cancelOthers(
  { backend, logger }: CancelOthersDeps,
  { runId, own, jobs }: JobsOfRun,
): Promise<void> {
  for (const job of jobs) {
    if (job.name === own || isJobOver(job)) continue;
    logger.warn('a job that no run wants is asked to stop', { runId, job: job.name });
    await backend.cancel(job.name);
  }
}

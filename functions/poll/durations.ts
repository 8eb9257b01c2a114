import type { Outcome } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { finishedJob } from '../../shared/core/tuning/duration.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { JobDurations, Logger } from '../../shared/ports.ts';

export interface DurationsDeps {
  durations: JobDurations;
  logger: Logger;
}

/** Keeps how long the job of a run took, for the runs that come; no run waits for that. */
export async function keepDuration(
  { durations, logger }: DurationsDeps,
  { runId, spec: { plan }, status }: Run,
  { job, outcome }: { job: JobObservation; outcome: Outcome },
): Promise<void> {
  if (!plan) return;
  const isWhole = outcome.result?.stoppedAtStep === undefined;
  const finished = finishedJob({ plan, data: status.datasets, isWhole }, job);
  if (!finished) return;
  await durations
    .add(plan.baseModel, finished)
    .catch((thrown) => logger.thrown('how long a job took was not kept', thrown, { runId }));
}

import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { runOfJob } from '../../shared/core/tuning/job-labels.ts';
import { type StopOtherJobsDeps, stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import type { RunStore } from '../../shared/ports.ts';

export interface OtherJobsDeps extends StopOtherJobsDeps {
  runs: RunStore;
  resultsBucket: string;
}

/** How often all unfinished jobs are looked through. A job that nobody follows costs money until then. */
const LOOK_MS = 15 * 60_000;

/**
 * Looks through the unfinished jobs of the project, at most every quarter of an hour, for those that were made for a run which does not follow
 * them: a function died, or woke up after the end of its run, or the list had a job too late. They are asked to stop, and
 * the document of the run says so.
 */
export function createOtherJobsLook(deps: OtherJobsDeps): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = deps.clock.now().getTime();
    if (now < nextAt) return;
    nextAt = now + LOOK_MS;
    try {
      for (const job of await deps.backend.unfinished()) await lookAt(deps, job);
    } catch (thrown) {
      deps.logger.thrown('jobs that no run follows could not be looked for', thrown);
    }
  };
}

async function lookAt(deps: OtherJobsDeps, job: JobObservation): Promise<void> {
  const runId = runOfJob(job, deps.resultsBucket);
  if (runId === undefined) return;
  try {
    await stopUnlessFollowed(deps, job, await deps.runs.get(runId));
  } catch (thrown) {
    deps.logger.thrown('a job that no run wants could not be stopped', thrown, { runId, job: job.name });
  }
}

/** A run without a job may be about to note this one; whoever submits it looks for its jobs. */
function isFollowed({ status }: Run, { name }: JobObservation): boolean {
  return status.job?.name === name || (status.job === undefined && !isTerminal(status.state));
}

async function stopUnlessFollowed(
  deps: OtherJobsDeps,
  job: JobObservation,
  run: Run | undefined,
): Promise<void> {
  if (!run) {
    deps.logger.error('a job belongs to a run whose document is gone, and is left alone', { job: job.name });
    return;
  }
  if (!isFollowed(run, job)) await stopOtherJobs(deps, run, [job]);
}

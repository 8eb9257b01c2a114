import { later } from '../../shared/core/errors/backoff.ts';
import { otherJobFound } from '../../shared/core/run/job-events.ts';
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
/** How long a job has to be unwanted before it is stopped: what looks so now may be a document that is about to be written. */
const UNWANTED_MS = 60 * 60_000;
/** More unwanted jobs than these at once are no lost answers, but a wrong database or a backup that was restored: none is stopped. */
const MOST_AT_ONCE = 3;

/** A job that was made for a run which does not follow it. */
interface OtherJob {
  job: JobObservation;
  run: Run;
}

/**
 * Looks through the unfinished jobs of the project, at most every quarter of an hour, for those that were made for a run which does
 * not follow them: a function died, or woke up after the end of its run, or the list had a job too late. The document of the run
 * names them at once, and they are asked to stop an hour later.
 */
export function createOtherJobsLook(deps: OtherJobsDeps): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = deps.clock.now();
    if (now.getTime() < nextAt) return;
    nextAt = now.getTime() + LOOK_MS;
    try {
      const others: OtherJob[] = [];
      for (const job of await deps.backend.unfinished()) others.push(...(await otherJobOf(deps, job)));
      await deal(deps, others, now.toISOString());
    } catch (thrown) {
      deps.logger.thrown('jobs that no run follows could not be looked for', thrown);
    }
  };
}

async function otherJobOf(
  { runs, logger, resultsBucket }: OtherJobsDeps,
  job: JobObservation,
): Promise<OtherJob[]> {
  const runId = runOfJob(job, resultsBucket);
  const run = runId === undefined ? undefined : await runs.get(runId);
  if (runId !== undefined && !run) {
    logger.error('a job belongs to a run whose document is gone, and is left alone', {
      runId,
      job: job.name,
    });
  }
  return run && !isFollowed(run, job) ? [{ job, run }] : [];
}

/** A run without a job may be about to note this one; whoever submits it looks for its jobs. */
function isFollowed({ status }: Run, { name }: JobObservation): boolean {
  return status.job?.name === name || (status.job === undefined && !isTerminal(status.state));
}

async function deal(deps: OtherJobsDeps, others: readonly OtherJob[], now: string): Promise<void> {
  if (others.length > MOST_AT_ONCE) {
    const jobs = others.map(({ job }) => job.name).slice(0, 20);
    deps.logger.error('so many jobs look unwanted that none is stopped', { count: others.length, jobs });
    return;
  }
  for (const { job, run } of others) {
    await nameOrStop(deps, { job, run }, now).catch((thrown) =>
      deps.logger.thrown('a job that no run wants could not be stopped', thrown, {
        runId: run.runId,
        job: job.name,
      }),
    );
  }
}

async function nameOrStop(deps: OtherJobsDeps, { job, run }: OtherJob, now: string): Promise<void> {
  const found = run.status.otherJobs?.find(({ name }) => name === job.name);
  if (!found) {
    await deps.record(run, otherJobFound(run, job, now), { revision: run.work.revision });
  } else if (now >= later(found.foundTime, UNWANTED_MS)) {
    await stopOtherJobs(deps, run, [job]);
  }
}

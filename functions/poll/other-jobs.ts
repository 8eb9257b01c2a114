import { later } from '../../shared/core/errors/backoff.ts';
import { otherJobFound } from '../../shared/core/run/job-events.ts';
import type { LostRun } from '../../shared/core/run/restored-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { ownerOfJob } from '../../shared/core/tuning/job-labels.ts';
import { type StopOtherJobsDeps, stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import { type RestoreDeps, restoreRun } from './restore-run.ts';

export interface OtherJobsDeps extends StopOtherJobsDeps, RestoreDeps {
  /** More jobs than these that no document stands for at once are no lost answers: nothing is done about any of them. */
  maxUnwantedJobs: number;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

/** How often all unfinished jobs are looked through. A job that nobody follows costs money until then. */
const LOOK_MS = 15 * 60_000;
/** How long a job has to be unwanted before it is stopped: what looks so now may be a document that is about to be written. */
const UNWANTED_MS = 60 * 60_000;
/** A job that was made for a run which does not follow it. */
interface OtherJob {
  job: JobObservation;
  run: Run;
}

/** Jobs that no run follows. */
interface Unwanted {
  others: OtherJob[];
  /** Those of runs whose document is gone. */
  lost: LostRun[];
}

/**
 * Looks through the unfinished jobs of the project, at most every quarter of an hour, for those that were made for a run which does
 * not follow them: a function died, or woke up after the end of its run, or the list had a job too late. The document of the run
 * names them at once, and they are asked to stop an hour later. A run whose document is gone gets it back, and goes on.
 */
export function createOtherJobsLook(deps: OtherJobsDeps): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = deps.clock.now();
    if (now.getTime() < nextAt) return;
    nextAt = now.getTime() + LOOK_MS * deps.retryScale;
    try {
      const found: Unwanted = { others: [], lost: [] };
      for (const job of await deps.backend.unfinished()) await sort(deps, job, found);
      await deal(deps, found, now.toISOString());
    } catch (thrown) {
      deps.logger.thrown('jobs that no run follows could not be looked for', thrown);
    }
  };
}

async function sort(deps: OtherJobsDeps, job: JobObservation, { others, lost }: Unwanted): Promise<void> {
  const owner = ownerOfJob(job, deps.resultsBucket);
  if (!owner) return;
  const { runId } = owner;
  const run = await deps.runs.get(runId);
  if (run && !isFollowed(run, job)) others.push({ job, run });
  // Made before jobs named their deployment: it may be another one's.
  else if (!run && !owner.isOfDeployment) {
    deps.logger.error('a job belongs to a run without a document, and is left alone', {
      runId,
      job: job.name,
    });
  } else if (!run) lost.push({ runId, job });
}

/** A run without a job may be about to note this one; whoever submits it looks for its jobs. */
function isFollowed({ status }: Run, { name }: JobObservation): boolean {
  return status.job?.name === name || (status.job === undefined && !isTerminal(status.state));
}

async function deal(deps: OtherJobsDeps, { others, lost }: Unwanted, now: string): Promise<void> {
  const { logger, maxUnwantedJobs } = deps;
  const count = others.length + lost.length;
  if (count > maxUnwantedJobs) {
    const jobs = [...others, ...lost].map(({ job }) => job.name).slice(0, 20);
    logger.error('so many jobs look unwanted that none is stopped', { count, maxUnwantedJobs, jobs });
    return;
  }
  const notDealtWith = (runId: string, job: JobObservation) => (thrown: unknown) =>
    logger.thrown('a job that no run follows could not be dealt with', thrown, { runId, job: job.name });
  for (const { runId, job } of lost) {
    await restoreRun(deps, { runId, job }).catch(notDealtWith(runId, job));
  }
  for (const { job, run } of others) {
    await nameOrStop(deps, { job, run }, now).catch(notDealtWith(run.runId, job));
  }
}

async function nameOrStop(deps: OtherJobsDeps, { job, run }: OtherJob, now: string): Promise<void> {
  const found = run.status.otherJobs?.find(({ name }) => name === job.name);
  if (!found) {
    await deps.record(run, otherJobFound(run, job, now), { revision: run.work.revision });
  } else if (now >= later(found.foundTime, UNWANTED_MS * deps.retryScale)) {
    await stopOtherJobs(deps, run, [job]);
  }
}

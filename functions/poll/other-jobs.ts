import { later } from '../../shared/core/errors/backoff.ts';
import { laterAttempt } from '../../shared/core/run/attempts.ts';
import { jobResubmitted, otherJobFound } from '../../shared/core/run/job-events.ts';
import type { LostRun } from '../../shared/core/run/restored-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { ownerOfJob } from '../../shared/core/tuning/job-labels.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import { type StopOtherJobsDeps, stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import { type RestoreDeps, restoreRuns } from './restore-run.ts';

export interface OtherJobsDeps extends StopOtherJobsDeps, RestoreDeps {
  catchUp: CatchUp;
  /** More jobs than these that no run follows are no lost answers: they are named, and none is stopped or restored. */
  maxUnwantedJobs: number;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

/** How often all unfinished jobs are looked through. A job that nobody follows costs money until then. */
const LOOK_MS = 15 * 60_000;
/** How long a job has to be unwanted before it is stopped: what looks so now may be a document that is about to be written. */
const UNWANTED_MS = 60 * 60_000;
/** A job of a run is made within hours of its submit, however slow the function was. */
const MADE_WITHIN_MS = 2 * 60 * 60_000;

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
export function createOtherJobsLook(deps: OtherJobsDeps): (isOver: () => boolean) => Promise<void> {
  let nextAt = 0;
  return async (isOver) => {
    const now = deps.clock.now();
    if (now.getTime() < nextAt) return;
    nextAt = now.getTime() + LOOK_MS * deps.retryScale;
    const found: Unwanted = { others: [], lost: [] };
    for (const job of await deps.backend.unfinished((thrown) => notRead(deps, thrown))) {
      await sort(deps, job, found).catch((thrown) => notRead(deps, thrown, job));
    }
    await deal(deps, found, isOver);
  };
}

/** What cannot be read hides nothing else. */
function notRead({ logger }: OtherJobsDeps, thrown: unknown, job?: JobObservation): void {
  const part = { part: 'other jobs', job: job?.name };
  logger.thrown('part of this tick failed; the next one does it', thrown, part);
}

async function sort(deps: OtherJobsDeps, job: JobObservation, { others, lost }: Unwanted): Promise<void> {
  const owner = ownerOfJob(job, deps.resultsBucket);
  if (!owner) return;
  const { runId } = owner;
  const stored = await deps.runs.get(runId);
  // A document of a backup does not know yet what its run follows.
  const run = stored && !isFollowed(stored, job) ? (await deps.catchUp(stored)).run : stored;
  if (run) return sortOwned(deps, { run, job, isLabelled: owner.isLabelled }, others);
  if (owner.isOfDeployment && owner.isLabelled) lost.push({ runId, job });
  // Made before jobs named their deployment: it may be another one's.
  else
    deps.logger.error('a job belongs to a run without a document, and is left alone', {
      runId,
      job: job.name,
    });
}

/** A later attempt that lives is the run's own job, which its document does not know yet. */
async function sortOwned(
  { record, clock }: OtherJobsDeps,
  { run, job, isLabelled }: OtherJob & { isLabelled: boolean },
  others: OtherJob[],
): Promise<void> {
  const attempt = laterAttempt(run, job);
  if (attempt !== undefined) {
    const event = jobResubmitted(job, attempt, clock.now().toISOString());
    await record(run, event, { revision: run.work.revision });
  } else if (!isFollowed(run, job) && (isLabelled || isOfItsTime(run, job))) others.push({ job, run });
}

/**
 * A run without a job may be about to note this one; whoever submits it looks for its jobs. One that was lost is over, though its job
 * may be there again.
 */
function isFollowed({ status }: Run, { name }: JobObservation): boolean {
  if (status.job === undefined) return !isTerminal(status.state);
  return status.job.name === name && status.state !== 'LOST';
}

/** A job without our labels may be somebody's own, over data that was staged for a run: only one that was made with the run's is ours. */
function isOfItsTime({ status }: Run, { createTime = '' }: JobObservation): boolean {
  const { validateTime, submitTime = status.updateTime } = status;
  return (
    validateTime !== undefined &&
    createTime >= validateTime &&
    createTime <= later(submitTime, MADE_WITHIN_MS)
  );
}

/** Names every job in the document of its run; restores and stops only what cannot be a mistake about the database. */
async function deal(deps: OtherJobsDeps, { others, lost }: Unwanted, isOver: () => boolean): Promise<void> {
  const { logger, maxUnwantedJobs } = deps;
  const stoppable = others.filter(({ job }) => job.phase !== 'cancelling');
  const count = stoppable.length + lost.length;
  const isTrusted = count <= maxUnwantedJobs;
  if (!isTrusted) {
    const jobs = [...stoppable, ...lost].map(({ job }) => job.name).slice(0, 20);
    logger.error('so many jobs look unwanted that none is stopped', { count, maxUnwantedJobs, jobs });
  }
  if (isTrusted && lost.length > 0) {
    await restoreRuns(deps, lost, isOver).catch((thrown) => notRead(deps, thrown));
  }
  for (const other of others) {
    await nameOrStop(deps, other, isTrusted).catch((thrown) => notRead(deps, thrown, other.job));
  }
}

async function nameOrStop(deps: OtherJobsDeps, { job, run }: OtherJob, isTrusted: boolean): Promise<void> {
  const now = deps.clock.now().toISOString();
  const found = run.status.otherJobs?.find(({ name }) => name === job.name);
  if (!found) {
    await deps.record(run, otherJobFound(run, job, now), { revision: run.work.revision });
  } else if (isTrusted && now >= later(found.foundTime, UNWANTED_MS * deps.retryScale)) {
    await stopOtherJobs(deps, run, [job]);
  }
}

import { later } from '../errors/backoff.ts';
import type { Cause } from '../tuning/causes.ts';
import type { JobObservation } from '../tuning/job.ts';
import { attemptOfJob } from '../tuning/pipeline-job-request.ts';
import { jobRetrying } from './job-events.ts';
import type { Run } from './run.ts';
import type { RunEvent } from './transitions.ts';

const MINUTE_MS = 60_000;

/** How many jobs are made for one run at most, how long after the first, and how long after each failure. */
interface AttemptLimits {
  jobs: number;
  /** Undefined: as long as the deployment lets a run wait. */
  windowMs: number | undefined;
  pausesMs: [number, ...number[]];
}

const SOON: AttemptLimits = { jobs: 3, windowMs: 30 * MINUTE_MS, pausesMs: [2 * MINUTE_MS, 5 * MINUTE_MS] };

/** Quota is waited for as long as the deployment lets a run wait, as where it is missing already when a job is asked for. */
const LIMITS: Record<NonNullable<Cause['afterFailure']>, AttemptLimits> = {
  newAttempt: SOON,
  warmUp: SOON,
  slowAttempts: {
    jobs: Number.POSITIVE_INFINITY,
    windowMs: undefined,
    pausesMs: [5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS, 40 * MINUTE_MS, 60 * MINUTE_MS],
  },
};
/** Guide: wait five minutes after the empty dataset was created. */
export const WARM_UP_MS = 300_000;

export interface AttemptTimes {
  /** RFC 3339 UTC. */
  now: string;
  /** Multiplies every duration; 1 in production. */
  scale: number;
  /** How long this deployment lets a run wait. */
  maximumWaitMs: number;
}

/**
 * What follows a job that failed. `none`: the run ends with it. `wait`: another job is due, as the event says. `warmUp`: another one, once
 * the project was warmed up. `create`: it is due. `find`: none is made any more, but one may have been made already.
 */
export type NextAttempt =
  | { action: 'none' | 'warmUp' | 'create' | 'find' }
  | { action: 'wait'; event: RunEvent };

/** Whether a job is followed by another, and when. */
export function decideAttempt(run: Run, observed: JobObservation, times: AttemptTimes): NextAttempt {
  const { job, submitTime, cancelRequested } = run.status;
  if (observed.phase !== 'failed' || !job) return { action: 'none' };
  if (cancelRequested) return { action: job.nextAttemptAt ? 'find' : 'none' };
  const { afterFailure } = observed.failure?.cause ?? {};
  if (!afterFailure || !submitTime) return { action: 'none' };
  const isOver = isUsedUp(LIMITS[afterFailure], job.attempt, { ...times, since: submitTime });
  // What a mistake of ours has kept from being made in time is made late.
  if (job.nextAttemptAt) return { action: isOver && !run.work.fault ? 'find' : 'create' };
  if (isOver) return { action: 'none' };
  if (afterFailure === 'warmUp') return { action: 'warmUp' };
  const at = later(times.now, pauseOf(LIMITS[afterFailure], job.attempt) * times.scale);
  return { action: 'wait', event: jobRetrying(run, observed, at) };
}

function isUsedUp(
  { jobs, windowMs }: AttemptLimits,
  attempt: number,
  { now, scale, since, maximumWaitMs }: AttemptTimes & { since: string },
): boolean {
  const end = windowMs === undefined ? later(since, maximumWaitMs) : later(since, windowMs * scale);
  return attempt >= jobs || now >= end;
}

function pauseOf({ pausesMs }: AttemptLimits, attempt: number): number {
  return pausesMs[attempt - 1] ?? pausesMs.at(-1) ?? pausesMs[0];
}

/**
 * What follows an internal error once the project was warmed up: another job as soon as that may have helped; none when the
 * project was warm already as the job was made, so that the error has another cause.
 */
export function decideAfterWarmUp(
  run: Run,
  job: JobObservation,
  { warmedAt, now, scale }: AttemptTimes & { warmedAt: string },
): NextAttempt {
  const warm = later(warmedAt, WARM_UP_MS * scale);
  const { createTime } = job;
  if (createTime !== undefined && Date.parse(createTime) >= Date.parse(warm)) return { action: 'none' };
  return { action: 'wait', event: jobRetrying(run, job, warm > now ? warm : now) };
}

/** Which attempt a job is that comes after the one that the run follows: somebody made it, and died before it was noted. */
export function laterAttempt({ status: { state, job } }: Run, { name }: JobObservation): number | undefined {
  const attempt = attemptOfJob(name);
  const isFollowing = state === 'SUBMITTED' || state === 'RUNNING';
  return isFollowing && job && attempt > job.attempt ? attempt : undefined;
}

import { later } from '../errors/backoff.ts';
import { type Cause, type Facts, findCause, projectNumberIn, saidByTask } from '../tuning/causes.ts';
import { causeOf, type JobObservation } from '../tuning/job-state.ts';
import type { Run } from './run.ts';

/** Why a job failed, and what follows. */
export interface Failure {
  /** The task that failed. */
  task?: string;
  /** In Vertex AI's own words, as they came. */
  words: string;
  /** The same without the wrapping of its exception. */
  message: string;
  cause: Cause | undefined;
}

/** What a failed job says of itself. */
export function failureOf(job: JobObservation): Failure {
  const { task, message: words } = causeOf(job);
  const said = saidByTask(words);
  return { ...(task ? { task } : {}), words, message: said.message, cause: findCause(said) };
}

/** What is known of a run that a remedy may name; `words`: what Vertex AI said, in which a number may stand. */
export function factsOf({ spec: { plan }, status: { job } }: Run, words = ''): Facts {
  const owner = job?.name.split('/')[1] ?? '';
  return {
    project: plan?.project,
    projectNumber: /^\d+$/.test(owner) ? owner : projectNumberIn(words),
    serviceAccount: plan?.serviceAccount,
    outputDirectory: plan?.outputDirectory,
  };
}

const MINUTE_MS = 60_000;

/** How many jobs are made for one run at most, how long after the first, and how long after each failure. */
interface Patience {
  jobs: number;
  windowMs: number;
  pausesMs: [number, ...number[]];
}

const SOON: Patience = { jobs: 3, windowMs: 30 * MINUTE_MS, pausesMs: [2 * MINUTE_MS, 5 * MINUTE_MS] };

/** Quota is waited for as long as where it is missing already when a job is asked for. */
const PATIENCE: Record<NonNullable<Cause['afterFailure']>, Patience> = {
  newAttempt: SOON,
  warmUp: SOON,
  slowAttempts: {
    jobs: Number.POSITIVE_INFINITY,
    windowMs: 24 * 60 * MINUTE_MS,
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
}

/** Whether one more job may be made for this run after one that failed by this. */
export function mayTryAgain(
  { status }: Run,
  cause: Cause | undefined,
  { now, scale }: AttemptTimes,
): boolean {
  const { job, submitTime, cancelRequested } = status;
  if (!cause?.afterFailure || !job || !submitTime || cancelRequested) return false;
  const { jobs, windowMs } = PATIENCE[cause.afterFailure];
  return job.attempt < jobs && now < later(submitTime, windowMs * scale);
}

/** When the next attempt is due after one that failed just now. */
export function nextAttemptAt(
  { status: { job } }: Run,
  cause: Cause | undefined,
  { now, scale }: AttemptTimes,
): string {
  const { pausesMs } = PATIENCE[cause?.afterFailure ?? 'newAttempt'];
  const pause = pausesMs[(job?.attempt ?? 1) - 1] ?? pausesMs.at(-1) ?? pausesMs[0];
  return later(now, pause * scale);
}

/**
 * When a job that failed with an internal error may be tried again; undefined when the project was warm already as it was
 * made, so that the error has another cause.
 */
export function attemptAfterWarmUp(
  { createTime }: JobObservation,
  warmedAt: string,
  { now, scale }: AttemptTimes,
): string | undefined {
  const warm = later(warmedAt, WARM_UP_MS * scale);
  if (createTime !== undefined && Date.parse(createTime) >= Date.parse(warm)) return undefined;
  return warm > now ? warm : now;
}

import { later } from './backoff.ts';
import { type Cause, type Facts, findCause, projectNumberIn, saidByTask } from './causes.ts';
import { causeOf, type JobObservation } from './job-state.ts';
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

/** Jobs that are made for one run at most, and how long after the first was made. */
export const MAX_ATTEMPTS = 3;
export const ATTEMPT_WINDOW_MS = 30 * 60_000;
/** How long after a failure the next attempt is made: the first pause, the second. */
const PAUSES_MS = [120_000, 300_000];
/** Guide: wait five minutes after the empty dataset was created. */
export const WARM_UP_MS = 300_000;

export interface AttemptTimes {
  /** RFC 3339 UTC. */
  now: string;
  /** Multiplies every duration; 1 in production. */
  scale: number;
}

/** Whether one more job may be made for this run. */
export function mayTryAgain({ status }: Run, { now, scale }: AttemptTimes): boolean {
  const { job, submitTime, cancelRequested } = status;
  if (!job || !submitTime || cancelRequested) return false;
  return job.attempt < MAX_ATTEMPTS && now < later(submitTime, ATTEMPT_WINDOW_MS * scale);
}

/** When the next attempt is due after one that failed just now. */
export function nextAttemptAt({ status: { job } }: Run, { now, scale }: AttemptTimes): string {
  const pause = PAUSES_MS[(job?.attempt ?? 1) - 1] ?? PAUSES_MS.at(-1) ?? 0;
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

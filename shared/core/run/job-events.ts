import type { TuneError } from '../errors/errors.ts';
import { BY_ITSELF } from '../tuning/causes.ts';
import { deployCommands } from '../tuning/how-to-call.ts';
import { isJobOver, type JobFailure, type JobObservation, type JobPhase } from '../tuning/job.ts';
import type { TuningResult } from '../tuning/results.ts';
import { remedyFactsOf } from './remedy-facts.ts';
import { type JobStatus, pendingAction, type Run, type RunStatus } from './run.ts';
import {
  type SeenSteps,
  type Words,
  wordsOfCancel,
  wordsOfCancelled,
  wordsOfRunning,
} from './running-words.ts';
import type { RunEvent } from './transitions.ts';

/** The events of a job, in words: what the document will say of it. Pure; times are RFC 3339 UTC. */

/** The job exists on Vertex AI, made by us now or by an earlier try. */
export function submitted(job: JobObservation, attempt: number, now: string): RunEvent {
  return {
    type: 'Submitted',
    reason: 'JobCreated',
    message: 'Vertex AI has the job and has not begun it.',
    status: { job: jobStatus(job, attempt) },
    next: { action: 'observe', at: now },
  };
}

/** The job was not found this time; it is looked for again before the run counts as lost. */
export function jobMissing(run: Run, at: string): RunEvent {
  return {
    type: 'JobMissing',
    reason: 'JobNotFound',
    message: `Vertex AI does not know the job ${run.status.job?.name ?? ''}; it is looked for again.`,
    next: { action: 'observe', at },
    failedTry: true,
  };
}

/** The job stayed away: somebody deleted it. */
export function jobLost(run: Run): RunEvent {
  return {
    type: 'JobLost',
    reason: 'JobDeleted',
    message: `Vertex AI no longer knows the job ${run.status.job?.name ?? ''}. Somebody may have deleted it.`,
    remedy: 'Upload the manifest again, with another model_display_name, to start a new run.',
    next: null,
  };
}

/** What is known besides the job once it has ended. */
export type Outcome = Pick<RunStatus, 'metrics' | 'result' | 'howToCall' | 'dataRead' | 'cost'>;

/** What is known besides the job: whether it makes steps while it runs, and what it left once it has ended. */
export interface Seen {
  noStep?: SeenSteps;
  outcome?: Outcome;
  /** When to look once more that nobody made another attempt, where the run was cancelled while one was due. */
  verifyAt?: string;
}

/** What a look at the job says of the run. */
export function jobObserved(run: Run, job: JobObservation, seen: Seen = {}): RunEvent {
  const { status, ...said } = MEANINGS[job.phase](run, job, seen);
  const dueSince = run.work.nextActionAt ?? run.status.updateTime;
  return {
    ...said,
    status: {
      job: jobStatus(job, run.status.job?.attempt ?? 1),
      startTime: job.startTime,
      endTime: job.endTime,
      ...seen.outcome,
      ...status,
    },
    next: isJobOver(job) ? afterEnd(run, job, seen) : { action: 'observe', at: dueSince },
  };
}

/** Somebody may be making the attempt that was due when the run was cancelled. */
function afterEnd(run: Run, { phase }: JobObservation, { verifyAt }: Seen): RunEvent['next'] {
  return phase === 'failed' && isGivenUp(run) && verifyAt ? { action: 'observe', at: verifyAt } : null;
}

/** An event but for what every look at a job has. */
type Meaning = Omit<RunEvent, 'next'>;
type MeaningOf = (run: Run, job: JobObservation, seen: Seen) => Meaning;

/** What each phase of a job means for its run. */
const MEANINGS: Record<JobPhase, MeaningOf> = {
  queued: goesOn('JobQueued', { reason: 'JobQueued', message: 'Vertex AI has the job in its queue.' }),
  pending: goesOn('JobQueued', {
    reason: 'JobCreated',
    message: 'Vertex AI has the job and has not begun it.',
  }),
  running: (run, job, { noStep }) => goesOn('JobRunning', wordsOfRunning(run, job, noStep))(run),
  paused: goesOn('JobRunning', {
    reason: 'JobPaused',
    message: 'The job is paused on Vertex AI; it can be resumed there.',
  }),
  cancelling: () => ({
    type: 'JobRunning',
    reason: 'JobCancelling',
    message: 'Vertex AI is cancelling the job; it may still succeed first.',
  }),
  unknown: (run, job) => {
    const message = `Vertex AI reports ${job.state}, a state that this version does not know; the run goes on being followed.`;
    return goesOn('JobQueued', { reason: 'JobStateUnknown', message, remedy: OF_UNKNOWN_STATE })(run);
  },
  succeeded: (run, _job, { outcome }) => finished('JobSucceeded', run, outcome?.result),
  partial: (run, job, { outcome }) =>
    job.failure ? tunedNotServed(job.failure, outcome?.result) : finished('JobPartial', run, outcome?.result),
  failed: (run, job) => (isGivenUp(run) ? cancelledBetween(job) : failed('JobFailed', run, job)),
  cancelled: (run) => ({ type: 'JobCancelled', ...wordsOfCancelled(run) }),
  expired: (run, job) => failed('JobExpired', run, job),
};

const OF_UNKNOWN_STATE =
  'Nothing to do: the run goes on once the job has a state that is known. To stop the job, upload the manifest with "cancel": true.';

/** The job lives: what that means, unless somebody waits for its end. */
function goesOn(type: 'JobQueued' | 'JobRunning', words: Words): (run: Run) => Meaning {
  return ({ status: { cancelRequested } }) => ({
    type,
    ...(cancelRequested ? wordsOfCancel(cancelRequested) : words),
  });
}

const SUCCESS = {
  JobSucceeded: { reason: 'JobSucceeded', before: '' },
  JobPartial: {
    reason: 'JobPartiallySucceeded',
    before: 'Vertex AI finished the job with part of its results. ',
  },
};

function finished(type: keyof typeof SUCCESS, run: Run, result: TuningResult | undefined): Meaning {
  const { reason, before } = SUCCESS[type];
  const model = result?.modelVersion ?? result?.model;
  const endpoint = result?.endpoint;
  const named = model ? `The model is tuned: ${model}.` : wordsWithoutModel(result);
  const served = endpoint ? ` It is served by ${endpoint}.` : ' It is not deployed to an endpoint.';
  const race = run.status.cancelRequested ? 'The run was asked to cancel, but the job succeeded first. ' : '';
  return {
    type,
    reason: race ? 'SucceededBeforeCancel' : reason,
    message: race + before + named + served,
    status: { model, endpoint },
  };
}

/** An open model is weights in a bucket, whether or not somebody has registered them. */
function wordsWithoutModel(result: TuningResult | undefined): string {
  if (result?.weights === undefined) return 'The job succeeded, but names no model.';
  return `The model is tuned: its weights are in ${result.weights}.`;
}

/** The model is there, and what came after it failed: it can be deployed by hand. */
function tunedNotServed(failure: JobFailure, result: TuningResult | undefined): Meaning {
  const model = result?.modelVersion ?? result?.model;
  return {
    type: 'JobPartial',
    reason: 'TunedNotServed',
    message: `The model is tuned: ${model}. It is not served, because Vertex AI failed after the tuning: ${failure.message.slice(0, MAX_WORDS)}`,
    remedy: model && `Deploy it: ${deployCommands(model)}`,
    status: { model },
  };
}

const REMEDY_WITHOUT_CAUSE = {
  JobFailed: 'Fix what Vertex AI names, then upload the manifest again.',
  JobExpired: 'Upload the manifest again, with fewer train_steps if the training itself took too long.',
};

function failed(type: 'JobFailed' | 'JobExpired', run: Run, { failure }: JobObservation): Meaning {
  const cause = failure?.cause;
  return {
    type,
    reason: cause?.reason ?? type,
    message: type === 'JobExpired' ? wordsOfExpiry(failure) : wordsOfFailure(failure),
    remedy: cause?.remedy(remedyFactsOf(run, failure?.words)) ?? REMEDY_WITHOUT_CAUSE[type],
  };
}

/** The job failed by something that passes, and somebody asked to cancel before the next attempt was made. */
function isGivenUp({ status: { job, cancelRequested } }: Run): boolean {
  return job?.nextAttemptAt !== undefined && cancelRequested !== undefined;
}

function cancelledBetween({ failure }: JobObservation): Meaning {
  return {
    type: 'JobCancelled',
    reason: 'CancelRequested',
    message: `Cancelled before another attempt was made. ${wordsOfFailure(failure)}`,
  };
}

function wordsOfExpiry(failure: JobFailure | undefined): string {
  const words = failure?.words ? ` It says: ${failure.words.slice(0, MAX_WORDS)}` : '';
  return `Vertex AI ended the job because its time was up.${words}`;
}

function wordsOfFailure(failure: JobFailure | undefined): string {
  const where = failure?.task ? `The task ${failure.task} failed` : 'The job failed';
  const words = failure?.message.slice(0, MAX_WORDS) ?? '';
  return failure?.cause
    ? `${where}. ${failure.cause.sentence} Vertex AI says: ${words}`
    : `${where}: ${words}`;
}

/** The job failed by something that passes: the run goes on with another job at `at`. */
export function jobRetrying(run: Run, observed: JobObservation, at: string): RunEvent {
  const job = jobStatus(observed, run.status.job?.attempt ?? 1);
  const cause = observed.failure?.cause;
  return {
    type: 'JobRetrying',
    reason: cause?.reason ?? 'JobFailed',
    message: `${wordsOfFailure(observed.failure)} Attempt ${job.attempt + 1} is made at ${at}.`,
    remedy: cause?.whileWaiting?.(remedyFactsOf(run, observed.failure?.words)) ?? BY_ITSELF,
    status: { job: { ...job, nextAttemptAt: at } },
    next: { action: 'observe', at },
  };
}

/** Another job was made for the run, because the one before failed by something that passes. */
export function jobResubmitted(job: JobObservation, attempt: number, now: string): RunEvent {
  return {
    type: 'JobResubmitted',
    reason: 'JobCreated',
    message: `Vertex AI has a new job, attempt ${attempt}, and has not begun it.`,
    status: { job: jobStatus(job, attempt) },
    next: { action: 'observe', at: now },
  };
}

/** Characters of Vertex AI's words that the document repeats. */
const MAX_WORDS = 2_000;

/** What the document says of a job. */
export function jobStatus(
  { name, state, createTime, startTime, endTime, failure }: JobObservation,
  attempt: number,
): JobStatus {
  return {
    ...{ name, state, region: name.split('/')[3] ?? '' },
    ...{ createTime, startTime, endTime, attempt },
    failedTask: failure?.task,
    error: failure?.words?.slice(0, MAX_WORDS),
  };
}

/** The job was tuning for longer than the deployment allows: it is cancelled. */
export function tuningTimeEnded(run: Run, limit: { hours: number; since: string }, now: string): RunEvent {
  const cancelRequested = { time: now, by: 'MAX_TUNING_HOURS', limit };
  return {
    type: 'CancelRequested',
    ...wordsOfCancel(cancelRequested),
    status: { cancelRequested },
    next: { action: 'observe', at: run.work.nextActionAt ?? now },
  };
}

/** Vertex AI does not let us look at the job; it is tried again at every poll. */
export function jobUnseen(run: Run, error: TuneError): RunEvent {
  return {
    type: 'JobUnseen',
    reason: error.reason,
    message: `The job cannot be looked at: ${error.message} It is tried again at every poll.`,
    remedy: error.remedy,
    next: { action: 'observe', at: run.work.nextActionAt ?? run.status.updateTime },
  };
}

/** A job was found that carries the name of the run and that the run does not follow: it is asked to stop, and nothing else changes. */
export function otherJobFound(run: Run, { name }: JobObservation, foundTime: string): RunEvent {
  const { reason, message, remedy, otherJobs = [] } = run.status;
  const action = pendingAction(run);
  const { nextActionAt } = run.work;
  return {
    type: 'OtherJobFound',
    ...{ reason, message, remedy },
    status: { otherJobs: [...otherJobs, { name, foundTime }] },
    next: action && nextActionAt ? { action, at: nextActionAt } : null,
  };
}

/** The run was cancelled, and a slow function had made a job meanwhile: it is asked to stop, and followed until it does. */
export function cancelFoundJob(run: Run, job: JobObservation): RunEvent {
  return {
    type: 'CancelFoundJob',
    reason: 'CancelRequested',
    message: 'Cancelled; a job had been created meanwhile, and Vertex AI is asked to stop it.',
    status: { job: jobStatus(job, 1) },
    next: { action: 'observe', at: run.work.nextActionAt ?? run.status.updateTime },
  };
}

/** Which attempt a function that was slow may have made of a cancelled run: the one after the job that it followed, or the first. */
export function attemptToVerify({ status: { submitTime, job } }: Run): number {
  return submitTime === undefined ? 1 : (job?.attempt ?? 1) + 1;
}

/** Looked once more: no job was made for the cancelled run, or the one that was has ended. What it has said of a job of its own stays. */
export function cancelVerified(run: Run, job: JobObservation | undefined): RunEvent {
  const { reason, message, remedy } = run.status;
  if (attemptToVerify(run) > 1) return { type: 'CancelVerified', reason, message, remedy, next: null };
  return {
    type: 'CancelVerified',
    reason: 'CancelRequested',
    message: job
      ? `Cancelled; a job had been created meanwhile and has ended as ${job.state}.`
      : 'Cancelled before a job was created; nothing was paid.',
    status: job && { job: jobStatus(job, 1) },
    next: null,
  };
}

import type { TuneError } from '../errors/errors.ts';
import { eventOfJobState, type JobObservation, NO_REASON } from '../tuning/job-state.ts';
import { type Measured, noticeable, type Progress, progressOf } from '../tuning/progress.ts';
import type { TuningResult } from '../tuning/results.ts';
import { type Failure, factsOf, failureOf } from './attempts.ts';
import type { JobStatus, Run, RunStatus } from './run.ts';
import type { RunEvent } from './state.ts';

/** The events of a job, in words: what the document will say of it. Pure; times are RFC 3339 UTC. */

/** The job exists on Vertex AI, made by us now or by an earlier try. */
export function submitted(observation: JobObservation, attempt: number, now: string): RunEvent {
  return {
    type: 'Submitted',
    reason: 'JobCreated',
    message: 'Vertex AI has the job and has not begun it.',
    status: { job: jobStatus(observation, attempt) },
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
    message: `Vertex AI no longer knows the job ${run.status.job?.name ?? ''}; it was deleted by hand.`,
    remedy: 'Upload the manifest again, with another model_display_name, to start a new run.',
    next: null,
  };
}

/** What is known besides the job once it has ended. */
export type Outcome = Pick<RunStatus, 'metrics' | 'result' | 'howToCall'>;

/** What is known besides the job: its curves while it runs, and what it left once it has ended. */
export interface Seen {
  outcome?: Outcome;
  /** `unread`: nobody looked, so the progress stays what it is. */
  measured?: Measured | 'unread' | undefined;
}

/** What a look at the job says of the run. */
export function jobObserved(
  run: Run,
  observation: JobObservation,
  { outcome = {}, measured }: Seen = {},
): RunEvent {
  const event = eventOfJob(run, observation, outcome.result);
  const progress = event.type === 'JobRunning' ? progressNow(run, observation, measured) : undefined;
  return { ...event, status: { ...event.status, ...outcome, ...(progress ? { progress } : {}) } };
}

function progressNow(
  { spec, status }: Run,
  observation: JobObservation,
  measured: Seen['measured'],
): Progress | undefined {
  if (measured === 'unread') return status.progress;
  return noticeable(status.progress, spec.plan && progressOf(spec.plan, observation, measured));
}

function eventOfJob(run: Run, observation: JobObservation, result: TuningResult | undefined): RunEvent {
  const type = eventOfJobState(observation.state);
  const job = jobStatus(observation, run.status.job?.attempt ?? 1);
  const dueSince = run.work.nextActionAt ?? run.status.updateTime;
  const following = { action: 'observe', at: dueSince } as const;
  switch (type) {
    case 'JobSucceeded':
    case 'JobPartial':
      return finished(type, run, { observation, job, result });
    case 'JobFailed':
      return isGivenUp(run) ? cancelledBetween(run, observation) : failed(type, run, observation);
    case 'JobExpired':
      return failed(type, run, observation);
    case 'JobCancelled':
      return {
        type,
        reason: 'JobCancelled',
        message: run.status.cancelRequested
          ? 'Vertex AI cancelled the job, as the manifest asked.'
          : 'The job was cancelled on Vertex AI, not by a manifest.',
        status: { job, ...startAndEnd(observation) },
        next: null,
      };
    default:
      return {
        type,
        ...wordsOfJobState(observation.state, run),
        status: { job, ...startAndEnd(observation) },
        next: following,
      };
  }
}

const WORDS_OF_JOB_STATE: Record<string, { reason: string; message: string }> = {
  QUEUED: { reason: 'JobQueued', message: 'Vertex AI has the job in its queue.' },
  PENDING: { reason: 'JobCreated', message: 'Vertex AI has the job and has not begun it.' },
  RUNNING: {
    reason: 'JobRunning',
    message: 'Vertex AI is working on the job. The run looks again at every poll.',
  },
  PAUSED: { reason: 'JobPaused', message: 'The job is paused on Vertex AI; it can be resumed there.' },
  CANCELLING: {
    reason: 'JobCancelling',
    message: 'Vertex AI is cancelling the job; it may still succeed first.',
  },
};

function wordsOfJobState(state: string, run: Run): { reason: string; message: string } {
  if (run.status.cancelRequested && !state.endsWith('CANCELLING')) {
    return {
      reason: 'CancelRequested',
      message:
        'Asked to cancel; the run ends as soon as Vertex AI lets go of the job, which may still succeed first.',
    };
  }
  return (
    WORDS_OF_JOB_STATE[state.replace(/^(PIPELINE|JOB)_STATE_/, '')] ?? {
      reason: 'JobStateUnknown',
      message: `Vertex AI reports ${state}, a state that this version does not know; the run goes on being followed.`,
    }
  );
}

const BEFORE_THE_RESULT = {
  JobSucceeded: '',
  JobPartial: 'Vertex AI finished the job with part of its results. ',
};

function finished(
  type: 'JobSucceeded' | 'JobPartial',
  run: Run,
  {
    observation,
    job,
    result,
  }: { observation: JobObservation; job: JobStatus; result: TuningResult | undefined },
): RunEvent {
  const model = result?.modelVersion ?? result?.model;
  const endpoint = result?.endpoint;
  const named = model ? `The model is tuned: ${model}.` : 'The job succeeded, but names no model.';
  const served = endpoint ? ` It is served by ${endpoint}.` : ' It is not deployed to an endpoint.';
  const race = run.status.cancelRequested ? 'The run was asked to cancel, but the job succeeded first. ' : '';
  const reason = type === 'JobSucceeded' ? 'JobSucceeded' : 'JobPartiallySucceeded';
  return {
    type,
    reason: race ? 'SucceededBeforeCancel' : reason,
    message: race + BEFORE_THE_RESULT[type] + named + served,
    status: {
      job,
      ...(model ? { model } : {}),
      ...(endpoint ? { endpoint } : {}),
      ...startAndEnd(observation),
    },
    next: null,
  };
}

function failed(type: 'JobFailed' | 'JobExpired', run: Run, observation: JobObservation): RunEvent {
  const failure = failureOf(observation);
  const { cause, words } = failure;
  return {
    type,
    reason: cause?.reason ?? type,
    message: type === 'JobExpired' ? wordsOfExpiry(observation) : wordsOfFailure(failure),
    remedy: cause?.remedy(factsOf(run, words)) ?? REMEDY_WITHOUT_CAUSE[type],
    status: { job: failedJob(run, observation, failure), ...startAndEnd(observation) },
    next: null,
  };
}

/** The job failed by something that passes, and somebody asked to cancel before the next attempt was made. */
function isGivenUp({ status: { job, cancelRequested } }: Run): boolean {
  return job?.nextAttemptAt !== undefined && cancelRequested !== undefined;
}

function cancelledBetween(run: Run, observation: JobObservation): RunEvent {
  const failure = failureOf(observation);
  return {
    type: 'JobCancelled',
    reason: 'CancelRequested',
    message: `Cancelled before another attempt was made. ${wordsOfFailure(failure)}`,
    status: { job: failedJob(run, observation, failure), ...startAndEnd(observation) },
    next: null,
  };
}

const REMEDY_WITHOUT_CAUSE = {
  JobFailed: 'Mend what Vertex AI names, then upload the manifest again.',
  JobExpired: 'Upload the manifest again, with fewer train_steps if the training itself took too long.',
};

function wordsOfExpiry({ error }: JobObservation): string {
  const words = error ? ` It says: ${error.slice(0, 2_000)}` : '';
  return `Vertex AI ended the job because its time was up.${words}`;
}

function wordsOfFailure({ task, message, cause }: Failure): string {
  const where = task ? `The task ${task} failed` : 'The job failed';
  const words = message.slice(0, 2_000);
  return cause ? `${where}. ${cause.sentence} Vertex AI says: ${words}` : `${where}: ${words}`;
}

function failedJob(run: Run, observation: JobObservation, { task, words }: Failure): JobStatus {
  return {
    ...jobStatus(observation, run.status.job?.attempt ?? 1),
    ...(task ? { failedTask: task } : {}),
    ...(words === NO_REASON ? {} : { error: words.slice(0, 2_000) }),
  };
}

/** The job failed by something that passes: the run goes on with another job at `at`. */
export function jobRetrying(run: Run, observation: JobObservation, at: string): RunEvent {
  const failure = failureOf(observation);
  const job = failedJob(run, observation, failure);
  return {
    type: 'JobRetrying',
    reason: failure.cause?.reason ?? 'JobFailed',
    message: `${wordsOfFailure(failure)} Attempt ${job.attempt + 1} is made at ${at}.`,
    remedy: failure.cause?.whileWaiting ?? 'Nothing to do: the run tries again by itself.',
    status: { job: { ...job, nextAttemptAt: at } },
    next: { action: 'observe', at },
  };
}

/** Another job was made for the run, because the one before failed by something that passes. */
export function jobResubmitted(observation: JobObservation, attempt: number, now: string): RunEvent {
  return {
    type: 'JobResubmitted',
    reason: 'JobCreated',
    message: `Vertex AI has a new job, attempt ${attempt}, and has not begun it.`,
    status: { job: jobStatus(observation, attempt) },
    next: { action: 'observe', at: now },
  };
}

function startAndEnd(observation: JobObservation): Pick<RunStatus, 'startTime' | 'endTime'> {
  return {
    ...(observation.startTime ? { startTime: observation.startTime } : {}),
    ...(observation.endTime ? { endTime: observation.endTime } : {}),
  };
}

function jobStatus(observation: JobObservation, attempt: number): JobStatus {
  const { name, state, createTime, startTime, endTime } = observation;
  return {
    name,
    state,
    region: name.split('/')[3] ?? '',
    ...(createTime ? { createTime } : {}),
    ...(startTime ? { startTime } : {}),
    ...(endTime ? { endTime } : {}),
    attempt,
  };
}

/** Vertex AI does not let us look at the job; it is tried again at every poll. */
export function jobUnseen(run: Run, error: TuneError): RunEvent {
  return {
    type: 'JobUnseen',
    reason: error.reason,
    message: `The job cannot be looked at: ${error.message} It is tried again at every poll.`,
    ...(error.remedy ? { remedy: error.remedy } : {}),
    next: { action: 'observe', at: run.work.nextActionAt ?? run.status.updateTime },
  };
}

/** The run was cancelled, and a slow function had made a job meanwhile: it is asked to stop, and followed until it does. */
export function cancelFoundJob(run: Run, observation: JobObservation): RunEvent {
  return {
    type: 'CancelFoundJob',
    reason: 'CancelRequested',
    message: 'Cancelled; a job had been created meanwhile, and Vertex AI is asked to stop it.',
    status: { job: jobStatus(observation, 1) },
    next: { action: 'observe', at: run.work.nextActionAt ?? run.status.updateTime },
  };
}

/** Looked once more: no job was made for the cancelled run, or the one that was has ended. */
export function cancelVerified(observation: JobObservation | undefined): RunEvent {
  return {
    type: 'CancelVerified',
    reason: 'CancelRequested',
    message: observation
      ? `Cancelled; a job had been created meanwhile and has ended as ${observation.state}.`
      : 'Cancelled before a job was created; nothing was paid.',
    ...(observation ? { status: { job: jobStatus(observation, 1) } } : {}),
    next: null,
  };
}

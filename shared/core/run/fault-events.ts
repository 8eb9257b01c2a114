import { nextTryAt } from '../errors/backoff.ts';
import type { ErrorKind, TuneError } from '../errors/errors.ts';
import { originOf } from '../errors/origin.ts';
import type { NextAction } from './next-actions.ts';
import { followsJob, pendingAction, type Run, type RunFault } from './run.ts';
import { isTerminal } from './states.ts';
import type { RunEvent, RunEventType } from './transitions.ts';

export interface FaultTimes {
  /** What is deployed of the function that met the fault. */
  version: string;
  /** RFC 3339 UTC. */
  now: string;
  /** Multiplies every duration; 1 in production. */
  scale: number;
}

/** The event by which each action waits. */
const WAIT: Record<NextAction, RunEventType> = {
  validate: 'CheckDeferred',
  admit: 'Queued',
  submit: 'SubmitDeferred',
  observe: 'JobUnseen',
  evaluate: 'EvaluationDeferred',
  sweep: 'SweepSeen',
};

/**
 * The run met a fault that is not its own, and waits: longer from try to try, and anew once another version is deployed.
 * Only before a job may live does it end, when one version could not do its work for a day.
 */
export function postponed(run: Run, error: TuneError, { version, now, scale }: FaultTimes): RunEvent {
  const action = pendingAction(run) ?? 'observe';
  const fault = nextFault(run.work.fault, version, now);
  const since = action === 'validate' ? fault.since : now;
  // A kind that would end a run elsewhere waits like the others where a job may live.
  const kind: ErrorKind = error.retry === 'never' ? 'misconfiguration' : error.kind;
  const tryAt = nextTryAt(kind, { attempts: fault.tries - 1, since, now, scale });
  // Whoever waits for a turn is looked at in every minute, and its time is that of the end of the wait.
  const at = action === 'admit' ? run.work.nextActionAt : tryAt;
  if (!at) return givenUp(error, fault);
  const isOver = isTerminal(run.status.state);
  const { reason, message, remedy } = isOver ? run.status : wordsOfWait(error, at);
  return {
    type: isOver ? 'CancelUnverified' : WAIT[action],
    ...{ reason, message, remedy, fault },
    next: { action, at },
    waitingFor: run.work.waitingFor,
  };
}

/** Why a run that follows a job says nothing new of it. */
const UNANSWERED = 'JobUnanswered';

/**
 * The job of a run could not be followed since long, by what may pass at any time. Said once: what is thrown may have other words each
 * time. Undefined where no job is followed.
 */
export function jobUnanswered(run: Run, error: TuneError, since: string): RunEvent | undefined {
  const { status, work } = run;
  if (!followsJob(run) || status.reason === UNANSWERED) return;
  return {
    type: 'JobUnseen',
    reason: UNANSWERED,
    message: `The job could not be followed since ${since}. It goes on meanwhile, or has ended: it is looked at again at every poll, and neither cancelled nor made anew. What was met: ${error.message}`,
    remedy:
      'Nothing to do: the run goes on by itself. Until then the Google Cloud console shows the job, where it can be cancelled too.',
    next: { action: 'observe', at: work.nextActionAt ?? status.updateTime },
  };
}

function nextFault(before: RunFault | undefined, version: string, now: string): RunFault {
  if (before?.version !== version) return { version, tries: 1, since: now };
  return { ...before, tries: before.tries + 1 };
}

function wordsOfWait(error: TuneError, at: string): Pick<RunEvent, 'reason' | 'message' | 'remedy'> {
  return {
    reason: error.reason,
    message: `${whatIsWrong(error)} The run waits, and nothing of it is lost; the next try is at ${at}.`,
    remedy:
      error.remedy ?? 'Nothing to do about the upload: whoever operates tunedrop finds this run in the logs.',
  };
}

function givenUp(error: TuneError, { version, tries, since }: RunFault): RunEvent {
  return {
    type: 'CheckFailed',
    reason: error.reason,
    message: `${whatIsWrong(error)} Version ${version} has met it ${tries} times since ${since}; nothing was started.`,
    remedy: `${error.remedy ?? 'Tell whoever operates tunedrop, who finds this run in the logs.'} Then upload the manifest again.`,
    next: null,
  };
}

function whatIsWrong(error: TuneError): string {
  if (error.kind !== 'defect') return error.message;
  const origin = originOf(error);
  return `There is a mistake in the code of tunedrop${origin ? `, in ${origin}` : ''}: ${error.message.slice(0, 300)}.`;
}

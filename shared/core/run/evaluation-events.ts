import type { TuneError } from '../errors/errors.ts';
import type { EvaluationStatus } from '../evaluation/status.ts';
import { formatCount } from '../issues/numbers.ts';
import { claimsInWords } from './events.ts';
import type { Run } from './run.ts';
import { isTerminal } from './states.ts';
import type { RunEvent, RunEventType } from './transitions.ts';

/** The events of the evaluation of a run that has succeeded, in words. What the run has come to stays. Pure; times are RFC 3339 UTC. */

/** Whether the model of a run is being asked, or is still to be. */
export function isEvaluationOpen({ status: { evaluation } }: Pick<Run, 'status'>): boolean {
  return evaluation?.state === 'WAITING' || evaluation?.state === 'RUNNING';
}

/** Whether nothing more will be said of a run: it has ended, and its evaluation with it. */
export function isWhollyOver(run: Pick<Run, 'status'>): boolean {
  return isTerminal(run.status.state) && !isEvaluationOpen(run);
}

/** A run succeeds: what was planned comes next, and is asked for again if nobody has begun by `askAgainAt`. */
export function withEvaluation(run: Run, event: RunEvent, askAgainAt: string): RunEvent {
  const { evaluation } = run.status;
  if (event.type !== 'JobSucceeded' || evaluation?.state !== 'PLANNED') return event;
  if (event.status?.endpoint === undefined)
    return { ...event, status: { ...event.status, evaluation: NOT_SERVED } };
  const waiting: EvaluationStatus = { ...evaluation, ...WAITS, nextTime: undefined };
  return {
    ...event,
    status: { ...event.status, evaluation: waiting },
    next: { action: 'evaluate', at: askAgainAt },
  };
}

const NOT_SERVED: EvaluationStatus = {
  state: 'LEFT_OUT',
  reason: 'NotServed',
  message: 'The tuned model is deployed to no endpoint, so that it cannot be asked.',
};

const WAITS = {
  state: 'WAITING',
  reason: 'NotBegun',
  message: 'The tuned model and its base are about to be asked the examples of the evaluation file.',
} as const;

/** How far an evaluation is, in examples. */
export interface EvaluationProgress {
  answered: number;
  judged: number;
}

/** As the document has it. */
export function progressIn({ status: { evaluation } }: Pick<Run, 'status'>): EvaluationProgress {
  return { answered: evaluation?.answered ?? 0, judged: evaluation?.judge?.judged ?? 0 };
}

/** Whether more is there than the document says. */
export function isFurther(run: Run, { answered, judged }: EvaluationProgress): boolean {
  const before = progressIn(run);
  return answered > before.answered || judged > before.judged;
}

/** What was asked so far, as the document keeps it. */
function progressed({ status: { evaluation } }: Run, { answered, judged }: EvaluationProgress) {
  const judge = evaluation?.judge;
  return { answered, judge: judge?.state === 'PLANNED' && judged > 0 ? { ...judge, judged } : judge };
}

const progressText = ({ answered, judged }: EvaluationProgress) =>
  `${formatCount(answered)} examples are answered${judged > 0 ? ` and ${formatCount(judged)} of them judged` : ''}`;

/** Somebody asks; if nothing is heard until the lease ends, somebody else goes on. */
export function evaluating(run: Run, { now, leaseUntil }: { now: string; leaseUntil: string }): RunEvent {
  const { evaluation } = run.status;
  const { answered, judged } = progressIn(run);
  const judges = judged > 0 ? ` ${evaluation?.judge?.model} has judged ${formatCount(judged)} of them.` : '';
  return eventOf(run, 'Evaluating', {
    evaluation: {
      state: 'RUNNING',
      reason: 'Asking',
      message: `${formatCount(answered)} of ${formatCount(evaluation?.examples ?? 0)} examples are answered.${judges}`,
      startTime: evaluation?.startTime ?? now,
    },
    at: leaseUntil,
  });
}

/** The due evaluation is asked for once more; `at` is when it is asked for again if nothing happens. */
export function evaluationAsked(run: Run, at: string): RunEvent {
  return eventOf(run, 'EvaluationAsked', { at });
}

/** The time of one call is over: the next one goes on at once. */
export function evaluationGoesOn(
  run: Run,
  { at, ...progress }: EvaluationProgress & { at: string },
): RunEvent {
  return eventOf(run, 'EvaluationDeferred', {
    evaluation: {
      state: 'WAITING',
      reason: 'GoesOn',
      message: `${progressText(progress)}, and the others are next.`,
      ...progressed(run, progress),
    },
    at,
  });
}

/** Vertex AI would not answer now; what was answered is kept. */
export function evaluationDeferred(
  run: Run,
  error: TuneError,
  { at, ...progress }: EvaluationProgress & { at: string },
): RunEvent {
  return {
    ...eventOf(run, 'EvaluationDeferred', {
      evaluation: {
        state: 'WAITING',
        reason: error.reason,
        message: `${error.message} ${progressText(progress)}, and none of them is asked again. The next try is at ${at}.`,
        remedy: error.remedy,
        nextTime: at,
        ...progressed(run, progress),
      },
      at,
    }),
    failedTry: !isFurther(run, progress),
  };
}

/** All are answered and compared. */
export function evaluated(run: Run, found: Omit<EvaluationStatus, 'state' | 'reason'>): RunEvent {
  return eventOf(run, 'EvaluationEnded', {
    evaluation: { ...found, state: 'DONE', reason: 'Compared' },
    at: null,
  });
}

/** Nobody can say whether the model is better. */
export function evaluationFailed(
  run: Run,
  { reason, message, remedy }: Pick<EvaluationStatus, 'reason' | 'message' | 'remedy'>,
  endTime: string,
): RunEvent {
  return eventOf(run, 'EvaluationEnded', {
    evaluation: { state: 'FAILED', reason, message, remedy, endTime },
    at: null,
  });
}

/** The function ended over this evaluation, again and again. */
export function evaluatorDied(run: Run, now: string): RunEvent {
  return evaluationFailed(
    run,
    {
      reason: 'FunctionDied',
      message: `The evaluate function ${claimsInWords(run)} What was answered is kept.`,
      remedy: 'Have whoever operates tunedrop read the logs of the evaluate function.',
    },
    now,
  );
}

/** Nobody has evaluated for as long as this deployment lets a run wait. */
export function evaluationGivenUp(run: Run, now: string): RunEvent {
  const { requests, waitingSince } = run.work;
  return evaluationFailed(
    run,
    {
      reason: 'NoAnswer',
      message: `The evaluate function was asked ${formatCount(requests)} times since ${waitingSince ?? run.status.endTime}, and has not said what came of it.`,
      remedy: 'Have whoever operates tunedrop read the logs of the evaluate function.',
    },
    now,
  );
}

/** What is said of the evaluation is new, and nothing else; a wait that is over has no next time, and what was advised is done. */
function eventOf(
  { status }: Run,
  type: RunEventType,
  { evaluation, at }: { evaluation?: Partial<EvaluationStatus>; at: string | null },
): RunEvent {
  const { reason, message, remedy, evaluation: before } = status;
  const after = before && evaluation && { ...before, nextTime: undefined, remedy: undefined, ...evaluation };
  return {
    type,
    ...{ reason, message, remedy },
    status: { evaluation: after },
    next: at === null ? null : { action: 'evaluate', at },
  };
}

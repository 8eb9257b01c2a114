import { defined } from '../json/defined.ts';
import { isSameJson } from '../json/same-json.ts';
import type { NextAction } from './next-actions.ts';
import { queueKeyOf } from './queue.ts';
import type { HistoryEntry, Run, RunFault, RunSpec, RunSpending, RunStatus } from './run.ts';
import { isTerminal, RUN_STATES, type RunState } from './states.ts';

/** A run that follows a job, or has ended. */
const WITH_JOB_OR_OVER = (Object.keys(RUN_STATES) as RunState[]).filter(
  (state) => state === 'SUBMITTED' || state === 'RUNNING' || isTerminal(state),
);

/**
 * The one table of what may follow what. `to: null` keeps the state: the run waits, or more is known of it.
 * An event is lawful from the states that it names and from no other.
 */
export const TRANSITIONS = {
  Superseded: { from: ['RECEIVED', 'WAITING'], to: 'SUPERSEDED' },
  DatasetMissing: { from: ['RECEIVED', 'WAITING'], to: 'WAITING' },
  /** The upload could not be read: one more try comes, or none. */
  CheckDeferred: { from: ['RECEIVED', 'WAITING'], to: null },
  CheckFailed: { from: ['RECEIVED', 'WAITING'], to: 'FAILED' },
  Rejected: { from: ['RECEIVED', 'WAITING'], to: 'REJECTED' },
  Skipped: { from: ['RECEIVED', 'WAITING'], to: 'SKIPPED' },
  Planned: { from: ['RECEIVED', 'WAITING'], to: 'PLANNED' },
  Validated: { from: ['RECEIVED', 'WAITING'], to: 'VALIDATED' },
  /** The next action was due and nobody came: it is asked for again. */
  AskedAgain: { from: ['RECEIVED', 'WAITING', 'VALIDATED', 'SUBMITTING'], to: null },
  /** The run waits in the queue of its kind of job, or has come further in it. */
  Queued: { from: ['VALIDATED', 'SUBMITTING'], to: null },
  /** It is the run's turn. */
  Admitted: { from: ['VALIDATED', 'SUBMITTING'], to: null },
  /** The run waited for its job as long as this deployment lets it. */
  WaitedTooLong: { from: ['VALIDATED', 'SUBMITTING'], to: 'FAILED' },
  Submitting: { from: ['VALIDATED'], to: 'SUBMITTING' },
  SubmitDeferred: { from: ['VALIDATED', 'SUBMITTING'], to: null },
  SubmitFailed: { from: ['VALIDATED', 'SUBMITTING'], to: 'FAILED' },
  Submitted: { from: ['VALIDATED', 'SUBMITTING'], to: 'SUBMITTED' },
  JobQueued: { from: ['SUBMITTED', 'RUNNING'], to: null },
  JobRunning: { from: ['SUBMITTED', 'RUNNING'], to: 'RUNNING' },
  JobSucceeded: { from: ['SUBMITTED', 'RUNNING'], to: 'SUCCEEDED' },
  JobPartial: { from: ['SUBMITTED', 'RUNNING'], to: 'PARTIAL' },
  JobFailed: { from: ['SUBMITTED', 'RUNNING'], to: 'FAILED' },
  JobCancelled: { from: ['SUBMITTED', 'RUNNING'], to: 'CANCELLED' },
  JobExpired: { from: ['SUBMITTED', 'RUNNING'], to: 'EXPIRED' },
  /** Vertex AI does not let us look at the job. */
  JobUnseen: { from: ['SUBMITTED', 'RUNNING'], to: null },
  JobMissing: { from: ['SUBMITTED', 'RUNNING'], to: null },
  /** The job failed by something that passes: another is made, under an id of its own. */
  JobRetrying: { from: ['SUBMITTED', 'RUNNING'], to: null },
  JobResubmitted: { from: ['SUBMITTED', 'RUNNING'], to: null },
  JobLost: { from: ['SUBMITTED', 'RUNNING'], to: 'LOST' },
  CancelRequested: {
    from: ['RECEIVED', 'WAITING', 'VALIDATED', 'SUBMITTING', 'SUBMITTED', 'RUNNING'],
    to: null,
  },
  Cancelled: { from: ['RECEIVED', 'WAITING', 'VALIDATED', 'SUBMITTING'], to: 'CANCELLED' },
  /** After a cancel without a job: somebody had created one behind our back; it is asked to stop. */
  CancelFoundJob: { from: ['CANCELLED'], to: null },
  /** After a cancel without a job: nobody created one behind our back, or it has ended. */
  CancelVerified: { from: ['CANCELLED'], to: null },
  /** After a cancel without a job: nobody could look. */
  CancelUnverified: { from: ['CANCELLED'], to: null },
  /** Another job of the run was found, and asked to stop. The run itself goes on, or stays at its end. */
  OtherJobFound: { from: WITH_JOB_OR_OVER, to: null },
  /** The model of a run that has succeeded is asked, or will be. None of these changes what the run has come to. */
  Evaluating: { from: ['SUCCEEDED'], to: null },
  EvaluationAsked: { from: ['SUCCEEDED'], to: null },
  EvaluationDeferred: { from: ['SUCCEEDED'], to: null },
  EvaluationEnded: { from: ['SUCCEEDED'], to: null },
  /** Of the run of a sweep's manifest: what became of the runs that it asked for. */
  SweepSeen: { from: ['VALIDATED', 'RUNNING'], to: null },
  SweepRunning: { from: ['VALIDATED', 'RUNNING'], to: 'RUNNING' },
  SweepSucceeded: { from: ['VALIDATED', 'RUNNING'], to: 'SUCCEEDED' },
  SweepFailed: { from: ['VALIDATED', 'RUNNING'], to: 'FAILED' },
  SweepCancelled: { from: ['VALIDATED', 'RUNNING'], to: 'CANCELLED' },
  DeadLettered: { from: ['RECEIVED', 'WAITING', 'VALIDATED', 'SUBMITTING'], to: 'DEAD_LETTERED' },
} as const satisfies Record<string, { from: readonly RunState[]; to: RunState | null }>;

export type RunEventType = keyof typeof TRANSITIONS;

/** Something that happened to a run, with what it changes in the document besides the state. */
export interface RunEvent {
  type: RunEventType;
  reason: string;
  message: string;
  remedy?: string | undefined;
  spec?: Partial<Omit<RunSpec, 'source'>> | undefined;
  status?:
    | Partial<
        Omit<RunStatus, 'state' | 'reason' | 'message' | 'remedy' | 'createTime' | 'updateTime' | 'history'>
      >
    | undefined;
  /** What is to be done next and when; null when the run is over. */
  next: { action: NextAction; at: string } | null;
  /** The `gs://` URIs that the run now waits for. */
  waitingFor?: string[] | undefined;
  /** True when this was one more try that came to nothing. */
  failedTry?: boolean | undefined;
  /** The fault that makes the run wait, where it is not the run's own. */
  fault?: RunFault | undefined;
  /** What is noted of the sums of the run's folder, where that is news. */
  spending?: RunSpending | undefined;
}

export type TransitionResult =
  | { outcome: 'changed'; run: Run; history: HistoryEntry | null }
  /** Already there, or past it: at-least-once delivery is normal. */
  | { outcome: 'unchanged'; run: Run }
  | { outcome: 'illegal'; run: Run; why: string };

/** Time stamps that a state sets when a run enters it. */
const TIME_OF_STATE: Partial<Record<RunState, 'validateTime' | 'submitTime' | 'startTime'>> = {
  VALIDATED: 'validateTime',
  SUBMITTED: 'submitTime',
  RUNNING: 'startTime',
};

/** What a run becomes when `event` happens at `now` (RFC 3339 UTC). Pure: the same answer for the same question. */
export function transition(run: Run, event: RunEvent, now: string): TransitionResult {
  const from = run.status.state;
  const row: { from: readonly RunState[]; to: RunState | null } = TRANSITIONS[event.type];
  if (!row.from.includes(from)) {
    return isBehind(from, row.to)
      ? { outcome: 'unchanged', run }
      : { outcome: 'illegal', run, why: `${event.type} cannot happen to a run that is ${from}` };
  }

  const to = row.to ?? from;
  const changed = changedRun(run, event, to);
  if (to === from && sameContent(run, changed)) return { outcome: 'unchanged', run };
  const after = stamped(changed, event, now);
  const { reason, message } = toldOf(after, event);
  if (to === from && !isCancelAsked(run, after) && event.type !== 'EvaluationEnded')
    return { outcome: 'changed', run: after, history: null };
  const history = { time: now, from, to, reason, message };
  return { outcome: 'changed', run: withHistory(after, history), history };
}

/** The words of a run that has succeeded stay; what its history tells of its evaluation is what that has come to. */
function toldOf({ status }: Run, event: RunEvent): Pick<HistoryEntry, 'reason' | 'message'> {
  return (event.type === 'EvaluationEnded' && status.evaluation) || event;
}

/** That somebody asked for the end of a run is told once, though it changes no state. */
function isCancelAsked(before: Run, after: Run): boolean {
  return before.status.cancelRequested === undefined && after.status.cancelRequested !== undefined;
}

function withHistory(run: Run, entry: HistoryEntry): Run {
  return { ...run, status: { ...run.status, history: [...run.status.history, entry] } };
}

/** An event about a state that the run has reached or passed says nothing new. */
function isBehind(from: RunState, to: RunState | null): boolean {
  if (to === null) return isTerminal(from) || RUN_STATES[from].rank > RUN_STATES.SUBMITTING.rank;
  return from === to || RUN_STATES[from].rank > RUN_STATES[to].rank;
}

/** Earlier versions had the progress in the status; it has a document of its own, and the next change takes it out. */
type EarlierStatus = RunStatus & { progress?: unknown };

function changedRun(run: Run, event: RunEvent, to: RunState): Run {
  const { remedy: _settled, progress: _below, queue: _left, ...status } = run.status as EarlierStatus;
  const queue = event.next?.action === 'admit' ? (event.status?.queue ?? run.status.queue) : undefined;
  return {
    ...run,
    spec: { ...run.spec, ...defined(event.spec ?? {}) },
    status: {
      ...status,
      ...defined(event.status ?? {}),
      links: { ...run.status.links, ...event.status?.links },
      state: to,
      reason: event.reason,
      message: event.message,
      remedy: event.remedy,
      queue,
      evaluation: evaluationAfter(run, event, to),
    },
    work: {
      ...run.work,
      queue: queue && queueKeyOf(queue.kind, run),
      nextAction: event.next?.action ?? null,
      nextActionAt: event.next?.at ?? null,
      ...tries(run, event),
      waitingFor: event.waitingFor ?? [],
      spending: event.spending ?? run.work.spending,
      fault: event.fault ?? (LEAVES_COUNTS.includes(event.type) ? run.work.fault : undefined),
      claims: LEAVES_COUNTS.includes(event.type) ? run.work.claims : undefined,
    },
  };
}

/** What was to come after the success of a run does not come after another end. */
function evaluationAfter({ status }: Run, event: RunEvent, to: RunState): RunStatus['evaluation'] {
  const evaluation = event.status?.evaluation ?? status.evaluation;
  const isInVain = evaluation?.state === 'PLANNED' && isTerminal(to) && to !== 'PLANNED';
  return isInVain ? undefined : evaluation;
}

/** Another try is about to be made, which says nothing about what the last ones met. */
const LEAVES_COUNTS: readonly RunEventType[] = [
  'AskedAgain',
  'EvaluationAsked',
  'Evaluating',
  'CancelRequested',
];
/** The function of the next action is asked once more. */
const ASKS: readonly RunEventType[] = ['AskedAgain', 'EvaluationAsked'];

/** Asking again is no try: it counts by itself, and leaves the back-off where it is. */
function tries({ work }: Run, event: RunEvent): Pick<Run['work'], 'attempts' | 'requests'> {
  if (ASKS.includes(event.type)) return { attempts: work.attempts, requests: work.requests + 1 };
  if (event.type === 'Evaluating') return { attempts: work.attempts, requests: 0 };
  return { attempts: event.failedTry ? work.attempts + 1 : 0, requests: 0 };
}

/** These say nothing of what came of creating a job. */
const LEAVES_HOLDER: readonly RunEventType[] = ['Submitting', 'AskedAgain', 'Evaluating'];

/**
 * Whoever creates a job, or asks a model, holds the run until it says what came of it, so that one who died over it is known. A fault that is not the
 * run's says nothing of that either, but whoever met it is done: the run is anybody's at its next time.
 */
function holderAfter(
  { status, work }: Run,
  { type, fault, next }: RunEvent,
): Pick<Run['work'], 'owner' | 'leaseUntil'> {
  const { owner, leaseUntil } = work;
  const mayHold = status.state === 'SUBMITTING' || type === 'Evaluating';
  if (!mayHold || owner === null) return { owner: null, leaseUntil: null };
  if (LEAVES_HOLDER.includes(type)) return { owner, leaseUntil };
  return fault && next ? { owner, leaseUntil: next.at } : { owner: null, leaseUntil: null };
}

function stamped(run: Run, event: RunEvent, now: string): Run {
  const to = run.status.state;
  const field = TIME_OF_STATE[to];
  const waits = event.failedTry || ASKS.includes(event.type);
  const status = { ...run.status, updateTime: now };
  if (field) status[field] ??= now;
  if (isTerminal(to)) status.endTime ??= now;
  return {
    ...run,
    status,
    work: {
      ...run.work,
      ...holderAfter(run, event),
      revision: run.work.revision + 1,
      waitingSince: waits ? (run.work.waitingSince ?? now) : waitAfter(run, event),
    },
  };
}

/** Whoever begins to ask has not been answered yet. */
function waitAfter({ work }: Run, { type }: RunEvent): string | null {
  return type === 'Evaluating' ? work.waitingSince : null;
}

/** Equal in everything but who holds the lease: then there is nothing to write. */
function sameContent(a: Run, b: Run): boolean {
  return (
    isSameJson([a.spec, a.status], [b.spec, b.status]) && JSON.stringify(a.work) === JSON.stringify(b.work)
  );
}

import type { ModelDocument } from '../tuning/results.ts';
import {
  isPublished,
  isUnsettled,
  type JobStatus,
  type OtherRun,
  PUBLISH,
  type Run,
  type RunSpending,
} from './run.ts';
import { isTerminal } from './states.ts';
import { type RunEvent, transition } from './transitions.ts';

/** Under which conditions an event is written, and what is written with it. */
export interface ApplyOptions {
  /** Refuses the write unless the run still has this epoch. Absent: the order of states alone decides. */
  epoch?: number | undefined;
  /** Refuses the write unless the run is still at this revision. */
  revision?: number | undefined;
  /** Refuses the write unless the run still follows this job, in this attempt: what was seen of another one says nothing of the run now. */
  follows?: Pick<JobStatus, 'name' | 'attempt'> | undefined;
  /** Refuses the write unless this is still the turn to let runs out of their queues: who has a later one has seen more. */
  admissionTurn?: number | undefined;
  /** Refuses the write when another live run has this fingerprint. */
  uniqueFingerprint?: string | undefined;
  /** So many entries of the history were published by now. */
  published?: number | undefined;
  /** Runs that are opened in the same transaction, if the run changes. One that exists stays as it is. */
  opens?: readonly Run[] | undefined;
  /** Written as `models/{modelId}` in the same transaction, if the run changes. */
  model?: ModelDocument | undefined;
}

export type ApplyResult =
  | { outcome: 'changed' | 'unchanged' | 'illegal'; run: Run }
  /** Somebody claimed or changed the run after us: what we know is old. */
  | { outcome: 'fenced'; run: Run }
  /** An earlier run has the same fingerprint and is under way or has succeeded. */
  | { outcome: 'duplicate'; run: Run; of: OtherRun };

export interface ApplyInput {
  run: Run;
  event: RunEvent;
  now: string;
  /** Other runs with its fingerprint, where that has to be unique. */
  sameFingerprint: OtherRun[];
  /** The latest turn to let runs out of their queues, where the event needs one. */
  admissionTurn?: number | undefined;
}

/** What a store does with an event, given the runs as they are now. */
export function decideApply(
  { run, event, now, sameFingerprint, admissionTurn }: ApplyInput,
  { epoch, revision, follows, admissionTurn: turn, published = 0 }: ApplyOptions,
): ApplyResult {
  if (epoch !== undefined && epoch !== run.work.epoch) return { outcome: 'fenced', run };
  if (revision !== undefined && revision !== run.work.revision) return { outcome: 'fenced', run };
  if (turn !== undefined && turn !== admissionTurn) return { outcome: 'fenced', run };
  if (follows && !isSameJob(follows, run.status.job)) return { outcome: 'fenced', run };
  const twin = sameFingerprint.find((other) => other.runId !== run.runId && standsForTheSame(other));
  if (twin) return { outcome: 'duplicate', run, of: twin };
  const result = transition(run, event, now);
  if (result.outcome !== 'changed') return result;
  return { outcome: 'changed', run: withRest(withPublished(endedInQueue(run, result.run), published), now) };
}

function isSameJob(a: Pick<JobStatus, 'name' | 'attempt'>, b: JobStatus | undefined): boolean {
  return a.name === b?.name && a.attempt === b.attempt;
}

function withPublished(run: Run, published: number): Run {
  return { ...run, work: { ...run.work, published: Math.max(run.work.published, published) } };
}

/** Whoever let the run out of its queue may have reserved its cost and died before that was noted. */
function endedInQueue(before: Run, after: Run): Run {
  if (before.work.nextAction !== 'admit' || !isTerminal(after.status.state)) return after;
  return { ...after, work: { ...after.work, spending: after.work.spending ?? { isSettled: false } } };
}

/** A run stays due whose end was not published, or the sums of whose folder were not told of it. */
export function withRest(run: Run, now: string): Run {
  const { work, status } = run;
  if (work.nextAction !== null || !isTerminal(status.state) || !isLeft(run)) return run;
  return { ...run, work: { ...work, nextAction: PUBLISH, nextActionAt: now } };
}

const isLeft = (run: Run): boolean => !isPublished(run) || isUnsettled(run);

/**
 * The run once so many entries of its history were published; undefined when that says nothing new. The revision stays: nobody
 * who has read the run has read anything old.
 */
export function decidePublished(run: Run, published: number): Run | undefined {
  if (published <= run.work.published) return undefined;
  return withoutRest({ ...run, work: { ...run.work, published } });
}

/** The run once the sums of its folder know how it ended; undefined when that says nothing new. The revision stays here, too. */
export function decideSettled(run: Run, spending: RunSpending): Run | undefined {
  if (run.work.spending?.isSettled && run.work.spending.month === spending.month) return undefined;
  return withoutRest({ ...run, work: { ...run.work, spending } });
}

function withoutRest(run: Run): Run {
  if (run.work.nextAction !== PUBLISH || isLeft(run)) return run;
  return { ...run, work: { ...run.work, nextAction: null, nextActionAt: null } };
}

/** A run that is under way or has succeeded; after one that failed the same bytes deserve another try. */
function standsForTheSame({ status: { state } }: OtherRun): boolean {
  if (state === 'RECEIVED' || state === 'WAITING') return false;
  return !isTerminal(state) || state === 'SUCCEEDED' || state === 'PARTIAL';
}

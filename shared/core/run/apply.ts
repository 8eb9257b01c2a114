import { isFull, type Line, lineBefore } from './places.ts';
import { type HistoryEntry, isTerminal, isTold, type Run, TELL, toldOf } from './run.ts';
import { type RunEvent, transition } from './state.ts';

export interface ApplyConditions {
  epoch?: number | undefined;
  revision?: number | undefined;
  uniqueFingerprint?: string | undefined;
  place?: { maxActiveJobs: number } | undefined;
  told?: number | undefined;
}

export type ApplyDecision =
  | { outcome: 'changed'; run: Run; history: HistoryEntry | null }
  | { outcome: 'unchanged' | 'illegal' | 'fenced'; run: Run }
  | { outcome: 'duplicate'; run: Run; of: Run }
  | { outcome: 'full'; run: Run; line: Line };

export interface ApplyInput {
  run: Run;
  event: RunEvent;
  now: string;
  /** Other runs with its fingerprint, where that has to be unique. */
  sameFingerprint: Run[];
  /** The runs that are active or wait for a place, where the event needs one. */
  competitors: Run[];
}

/** What a store does with an event, given the runs as they are now. */
export function decideApply(
  { run, event, now, sameFingerprint, competitors }: ApplyInput,
  { epoch, revision, place, told = 0 }: ApplyConditions,
): ApplyDecision {
  if (epoch !== undefined && epoch !== run.work.epoch) return { outcome: 'fenced', run };
  if (revision !== undefined && revision !== run.work.revision) return { outcome: 'fenced', run };
  const twin = sameFingerprint.find((other) => other.runId !== run.runId && standsForTheSame(other));
  if (twin) return { outcome: 'duplicate', run, of: twin };
  const result = transition(run, event, now);
  if (result.outcome !== 'changed') return result;
  const line = place && lineBefore(run, competitors);
  if (line && isFull(line, place.maxActiveJobs)) return { outcome: 'full', run, line };
  return { ...result, run: withTold(result.run, told, now) };
}

/** A run that has ended and was not told of stays due, so that somebody tells it. */
function withTold(run: Run, told: number, now: string): Run {
  const after = { ...run, work: { ...run.work, told: Math.max(toldOf(run), told) } };
  const { work, status } = after;
  if (work.nextAction !== null || !isTerminal(status.state) || isTold(after)) return after;
  return { ...after, work: { ...work, nextAction: TELL, nextActionAt: now } };
}

/**
 * The run once so many entries of its history were told; undefined when that says nothing new. The revision stays: nobody
 * who has read the run has read anything old.
 */
export function decideTold(run: Run, told: number): Run | undefined {
  if (told <= toldOf(run)) return undefined;
  const after = { ...run, work: { ...run.work, told } };
  if (run.work.nextAction !== TELL || !isTold(after)) return after;
  return { ...after, work: { ...after.work, nextAction: null, nextActionAt: null } };
}

/** A run that is under way or has succeeded; after one that failed the same bytes deserve another try. */
function standsForTheSame({ status: { state } }: Run): boolean {
  if (state === 'RECEIVED' || state === 'WAITING') return false;
  return !isTerminal(state) || state === 'SUCCEEDED' || state === 'PARTIAL';
}

import { isFull, type Line, lineBefore } from './places.ts';
import { isTerminal, type Run } from './run.ts';
import { type HistoryEntry, type RunEvent, transition } from './run-state.ts';

export interface ApplyConditions {
  epoch?: number;
  revision?: number;
  uniqueFingerprint?: string;
  place?: { maxActiveJobs: number };
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
  { epoch, revision, place }: ApplyConditions,
): ApplyDecision {
  if (epoch !== undefined && epoch !== run.work.epoch) return { outcome: 'fenced', run };
  if (revision !== undefined && revision !== run.work.revision) return { outcome: 'fenced', run };
  const twin = sameFingerprint.find((other) => other.runId !== run.runId && standsForTheSame(other));
  if (twin) return { outcome: 'duplicate', run, of: twin };
  const result = transition(run, event, now);
  if (result.outcome !== 'changed' || !place) return result;
  const line = lineBefore(run, competitors);
  return isFull(line, place.maxActiveJobs) ? { outcome: 'full', run, line } : result;
}

/** A run that is under way or has succeeded; after one that failed the same bytes deserve another try. */
function standsForTheSame({ status: { state } }: Run): boolean {
  if (state === 'RECEIVED' || state === 'WAITING') return false;
  return !isTerminal(state) || state === 'SUCCEEDED' || state === 'PARTIAL';
}

/** Sorts after its predecessors in a list of document names: `0003-VALIDATED`. */
export function historyId(run: Run): string {
  return `${String(run.work.revision).padStart(4, '0')}-${run.status.state}`;
}

import type { OtherRun } from './run.ts';
import type { RunState } from './states.ts';

/** The deployment's limit on jobs that are active at once, and which run comes next. Pure. */

/** States in which a run counts against the limit: its job is being made, or lives. */
export const ACTIVE_STATES = ['SUBMITTING', 'SUBMITTED', 'RUNNING'] as const satisfies readonly RunState[];

/** `status.reason` of a run that waits because of the limit. */
export const OVER_LIMIT = 'TooManyActiveJobs';

/** Whether the run counts against the limit. */
export function isActive({ status: { state } }: OtherRun): boolean {
  return (ACTIVE_STATES as readonly RunState[]).includes(state);
}

/** Whether the run waits because of the limit. */
export function isQueued({ status: { state, reason, cancelRequested } }: OtherRun): boolean {
  return state === 'VALIDATED' && reason === OVER_LIMIT && cancelRequested === undefined;
}

/** Oldest first, by the arrival of the manifest. */
export function byAge(a: OtherRun, b: OtherRun): number {
  return a.status.createTime.localeCompare(b.status.createTime) || a.runId.localeCompare(b.runId);
}

/** What stands between a run and its job. */
export interface QueuePosition {
  /** Other runs that are active. */
  active: number;
  /** Older runs that wait. */
  ahead: number;
}

/** Where `run` stands among the runs that are active or wait. */
export function queuePositionOf(run: OtherRun, others: readonly OtherRun[]): QueuePosition {
  const rest = others.filter(({ runId }) => runId !== run.runId);
  return {
    active: rest.filter(isActive).length,
    ahead: rest.filter((other) => isQueued(other) && byAge(other, run) < 0).length,
  };
}

/** Whether a run in this position has to wait. */
export function isOverLimit({ active, ahead }: QueuePosition, maxActiveJobs: number): boolean {
  return active + ahead >= maxActiveJobs;
}

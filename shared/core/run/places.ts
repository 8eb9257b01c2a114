import type { Run, RunState } from './run.ts';

/** The deployment's limit on jobs that are active at once, and who comes next. Pure. */

/** States in which a run holds a place: its job is being made, or lives. */
export const ACTIVE_STATES = ['SUBMITTING', 'SUBMITTED', 'RUNNING'] as const satisfies readonly RunState[];

/** `status.reason` of a run that waits for a place. */
export const WAITS_FOR_PLACE = 'TooManyActiveJobs';

export function isActive({ status: { state } }: Run): boolean {
  return (ACTIVE_STATES as readonly RunState[]).includes(state);
}

export function waitsForPlace({ status: { state, reason, cancelRequested } }: Run): boolean {
  return state === 'VALIDATED' && reason === WAITS_FOR_PLACE && cancelRequested === undefined;
}

/** Oldest first, by the arrival of the manifest. */
export function byAge(a: Run, b: Run): number {
  return a.status.createTime.localeCompare(b.status.createTime) || a.runId.localeCompare(b.runId);
}

/** What stands between a run and its job. */
export interface Line {
  /** Other runs that hold a place. */
  active: number;
  /** Older runs that wait for one. */
  ahead: number;
}

/** The line before `run`, out of the runs that are active or wait. */
export function lineBefore(run: Run, others: readonly Run[]): Line {
  const rest = others.filter(({ runId }) => runId !== run.runId);
  return {
    active: rest.filter(isActive).length,
    ahead: rest.filter((other) => waitsForPlace(other) && byAge(other, run) < 0).length,
  };
}

/** Whether no place is left for a run behind this line. */
export function isFull({ active, ahead }: Line, maxActiveJobs: number): boolean {
  return active + ahead >= maxActiveJobs;
}

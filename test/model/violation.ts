import type { DocumentWrite, History } from './history.ts';

/** A promise that a history breaks. */
export interface Violation {
  invariant: string;
  runId?: string | undefined;
  what: string;
}

/** What happened, and what was written of each run. */
export interface Facts {
  history: History;
  writes: ReadonlyMap<string, DocumentWrite[]>;
}

export function byRun(writes: readonly DocumentWrite[]): Map<string, DocumentWrite[]> {
  return Map.groupBy(writes, ({ runId }) => runId);
}

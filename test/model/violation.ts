import type { DocumentWrite } from './history.ts';

/** A promise that a history breaks. */
export interface Violation {
  invariant: string;
  runId?: string | undefined;
  what: string;
}

export function byRun(writes: readonly DocumentWrite[]): Map<string, DocumentWrite[]> {
  return Map.groupBy(writes, ({ runId }) => runId);
}

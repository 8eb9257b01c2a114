import { settleRequestOf } from '../core/run/reservation.ts';
import type { Run } from '../core/run/run.ts';
import { isTerminal } from '../core/run/states.ts';
import { type RunEvent, transition } from '../core/run/transitions.ts';
import type { Clock, Logger, Spending } from '../ports.ts';

export interface SettleDeps {
  spending: Spending;
  clock: Clock;
  logger: Logger;
}

/**
 * An event that ends a run for good, once the sums know of it; where they could not be told, the run stays due for that. A model that is asked
 * first costs more: then they are told once it was.
 */
export async function settling(deps: SettleDeps, run: Run, event: RunEvent): Promise<RunEvent> {
  const now = deps.clock.now().toISOString();
  const { outcome, run: ended } = transition(run, event, now);
  const { nextAction } = ended.work;
  if (outcome !== 'changed' || !isTerminal(ended.status.state)) return event;
  if (nextAction === 'evaluate') return { ...event, spending: { ...run.work.spending, isSettled: false } };
  if (nextAction !== null) return event;
  try {
    const month = await deps.spending.settle(settleRequestOf(ended, now));
    return { ...event, spending: { month, isSettled: true } };
  } catch (thrown) {
    notSettled(deps, run, thrown);
    return { ...event, spending: { ...run.work.spending, isSettled: false } };
  }
}

/** It is in the log alone: no sum keeps a run from its end. */
export function notSettled({ logger }: SettleDeps, { runId }: Run, thrown: unknown): void {
  logger.thrown('the sums of a folder were not told how a run ended; it is tried again', thrown, { runId });
}

import { type Budget, settleRequestOf, spendingRequestOf } from '../../shared/core/run/reservation.ts';
import { isUnsettled, type Run, type RunSpending } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { type RunEvent, transition } from '../../shared/core/run/transitions.ts';
import type { Clock, Logger, RunStore, Spending } from '../../shared/ports.ts';

export interface SpendingDeps {
  spending: Spending;
  clock: Clock;
  logger: Logger;
}

/** What has a job is paid for, whatever a budget says. */
const NO_CAP: Budget = { capUsd: undefined, unknownPrices: 'allow' };

/**
 * A run that got its job without a queue is put into the sums of its folder when that job is first looked at, and notes it with what
 * the look says. No sum keeps a job from being followed: what cannot be added now is at the next look, at the end at the latest.
 */
export async function reserveFollowed(deps: SpendingDeps, run: Run): Promise<RunSpending | undefined> {
  if (run.work.spending?.month !== undefined) return undefined;
  const now = deps.clock.now().toISOString();
  try {
    const result = await deps.spending.reserve({ ...spendingRequestOf(run, now), budget: NO_CAP });
    return result.outcome === 'reserved' ? { month: result.month, isSettled: false } : undefined;
  } catch (thrown) {
    deps.logger.thrown('the cost of a run is not in the sums of its folder yet', thrown, {
      runId: run.runId,
    });
    return undefined;
  }
}

/** An event that ends a run for good, once the sums know of it; where they could not be told, the run stays due for that. */
export async function settling(deps: SpendingDeps, run: Run, event: RunEvent): Promise<RunEvent> {
  const now = deps.clock.now().toISOString();
  const { outcome, run: ended } = transition(run, event, now);
  const { nextAction } = ended.work;
  const isForGood = nextAction === null || nextAction === 'evaluate';
  if (outcome !== 'changed' || !isTerminal(ended.status.state) || !isForGood) return event;
  try {
    const month = await deps.spending.settle(settleRequestOf(ended, now));
    return { ...event, spending: { month, isSettled: true } };
  } catch (thrown) {
    notSettled(deps, run, thrown);
    return { ...event, spending: { ...run.work.spending, isSettled: false } };
  }
}

/** A run that another function ended, or whose end the sums could not be told. */
export async function settleEnded(deps: SpendingDeps & { runs: RunStore }, run: Run): Promise<void> {
  if (!isUnsettled(run)) return;
  try {
    const month = await deps.spending.settle(settleRequestOf(run, deps.clock.now().toISOString()));
    await deps.runs.noteSettled(run.runId, { month, isSettled: true });
  } catch (thrown) {
    notSettled(deps, run, thrown);
  }
}

function notSettled({ logger }: SpendingDeps, { runId }: Run, thrown: unknown): void {
  logger.thrown('the sums of a folder were not told how a run ended; it is tried again', thrown, { runId });
}

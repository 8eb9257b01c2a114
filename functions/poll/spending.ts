import { type Budget, settleRequestOf, spendingRequestOf } from '../../shared/core/run/reservation.ts';
import { isUnsettled, type Run, type RunSpending } from '../../shared/core/run/run.ts';
import { notSettled, type SettleDeps } from '../../shared/flows/settle.ts';
import type { RunStore } from '../../shared/ports.ts';

/** What has a job is paid for, whatever a budget says. */
const NO_CAP: Budget = { capUsd: undefined, unknownPrices: 'allow' };

/**
 * A run that got its job without a queue is put into the sums of its folder when that job is first looked at, and notes it with what
 * the look says. No sum keeps a job from being followed: what cannot be added now is at the next look, at the end at the latest.
 */
export async function reserveFollowed(deps: SettleDeps, run: Run): Promise<RunSpending | undefined> {
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

/** A run that another function ended, or whose end the sums could not be told. */
export async function settleEnded(deps: SettleDeps & { runs: RunStore }, run: Run): Promise<void> {
  if (!isUnsettled(run)) return;
  try {
    const month = await deps.spending.settle(settleRequestOf(run, deps.clock.now().toISOString()));
    await deps.runs.noteSettled(run.runId, { month, isSettled: true });
  } catch (thrown) {
    notSettled(deps, run, thrown);
  }
}

import { type Budget, costEstimateOf, isHeldForGood } from './reservation.ts';
import type { Run } from './run.ts';
import { dollarSum, topFolderOf } from './spending.ts';

/** When the runs that the budgets of their folders hold go on by themselves. Pure. */

export interface Outlook {
  /** After so many begins of a month; undefined: not by itself. */
  monthsAhead: number | undefined;
  /** The run before it in its folder that does not go on by itself, for which this one does not either. */
  behind?: Run | undefined;
}

/** A run that is held, and when it goes on. */
export interface HeldRun {
  run: Run;
  outlook: Outlook;
}

/** How far the months of a folder are taken by the runs that are held before another. */
interface Ahead {
  months: number;
  usd: number;
  stuck?: Run;
}

/** Those that are held, oldest first: each goes on in the first month that has room for it beside those of its folder before it. */
export function withOutlooks(held: readonly Run[], budget: Budget & { capUsd: number }): HeldRun[] {
  const folders = new Map<string, Ahead>();
  return held.map((run) => {
    const folder = topFolderOf(run);
    const ahead = folders.get(folder) ?? { months: 1, usd: 0 };
    const { stuck } = ahead;
    if (stuck) return { run, outlook: { monthsAhead: undefined, behind: stuck } };
    const estimate = costEstimateOf(run);
    if (isHeldForGood(estimate, budget)) {
      folders.set(folder, { ...ahead, stuck: run });
      return { run, outlook: { monthsAhead: undefined } };
    }
    const high = estimate?.high ?? 0;
    const usd = dollarSum(ahead.usd, high);
    const isRoom = usd <= budget.capUsd;
    const after = isRoom ? { months: ahead.months, usd } : { months: ahead.months + 1, usd: high };
    folders.set(folder, after);
    return { run, outlook: { monthsAhead: after.months } };
  });
}

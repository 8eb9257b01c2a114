import type { OwnPrices } from '../../shared/core/manifest/own-prices.ts';
import {
  type CappedBudget,
  type FolderMonth,
  headsOf,
  heldForBudget,
  holdBack,
  type RunOfLaterDay,
} from '../../shared/core/run/budget.ts';
import { type HeldRun, withOutlooks } from '../../shared/core/run/budget-outlook.ts';
import { heldForDay } from '../../shared/core/run/day-limit.ts';
import type { JobKind } from '../../shared/core/run/job-kinds.ts';
import {
  type Budget,
  costEstimateOf,
  fitsBudget,
  spendingRequestOf,
} from '../../shared/core/run/reservation.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { topFolderOf } from '../../shared/core/run/spending.ts';
import { costAnew } from '../../shared/core/tuning/run-cost.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, JobQueues, Spending } from '../../shared/ports.ts';

export interface BudgetDeps {
  queues: JobQueues;
  spending: Spending;
  record: RecordEvent;
  clock: Clock;
  /** What a top-level folder may spend in a month, and start in a day. */
  budget: Budget;
  /** What the deployment pays for a million training tokens, by model. */
  prices?: OwnPrices | undefined;
  maximumWaitMs: number;
}

/** Runs of a queue that are read at once. More jobs than these never become free within a minute. */
const PAGE = 100;
/** As many that may go are looked for behind those that are held, and no further than this. */
const ENOUGH = 20;
const MOST_PAGES = 10;

export interface Line {
  /** Those whose turn it may be. */
  passing: Run[];
  held: (HeldRun & { spentUsd: number })[];
  heldForDay: RunOfLaterDay[];
}

/** The runs of a queue, oldest first, parted by what their folders may spend and start. Where there is no cap, everything is as it is in the queue. */
export async function readLine(deps: BudgetDeps, kind: JobKind): Promise<Line> {
  const { queues, budget, prices } = deps;
  const { capUsd, runsADay } = budget;
  const priced = (run: Run) => withPrice(run, prices);
  if (capUsd === undefined && runsADay === undefined) {
    return { passing: await queues.first(kind, PAGE), held: [], heldForDay: [] };
  }
  const months = new Map<string, FolderMonth>();
  const line: Run[] = [];
  for (let pages = 1; ; pages++) {
    const page = (await queues.first(kind, PAGE, line.at(-1)?.work.queue)).map(priced);
    line.push(...page);
    await readMonths(deps, page, months);
    const { passing, held, heldForDay } = holdBack({ line, months, budget });
    if (passing.length >= ENOUGH || page.length < PAGE || pages === MOST_PAGES) {
      const spentOf = (run: Run) => months.get(topFolderOf(run))?.spentUsd ?? 0;
      const outlooks = capUsd === undefined ? [] : withOutlooks(held, { ...budget, capUsd });
      return {
        ...{ passing, heldForDay },
        held: outlooks.map((one) => ({ ...one, spentUsd: spentOf(one.run) })),
      };
    }
  }
}

/** A price that came after the upload, from the deployment or with a version of ours. */
function withPrice(run: Run, prices: OwnPrices | undefined): Run {
  const { plan } = run.spec;
  if (!plan) return run;
  const cost = costAnew(run.status.cost, plan, run.status.datasets?.dataset_uri, prices);
  return { ...run, status: { ...run.status, cost } };
}

/** Of each folder its month, and whether its oldest run is in the sums already: then a tick died before it had let that out. */
async function readMonths(
  { spending, clock }: BudgetDeps,
  page: readonly Run[],
  months: Map<string, FolderMonth>,
): Promise<void> {
  const now = clock.now().toISOString();
  const heads = headsOf(page).filter((run) => !months.has(topFolderOf(run)));
  await Promise.all(
    heads.map(async (run) => {
      const { isReserved, ...sums } = await spending.look(spendingRequestOf(run, now));
      months.set(topFolderOf(run), { ...sums, reserved: new Set(isReserved ? [run.runId] : []) });
    }),
  );
}

/** Says in a run's document that the budget of its folder holds it, and until when; once for each month. */
export async function hold(deps: BudgetDeps, heldRun: HeldRun, spentUsd: number): Promise<void> {
  const { budget, clock, record, maximumWaitMs } = deps;
  if (budget.capUsd === undefined) return;
  const capped: CappedBudget = { ...budget, capUsd: budget.capUsd };
  const now = clock.now().toISOString();
  const event = heldForBudget(heldRun, { budget: capped, spentUsd, now, maximumWaitMs });
  const { run } = heldRun;
  if (event) await record(run, event, { revision: run.work.revision });
}

/** Says in a run's document that its folder has started enough runs for today, and when it goes on; once for each day that is told. */
export async function holdForDay(deps: BudgetDeps, later: RunOfLaterDay): Promise<void> {
  const { budget, clock, record, maximumWaitMs } = deps;
  const { runsADay } = budget;
  if (runsADay === undefined) return;
  const event = heldForDay(later, { runsADay, now: clock.now().toISOString(), maximumWaitMs });
  if (event) await record(later.run, event, { revision: later.run.work.revision });
}

/** The same of the first of its folder: nobody is before it. */
export async function holdAlone(deps: BudgetDeps, run: Run, spentUsd: number): Promise<void> {
  const { budget } = deps;
  if (fitsBudget(costEstimateOf(run), spentUsd, budget)) {
    return holdForDay(deps, { run, before: 0 });
  }
  if (budget.capUsd === undefined) return;
  const [first] = withOutlooks([run], { ...budget, capUsd: budget.capUsd });
  if (first) await hold(deps, first, spentUsd);
}

import { dollarsText } from '../issues/numbers.ts';
import type { HeldRun, Outlook } from './budget-outlook.ts';
import type { HeldForBudget } from './queue.ts';
import { type WaitLimit, waitEndsAt } from './queue-events.ts';
import { type Budget, costEstimateOf, fitsBudget, fitsDay } from './reservation.ts';
import type { Run } from './run.ts';
import { beginOfMonth, monthOf, topFolderOf } from './spending.ts';
import type { RunEvent } from './transitions.ts';

/** What a deployment lets a top-level folder spend in a month, and the runs that it keeps in their queues. Pure. */

/** A budget with a cap. */
export type CappedBudget = Budget & { capUsd: number };

/** What was read of a folder's month. */
export interface FolderMonth {
  spentUsd: number;
  /** Its runs that were let out today. */
  ranToday: number;
  /** The runs that are known to be in the sums already. */
  reserved: ReadonlySet<string>;
}

export interface HoldInput {
  /** The runs that wait, oldest first. */
  line: readonly Run[];
  /** By the folder. */
  months: ReadonlyMap<string, FolderMonth>;
  budget: Budget;
}

/** A run that waits for another day, and how many of its folder wait for one before it. */
export interface RunOfLaterDay {
  run: Run;
  before: number;
}

export interface HeldBack {
  passing: Run[];
  /** For the budget of their folder. */
  held: Run[];
  /** For the runs that their folder has started today. */
  heldForDay: RunOfLaterDay[];
}

/**
 * Which runs the budgets of their folders let go. Behind one that is held wait all later ones of its folder, so that they stay in order,
 * however little they cost; the runs of other folders do not.
 */
export function holdBack({ line, months, budget }: HoldInput): HeldBack {
  const full = new Map<string, 'held' | 'heldForDay'>();
  const started = new Map<string, number>();
  const placeOf = (run: Run): keyof HeldBack => {
    const folder = topFolderOf(run);
    const month = months.get(folder);
    if (month?.reserved.has(run.runId) || isReserved(run)) return 'passing';
    const isFull = full.get(folder);
    if (!month || isFull) return isFull ?? 'held';
    const ranToday = month.ranToday + (started.get(folder) ?? 0);
    const fits = fitsBudget(costEstimateOf(run), month.spentUsd, budget);
    if (fits && fitsDay(ranToday, budget)) {
      started.set(folder, (started.get(folder) ?? 0) + 1);
      return 'passing';
    }
    const why = fits ? 'heldForDay' : 'held';
    full.set(folder, why);
    return why;
  };
  const { passing = [], held = [], heldForDay = [] } = Object.groupBy(line, placeOf);
  return { passing, held, heldForDay: withThoseBefore(heldForDay) };
}

function withThoseBefore(runs: readonly Run[]): RunOfLaterDay[] {
  const before = new Map<string, number>();
  return runs.map((run) => {
    const folder = topFolderOf(run);
    const count = before.get(folder) ?? 0;
    before.set(folder, count + 1);
    return { run, before: count };
  });
}

/** It was let out before, and came back since Vertex AI had no quota. */
const isReserved = ({ work }: Run): boolean => work.spending?.month !== undefined;

/** The first waiting run of each folder: of these it is asked whether they are in the sums already. */
export function headsOf(line: readonly Run[]): Run[] {
  return [...Map.groupBy(line, topFolderOf).values()].flatMap(([head]) => head ?? []);
}

export interface Hold extends WaitLimit {
  budget: CappedBudget;
  spentUsd: number;
  /** RFC 3339 UTC. */
  now: string;
}

/** The budget of its folder keeps the run in its queue; undefined where its document says so of this month already. */
export function heldForBudget(
  { run, outlook }: HeldRun,
  { budget, spentUsd, now, maximumWaitMs }: Hold,
): RunEvent | undefined {
  const { queue, reason } = run.status;
  if (!queue) return undefined;
  const addsUsd = costEstimateOf(run)?.high ?? null;
  const isUnknown = addsUsd === null && budget.unknownPrices === 'hold';
  const { monthsAhead, behind } = outlook;
  const at = waitEndsAt(run, { maximumWaitMs });
  const goesOnAt = monthsAhead === undefined ? undefined : beginOfMonth(now, monthsAhead);
  const until = goesOnAt !== undefined && goesOnAt < at ? goesOnAt : undefined;
  const held: HeldForBudget = {
    ...{ month: monthOf(now), spentUsd, capUsd: budget.capUsd, addsUsd, until },
    behind: behind && `runs/${behind.runId}`,
  };
  const words = behind
    ? wordsOfBehind(run, { held, behind, endsAt: waitEndsAt(behind, { maximumWaitMs }) })
    : isUnknown
      ? wordsOfUnknown(run, held)
      : wordsOfSpent(run, { held, outlook, goesOnAt, endsAt: at });
  const { turn: _placesAlone, heldForDay: _day, ...place } = queue;
  if (reason === words.reason && isToldAlready(queue.held, held)) return undefined;
  const end = until === undefined ? ` Until ${at} the run waits, as MAX_WAIT_DAYS says.` : '';
  return {
    type: 'Queued',
    ...words,
    remedy: `${words.remedy} "cancel": true takes the run out of the queue.${end}`,
    status: { queue: { ...place, held }, cost: run.status.cost },
    next: { action: 'admit', at },
  };
}

/** What is spent changes with every run of the folder: that alone is not told anew. */
function isToldAlready(told: HeldForBudget | undefined, now: HeldForBudget): boolean {
  const saying = ['month', 'capUsd', 'until', 'behind'] as const;
  return saying.every((key) => told?.[key] === now[key]);
}

type Words = Pick<RunEvent, 'reason' | 'message'> & { remedy: string };

const WHO_RAISES =
  'the administrator of the deployment raises max_folder_usd_a_month (MAX_FOLDER_USD_A_MONTH).';

interface Spent {
  held: HeldForBudget;
  outlook: Outlook;
  goesOnAt: string | undefined;
  endsAt: string;
}

function wordsOfSpent(run: Run, spent: Spent): Words {
  const { held } = spent;
  const { next, remedy } = whatIsNext(spent);
  return {
    ...{ reason: 'FolderBudgetSpent', remedy },
    message: `${spentText(run, held)}, and ${addsText(held)}. ${next} The runs of a folder stay in order; those of other folders pass it by.`,
  };
}

function whatIsNext({ held: { until }, outlook: { monthsAhead }, goesOnAt, endsAt }: Spent) {
  const when = monthsAhead === 1 ? 'when the next month begins' : 'after the runs of its folder before it';
  if (goesOnAt === undefined) {
    return {
      next: 'That alone is more than the folder may spend in a month, so that the run does not go on by itself.',
      remedy: `Upload a manifest that costs less, or ${WHO_RAISES}`,
    };
  }
  if (until === undefined) {
    return {
      next: `It would go on at ${goesOnAt}, ${when}, but fails before, at ${endsAt}, when its wait ends; it goes on by itself only if other runs cost less than expected.`,
      remedy: `Somebody has to act before ${endsAt}: ${WHO_RAISES} Or upload the manifest again once ${monthOf(goesOnAt)} has begun.`,
    };
  }
  return {
    next: `It goes on by itself at ${until}, ${when}, or earlier, if other runs cost less than expected.`,
    remedy: `Nothing to do, if that is early enough. For less waiting ${WHO_RAISES}`,
  };
}

/** The folder has money for it, perhaps, and yet it does not go on before another. */
function wordsOfBehind(
  run: Run,
  { held, behind, endsAt }: { held: HeldForBudget; behind: Run; endsAt: string },
): Words {
  return {
    reason: 'BehindHeldRun',
    message: `${spentText(run, held)}, and ${addsText(held)}. It waits behind ${behind.spec.source.uri} (${held.behind}), which was uploaded before it and does not go on by itself, so that this one does not either: the runs of a folder stay in order. Those of other folders pass it by.`,
    remedy: `See what that run needs, or take it out of the queue with "cancel": true in its manifest: then this one goes on, as far as the folder may spend. Nobody waits for it longer than until ${endsAt}, when its wait ends.`,
  };
}

const addsText = ({ addsUsd }: HeldForBudget): string =>
  addsUsd === null ? 'nobody knows what this run would add' : `this run would add up to ${dollars(addsUsd)}`;

function wordsOfUnknown(run: Run, held: HeldForBudget): Words {
  const { cost } = run.status;
  const why = cost ? ` ${cost.madeOf}` : '';
  return {
    reason: 'CostUnknownUnderBudget',
    message: `${spentText(run, held)}, and nobody knows what this run would add.${why} It does not go on by itself; other folders pass it by.`,
    remedy: `The administrator of the deployment ${whoPrices(run)}lets runs go whose cost is not known (UNKNOWN_PRICES: allow).`,
  };
}

/** A price helps where nothing but that is missing. */
function whoPrices({ spec: { plan }, status: { cost } }: Run): string {
  return cost?.unknown === 'price'
    ? `gives ${plan?.baseModel ?? 'the model'} a price (MODEL_PRICES), or `
    : '';
}

/** The folder of a run, as a sentence begins. */
export function folderText(run: Run): string {
  const folder = topFolderOf(run);
  return folder === '' ? 'Manifests at the top of the inbox' : `The folder ${folder}`;
}

function spentText(run: Run, { month, spentUsd, capUsd }: HeldForBudget): string {
  return `${folderText(run)} may spend ${dollars(capUsd)} a month; ${dollars(spentUsd)} of ${month} are spent or reserved`;
}

function dollars(amount: number): string {
  return `${dollarsText(amount)} USD`;
}

import type { Run } from './run.ts';
import {
  countedOnDay,
  type Dollars,
  dollarSum,
  emptyMonth,
  type MonthSpending,
  monthAfter,
  monthOf,
  type Reservation,
  runsOnDay,
  topFolderOf,
} from './spending.ts';

/** What becomes of a run's reservation in the sums of its folder, given the documents as they are. Pure. */

/** What a deployment lets a top-level folder spend in a month, and start in a day. */
export interface Budget {
  /** In US dollars; undefined: as much as it likes. */
  capUsd: number | undefined;
  /** Runs that it may start in a day; undefined: as many as it likes. */
  runsADay?: number | undefined;
  /** Whether a run whose cost is not known goes on under a cap. */
  unknownPrices: 'hold' | 'allow';
}

/** A run, as the sums of its folder see it. */
export interface SpendingRequest {
  runId: string;
  folder: string;
  /** Into whose sums it goes, where it is in none yet. */
  month: string;
  /** What it is expected to cost; null where unknown. */
  estimate: Dollars | null;
  /** RFC 3339 UTC. */
  now: string;
}

export interface ReserveRequest extends SpendingRequest {
  budget: Budget;
}

export interface SettleRequest extends SpendingRequest {
  /** Whether a job of the run was there: without one nothing was paid. */
  hasJob: boolean;
  /** Whether it did all its work: a job that did not may have cost less than expected, down to nothing. */
  isWhole: boolean;
  /** What its training did cost; null where unknown. */
  actual: number | null;
  /** What the answers of its evaluation did cost besides. */
  answers: Dollars;
}

/** What is stored: the reservation, and the sums of its month; of a run without a reservation those of the month that was asked for. */
export interface StoredSpending {
  reservation?: Reservation | undefined;
  month: string;
  sums?: MonthSpending | undefined;
}

/** What is to be written. */
export interface SpendingWrite {
  reservation: Reservation;
  /** Undefined where the sums stay as they are. */
  sums?: MonthSpending | undefined;
}

export type ReserveResult =
  /** It is in the sums of this month, by this call or by one before. */
  | { outcome: 'reserved'; month: string }
  /** It does not fit: so many dollars are spent or reserved, or enough runs of the day were let out. */
  | { outcome: 'held'; spentUsd: number }
  /** It has ended without a job: it must not get one. */
  | { outcome: 'released' };

/** Whether a run may be added to so many dollars. */
export function fitsBudget(estimate: Dollars | null, spentUsd: number, budget: Budget): boolean {
  if (budget.capUsd === undefined) return true;
  if (estimate === null) return budget.unknownPrices === 'allow';
  return dollarSum(spentUsd, estimate.high) <= budget.capUsd;
}

/** Whether another run may start on a day on which so many have. */
export function fitsDay(ranToday: number, { runsADay }: Budget): boolean {
  return runsADay === undefined || ranToday < runsADay;
}

/** Whether a run is held however little its folder has spent. */
export const isHeldForGood = (estimate: Dollars | null, budget: Budget): boolean =>
  !fitsBudget(estimate, 0, budget);

/** Puts a run into the sums, once, if it fits. */
export function decideReserve(
  found: StoredSpending,
  request: ReserveRequest,
): { result: ReserveResult; write?: SpendingWrite } {
  const { runId, estimate, now, budget } = request;
  if (found.reservation?.state === 'released') return { result: { outcome: 'released' } };
  if (found.reservation) return { result: { outcome: 'reserved', month: found.month } };
  const spentUsd = found.sums?.expected.high ?? 0;
  const ranToday = runsOnDay(found.sums, now);
  if (!fitsBudget(estimate, spentUsd, budget) || !fitsDay(ranToday, budget)) {
    return { result: { outcome: 'held', spentUsd } };
  }
  const reservation: Reservation = {
    ...{ runId, month: found.month, state: 'reserved', estimate, actual: null, expected: estimate },
    reserveTime: now,
  };
  return {
    result: { outcome: 'reserved', month: found.month },
    write: { reservation, sums: countedOnDay(sumsAfter(found, reservation, request), now) },
  };
}

/**
 * A run has ended: what it did cost takes the place of what it was expected to, and one without a job gives its reservation back. That
 * is noted of one without a reservation, too, so that a slow tick makes it none.
 */
export function decideSettle(found: StoredSpending, request: SettleRequest): SpendingWrite | undefined {
  const { runId, now, hasJob } = request;
  const before = found.reservation;
  if (before?.state === 'settled' || (before?.state === 'released' && !hasJob)) return undefined;
  const reserveTime = before?.reserveTime ?? now;
  const estimate = before?.estimate ?? request.estimate;
  const over = { runId, month: found.month, estimate, reserveTime, settleTime: now };
  if (!hasJob) {
    const reservation: Reservation = { ...over, state: 'released', actual: null, expected: null };
    return { reservation, sums: before && sumsAfter(found, reservation, request) };
  }
  const actual = request.actual === null ? null : dollarSum(request.actual, request.answers.low);
  const expected = expectedOf(request.estimate ?? estimate, request);
  const reservation: Reservation = { ...over, state: 'settled', actual, expected };
  return { reservation, sums: sumsAfter(found, reservation, request) };
}

function expectedOf(estimate: Dollars | null, { actual, answers, isWhole }: SettleRequest): Dollars | null {
  if (actual !== null) return plus({ low: actual, high: actual }, answers);
  return estimate && !isWhole ? { low: 0, high: estimate.high } : estimate;
}

function sumsAfter(
  { reservation: before, month, sums }: StoredSpending,
  after: Reservation,
  { folder, now }: SpendingRequest,
): MonthSpending {
  return monthAfter(sums ?? emptyMonth(folder, month, now), [before, after], now);
}

/** What a run is expected to cost, its training and the answers of its evaluation; null where the training is unknown. */
export function costEstimateOf({ status }: Pick<Run, 'status'>): Dollars | null {
  const training = status.cost?.usd ?? null;
  return training && plus(training, answersUsdOf(status));
}

/** What its answers did cost, else up to what they may; nothing where none is asked, or nobody knows. */
function answersUsdOf({ evaluation }: Run['status']): Dollars {
  const { state, usd, maxUsd } = evaluation ?? {};
  if (state === 'DONE' && typeof usd === 'number') return { low: usd, high: usd };
  return { low: 0, high: maxUsd ?? 0 };
}

const plus = (one: Dollars, other: Dollars): Dollars => ({
  low: dollarSum(one.low, other.low),
  high: dollarSum(one.high, other.high),
});

/** What the sums have to know of a run. */
export function spendingRequestOf(run: Run, now: string): SpendingRequest {
  return {
    runId: run.runId,
    folder: topFolderOf(run),
    month: run.work.spending?.month ?? monthOf(now),
    estimate: costEstimateOf(run),
    now,
  };
}

/** The same of a run that has ended. */
export function settleRequestOf(run: Run, now: string): SettleRequest {
  const { job, state, cost } = run.status;
  return {
    ...spendingRequestOf(run, now),
    hasJob: job !== undefined,
    isWhole: state === 'SUCCEEDED' || state === 'PARTIAL',
    actual: cost?.actual?.usd ?? null,
    answers: answersUsdOf(run.status),
  };
}

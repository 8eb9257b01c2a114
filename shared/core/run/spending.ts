import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { digest } from '../objects/digest.ts';
import { topFolder } from '../objects/gs-uri.ts';
import type { Run } from './run.ts';

/**
 * `spending/{folderId}/months/{month}`: what the runs of a top-level folder cost in a month, and in `spending/{folderId}/runs/{runId}` what
 * each of them has in the sums of one month. Every write of the two is one transaction, and a run has one reservation whatever the month
 * is, so that whatever is delivered twice, or late, adds nothing.
 */

const DollarsSchema = openObject({
  low: z.number().describe('The least, in US dollars.'),
  high: z.number().describe('The most.'),
});
export type Dollars = z.infer<typeof DollarsSchema>;

export const MonthSpendingSchema = openObject({
  folder: z.string().describe('The top-level folder of the manifests; empty for those at the top.'),
  month: z.string().describe('`YYYY-MM` in UTC: in which the runs were let out, or their jobs first seen.'),
  estimated: DollarsSchema.describe('What the runs were expected to cost before they started.'),
  actual: z.number().describe('What those did cost that have ended, in US dollars, as far as it is known.'),
  expected: DollarsSchema.describe(
    'What the month comes to: of a run what it did cost, where that is known, and what it may cost elsewhere. A cap is held against the high end.',
  ),
  runs: z.number().describe('How many runs are in these sums.'),
  ended: z.number().describe('How many of them have ended.'),
  unknown: z.number().describe('Of how many nobody knows what they cost: they are in no sum of dollars.'),
  day: openObject({
    date: z.string().describe('`YYYY-MM-DD` in UTC.'),
    runs: z.number().describe('How many runs were let out on it. A cap on runs a day is held against it.'),
  })
    .optional()
    .describe('The last day on which a run was let out.'),
  updateTime: z.string().describe('When this last changed.'),
});
export type MonthSpending = z.infer<typeof MonthSpendingSchema>;

export const ReservationSchema = openObject({
  runId: z.string().describe('The run.'),
  month: z.string().describe('`YYYY-MM`: in whose sums it is, until the end.'),
  state: z
    .enum(['reserved', 'settled', 'released'])
    .describe('`settled`: the job has ended. `released`: the run ended without a job, and is in no sum.'),
  estimate: DollarsSchema.nullable().describe('What the run was expected to cost; null where unknown.'),
  actual: z.number().nullable().describe('What it did cost, in US dollars; null where unknown.'),
  expected: DollarsSchema.nullable().describe(
    'What is in the sum `expected`: the actual cost, else the estimate, from 0 on where the job did not succeed.',
  ),
  reserveTime: z.string().describe('When it was put into the sums.'),
  settleTime: z.string().optional().describe('When the run had ended.'),
});
export type Reservation = z.infer<typeof ReservationSchema>;

/** What belongs to one folder: the first part of the manifest's name; empty for a manifest at the top. */
export function topFolderOf({ spec: { source } }: Pick<Run, 'spec'>): string {
  return topFolder(source.name);
}

/** A name that Firestore takes as an id, and that no id of ours can be: those that are made begin with `=`. */
const READABLE = /^(?!=|\.{1,2}$|__.*__$)[^/]+$/s;
const MAX_ID_BYTES = 1_500;

/** `folderId`: the folder itself where Firestore takes it as an id. */
export function folderIdOf(folder: string): string {
  if (folder === '') return '=top';
  const isReadable = READABLE.test(folder) && Buffer.byteLength(folder) <= MAX_ID_BYTES;
  return isReadable ? folder : `=${digest(folder).slice(0, 40)}`;
}

/** `YYYY-MM` of a time, RFC 3339 UTC. */
export const monthOf = (time: string): string => time.slice(0, 7);

/** `YYYY-MM-DD` of a time, RFC 3339 UTC. */
export const dayOf = (time: string): string => time.slice(0, 10);

/** When the day begins that is so many after the one of a time, RFC 3339 UTC. */
export function beginOfDay(time: string, after: number): string {
  return new Date(Date.parse(`${dayOf(time)}T00:00:00Z`) + after * 86_400_000).toISOString();
}

/** How many runs of a folder were let out on the day of a time, by the sums of its month. */
export function runsOnDay(month: MonthSpending | undefined, now: string): number {
  return month?.day?.date === dayOf(now) ? month.day.runs : 0;
}

/** The month once another run was let out. */
export function countedOnDay(month: MonthSpending, now: string): MonthSpending {
  return { ...month, day: { date: dayOf(now), runs: runsOnDay(month, now) + 1 } };
}

/** When the month begins that is so many after the one of a time, RFC 3339 UTC. */
export function beginOfMonth(time: string, after: number): string {
  const [year = 0, month = 0] = monthOf(time).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + after, 1)).toISOString();
}

/** Sums of dollars, to a millionth, so that no sum drifts. */
export const dollarSum = (...amounts: number[]): number =>
  Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 1e6) / 1e6;

/** What one run has in the sums of its month. */
interface Share {
  estimated: Dollars;
  actual: number;
  expected: Dollars;
  runs: number;
  ended: number;
  unknown: number;
}

const NOTHING: Dollars = { low: 0, high: 0 };
const NO_SHARE: Share = {
  ...{ estimated: NOTHING, actual: 0, expected: NOTHING },
  ...{ runs: 0, ended: 0, unknown: 0 },
};

function shareOf(reservation: Reservation | undefined): Share {
  if (!reservation || reservation.state === 'released') return NO_SHARE;
  const { estimate, actual, expected, state } = reservation;
  return {
    ...{ estimated: estimate ?? NOTHING, actual: actual ?? 0, expected: expected ?? NOTHING },
    ...{ runs: 1, ended: state === 'settled' ? 1 : 0, unknown: expected === null ? 1 : 0 },
  };
}

/** The sums of a month once a run's reservation has become another. */
export function monthAfter(
  month: MonthSpending,
  [before, after]: [Reservation | undefined, Reservation],
  now: string,
): MonthSpending {
  const [less, more] = [shareOf(before), shareOf(after)];
  const sum = (field: 'actual' | 'runs' | 'ended' | 'unknown') =>
    dollarSum(month[field], -less[field], more[field]);
  const dollars = (field: 'estimated' | 'expected') => ({
    low: dollarSum(month[field].low, -less[field].low, more[field].low),
    high: dollarSum(month[field].high, -less[field].high, more[field].high),
  });
  return {
    ...month,
    ...{ estimated: dollars('estimated'), actual: sum('actual'), expected: dollars('expected') },
    ...{ runs: sum('runs'), ended: sum('ended'), unknown: sum('unknown'), updateTime: now },
  };
}

/** A month in which nothing was spent. */
export function emptyMonth(folder: string, month: string, now: string): MonthSpending {
  return { folder, month, ...NO_SHARE, updateTime: now };
}

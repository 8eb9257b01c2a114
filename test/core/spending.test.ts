import { describe, expect, test } from 'vitest';
import {
  costEstimateOf,
  decideReserve,
  decideSettle,
  type ReserveRequest,
  type SettleRequest,
  type StoredSpending,
} from '../../shared/core/run/reservation.ts';
import type { Run } from '../../shared/core/run/run.ts';
import {
  beginOfMonth,
  emptyMonth,
  folderIdOf,
  type MonthSpending,
  monthAfter,
  type Reservation,
  topFolderOf,
} from '../../shared/core/run/spending.ts';
import { aRun, NOW } from '../support/runs.ts';

const MONTH = '2026-03';
const TWO = { low: 1, high: 2 };
const NOTHING = { low: 0, high: 0 };

const aCost = (usd: { low: number; high: number } | null) => ({
  ...{ trainingTokens: null, usd, price: null, madeOf: '' },
});

const aReservation = (over: Partial<Reservation> = {}): Reservation => ({
  ...{
    runId: 'r',
    month: MONTH,
    state: 'reserved',
    estimate: TWO,
    actual: null,
    expected: TWO,
    reserveTime: NOW,
  },
  ...over,
});
const request: ReserveRequest = {
  ...{ runId: 'r', folder: 'reviews', month: MONTH, estimate: TWO, now: NOW },
  budget: { capUsd: undefined, unknownPrices: 'hold' },
};
const settle: SettleRequest = { ...request, hasJob: true, isWhole: true, actual: null, answers: NOTHING };
const spent = (high: number): MonthSpending => ({
  ...emptyMonth('reviews', MONTH, NOW),
  ...{ estimated: { low: 0, high }, expected: { low: 0, high }, runs: 3 },
});

describe('the folder that a run spends for', () => {
  test.each([
    ['reviews/tune.json', 'reviews', 'reviews'],
    ['team a/2026/x/tune.json', 'team a', 'team a'],
    ['tune.json', '', '=top'],
    ['/odd/tune.json', '', '=top'],
    ['=top/tune.json', '=top', expect.stringMatching(/^=[a-z2-7]{40}$/)],
    ['../tune.json', '..', expect.stringMatching(/^=[a-z2-7]{40}$/)],
    ['__x__/tune.json', '__x__', expect.stringMatching(/^=[a-z2-7]{40}$/)],
  ])('%s', (name, folder, id) => {
    const run = aRun();
    const named = { ...run, spec: { ...run.spec, source: { ...run.spec.source, name } } };
    expect(topFolderOf(named)).toBe(folder);
    expect(folderIdOf(folder)).toEqual(id);
  });
});

test('a month begins so many after another, over the turn of a year', () => {
  expect(beginOfMonth('2025-12-31T23:59:59.999Z', 1)).toBe('2026-01-01T00:00:00.000Z');
  expect(beginOfMonth('2025-11-30T23:59:59.999Z', 3)).toBe('2026-02-01T00:00:00.000Z');
});

test('a thousand sums of cents that come and go leave nothing behind', () => {
  let month = emptyMonth('reviews', MONTH, NOW);
  const odd = aReservation({ estimate: { low: 0.1, high: 0.7 }, expected: { low: 0.1, high: 0.7 } });
  for (let turn = 0; turn < 1000; turn++) month = monthAfter(month, [undefined, odd], NOW);
  expect(month.expected).toEqual({ low: 100, high: 700 });
  for (let turn = 0; turn < 1000; turn++) {
    month = monthAfter(month, [odd, { ...odd, state: 'released' }], NOW);
  }
  expect(month).toEqual(emptyMonth('reviews', MONTH, NOW));
});

describe('what a run is expected to cost', () => {
  const usd = { low: 1, high: 2 };
  const planned = { state: 'PLANNED', reason: 'AfterSuccess', message: '' } as const;
  test.each<[string, Partial<Run['status']>, { low: number; high: number } | null]>([
    ['is its training', { cost: aCost(usd) }, usd],
    [
      'is up to what its evaluation may cost besides',
      { cost: aCost(usd), evaluation: { ...planned, maxUsd: 0.5 } },
      { low: 1, high: 2.5 },
    ],
    [
      'is what that did cost, once it has ended',
      { cost: aCost(usd), evaluation: { ...planned, state: 'DONE', maxUsd: 0.5, usd: 0.125 } },
      { low: 1.125, high: 2.125 },
    ],
    [
      'is what is known, where no price of the answers is',
      { cost: aCost(usd), evaluation: { ...planned, maxUsd: null } },
      usd,
    ],
    [
      'is unknown where that of the training is',
      { cost: aCost(null), evaluation: { ...planned, maxUsd: 1 } },
      null,
    ],
  ])('%s', (_name, status, expected) => {
    expect(costEstimateOf(aRun({ status }))).toEqual(expected);
  });
});

describe('a run asks for its place in the sums', () => {
  const cap = (capUsd: number, unknownPrices: 'hold' | 'allow' = 'hold') => ({ capUsd, unknownPrices });
  interface Case {
    name: string;
    found?: Partial<StoredSpending>;
    over?: Partial<ReserveRequest>;
    result: unknown;
    sums?: Partial<MonthSpending>;
  }
  const reserved = { outcome: 'reserved', month: MONTH };
  test.each<Case>([
    { name: 'the first of a month', result: reserved, sums: { runs: 1, unknown: 0, expected: TWO } },
    {
      ...{ name: 'one that fills the budget to the cent', over: { budget: cap(12) }, result: reserved },
      ...{ found: { sums: spent(10) }, sums: { runs: 4, expected: { low: 1, high: 12 } } },
    },
    {
      ...{ name: 'one that is a cent above it', over: { budget: cap(11.99) }, found: { sums: spent(10) } },
      result: { outcome: 'held', spentUsd: 10 },
    },
    {
      ...{ name: 'one that is there already, whatever the budget', result: reserved },
      ...{ found: { reservation: aReservation(), sums: spent(99) }, over: { budget: cap(1) } },
    },
    {
      ...{ name: 'one that was there and ended', result: { outcome: 'released' } },
      found: { reservation: aReservation({ state: 'released', expected: null }) },
    },
    {
      ...{ name: 'one of unknown cost, without a cap', over: { estimate: null }, result: reserved },
      sums: { runs: 1, unknown: 1, expected: { low: 0, high: 0 } },
    },
    {
      ...{ name: 'one of unknown cost under a cap', over: { estimate: null, budget: cap(9) } },
      result: { outcome: 'held', spentUsd: 0 },
    },
    {
      ...{ name: 'the same where unknown prices are allowed', result: reserved },
      ...{ over: { estimate: null, budget: cap(9, 'allow') }, sums: { runs: 1, unknown: 1 } },
    },
  ])('$name', ({ found, over, result, sums }) => {
    const decided = decideReserve({ month: MONTH, ...found }, { ...request, ...over });
    expect(decided.result).toEqual(result);
    if (sums) expect(decided.write?.sums).toMatchObject(sums);
    else expect(decided.write).toBeUndefined();
  });
});

describe('a run has ended', () => {
  const sums = { ...emptyMonth('reviews', MONTH, NOW), estimated: TWO, expected: TWO, runs: 1 };
  interface Case {
    name: string;
    reservation?: Reservation;
    over?: Partial<SettleRequest>;
    state?: Reservation['state'];
    after?: Partial<MonthSpending>;
  }
  test.each<Case>([
    {
      ...{
        name: 'and its cost is known',
        reservation: aReservation(),
        over: { actual: 1.25 },
        state: 'settled',
      },
      after: { estimated: TWO, actual: 1.25, expected: { low: 1.25, high: 1.25 }, runs: 1, ended: 1 },
    },
    {
      ...{ name: 'and its cost is not: the estimate stays', reservation: aReservation(), state: 'settled' },
      after: { actual: 0, expected: TWO, ended: 1 },
    },
    {
      ...{ name: 'and its job did not succeed: it may have cost nothing', reservation: aReservation() },
      ...{ over: { isWhole: false }, state: 'settled', after: { expected: { low: 0, high: 2 } } },
    },
    {
      ...{
        name: 'and its answers did cost something besides',
        reservation: aReservation(),
        state: 'settled',
      },
      over: { actual: 1.25, answers: { low: 0.5, high: 0.5 } },
      after: { actual: 1.75, expected: { low: 1.75, high: 1.75 } },
    },
    {
      ...{
        name: 'and nobody knows what its answers did cost',
        reservation: aReservation(),
        state: 'settled',
      },
      over: { actual: 1.25, answers: { low: 0, high: 0.5 } },
      after: { actual: 1.25, expected: { low: 1.25, high: 1.75 } },
    },
    {
      ...{ name: 'and is not asked any more what was reserved for it', state: 'settled' },
      ...{ reservation: aReservation(), over: { isWhole: false, estimate: { low: 1, high: 1.5 } } },
      after: { estimated: TWO, expected: { low: 0, high: 1.5 } },
    },
    {
      ...{ name: 'without a job', reservation: aReservation(), over: { hasJob: false }, state: 'released' },
      after: { estimated: { low: 0, high: 0 }, expected: { low: 0, high: 0 }, runs: 0, ended: 0 },
    },
    {
      ...{ name: 'before it was seen: it is put into the sums and settled at once', state: 'settled' },
      ...{ over: { actual: 3 }, after: { estimated: { low: 2, high: 4 }, runs: 2, ended: 1, actual: 3 } },
    },
    {
      ...{ name: 'without a job and unseen: that is noted, and in no sum', over: { hasJob: false } },
      state: 'released',
    },
    { name: 'a second time', reservation: aReservation({ state: 'settled' }), over: { actual: 7 } },
    {
      ...{ name: 'a second time without a job', over: { hasJob: false } },
      reservation: aReservation({ state: 'released' }),
    },
    {
      ...{ name: 'and of a job that was found late, after it had given its place back', state: 'settled' },
      reservation: aReservation({ state: 'released', expected: null }),
      ...{ over: { isWhole: false }, after: { runs: 2, expected: { low: 1, high: 4 } } },
    },
    {
      ...{ name: 'with a cost that was unknown until then', over: { actual: 3, estimate: null } },
      reservation: aReservation({ estimate: null, expected: null }),
      ...{ state: 'settled', after: { unknown: -1, actual: 3 } },
    },
  ])('$name', ({ reservation, over, state, after }) => {
    const write = decideSettle({ month: MONTH, reservation, sums }, { ...settle, ...over });
    expect(write?.reservation.state).toBe(state);
    if (after) expect(write?.sums).toMatchObject(after);
    else expect(write?.sums).toBeUndefined();
  });
});

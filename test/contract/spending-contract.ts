import { beforeEach, describe, expect, test } from 'vitest';
import type { Budget, ReserveRequest, SettleRequest } from '../../shared/core/run/reservation.ts';
import { folderIdOf } from '../../shared/core/run/spending.ts';
import type { Spending } from '../../shared/ports.ts';
import { NOW } from '../support/runs.ts';

export interface SpendingUnderTest {
  spending: Spending;
  /** The document at a path. */
  read: (path: string) => Promise<unknown>;
}

const NO_CAP: Budget = { capUsd: undefined, unknownPrices: 'hold' };

/** What the sums of folders do, whatever keeps the documents. */
export function spendingContract(name: string, connect: () => Promise<SpendingUnderTest>): void {
  describe(`spending: ${name}`, () => {
    let under: SpendingUnderTest;
    let folder = '';
    let serial = Date.now();

    const request = (runId: string, over: Partial<ReserveRequest> = {}): ReserveRequest => ({
      ...{ runId, folder, month: '2026-03', estimate: { low: 1, high: 2 }, now: NOW, budget: NO_CAP },
      ...over,
    });
    const ended = (runId: string, over: Partial<SettleRequest> = {}): SettleRequest => ({
      ...{ ...request(runId), hasJob: true, isWhole: true, actual: 1.5 },
      answers: { low: 0, high: 0 },
      ...over,
    });
    const sums = (month = '2026-03') => under.read(`spending/${folderIdOf(folder)}/months/${month}`);
    const reservation = (runId: string) => under.read(`spending/${folderIdOf(folder)}/runs/${runId}`);

    beforeEach(async () => {
      under = await connect();
      folder = `folder-${serial++}`;
    });

    test('a reservation is in the sums once, however often it is made', async () => {
      const results = [
        await under.spending.reserve(request('a')),
        await under.spending.reserve(request('a', { estimate: { low: 5, high: 9 } })),
      ];
      expect(results).toEqual(Array(2).fill({ outcome: 'reserved', month: '2026-03' }));
      expect(await sums()).toEqual({
        ...{ folder, month: '2026-03', estimated: { low: 1, high: 2 }, actual: 0 },
        ...{ expected: { low: 1, high: 2 }, runs: 1, ended: 0, unknown: 0, updateTime: NOW },
        day: { date: NOW.slice(0, 10), runs: 1 },
      });
      expect(await reservation('a')).toEqual({
        ...{ runId: 'a', month: '2026-03', state: 'reserved', estimate: { low: 1, high: 2 }, actual: null },
        ...{ expected: { low: 1, high: 2 }, reserveTime: NOW },
      });
    });

    test('reservations that are made at the same time are all in the sums', async () => {
      const runIds = ['a', 'b', 'a', 'c', 'b'];
      await Promise.all(runIds.map((runId) => under.spending.reserve(request(runId))));
      expect(await sums()).toMatchObject({ runs: 3, expected: { low: 3, high: 6 } });
    });

    test('of two that are made at the same time, one gets the last of a budget', async () => {
      const budget = { ...NO_CAP, capUsd: 3 };
      const results = await Promise.all(
        ['a', 'b'].map((runId) => under.spending.reserve(request(runId, { budget }))),
      );
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['held', 'reserved']);
      expect(await sums()).toMatchObject({ runs: 1, expected: { high: 2 } });
    });

    test('of two that are made at the same time, one is the last of a day; the next day begins anew', async () => {
      const budget = { ...NO_CAP, runsADay: 1 };
      const results = await Promise.all(
        ['a', 'b'].map((runId) => under.spending.reserve(request(runId, { budget }))),
      );
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['held', 'reserved']);
      const tomorrow = request('c', { budget, now: '2026-03-02T00:00:00.000Z' });
      expect((await under.spending.look(tomorrow)).ranToday).toBe(0);
      expect(await under.spending.reserve(tomorrow)).toMatchObject({ outcome: 'reserved' });
      expect(await sums()).toMatchObject({ runs: 2, day: { date: '2026-03-02', runs: 1 } });
    });

    test('what a run did cost takes the place of what it was expected to, once', async () => {
      await under.spending.reserve(request('a'));
      expect(await under.spending.settle(ended('a'))).toBe('2026-03');
      await under.spending.settle(ended('a', { actual: 99 }));
      expect(await sums()).toMatchObject({
        ...{ estimated: { low: 1, high: 2 }, actual: 1.5, expected: { low: 1.5, high: 1.5 } },
        ...{ runs: 1, ended: 1 },
      });
      expect(await reservation('a')).toMatchObject({ state: 'settled', actual: 1.5, settleTime: NOW });
    });

    test('a run that ended without a job gives its reservation back, and gets none any more', async () => {
      await under.spending.reserve(request('a'));
      await under.spending.settle(ended('a', { hasJob: false, actual: null }));
      expect(await sums()).toMatchObject({ runs: 0, estimated: { high: 0 }, expected: { high: 0 } });
      await under.spending.settle(ended('never reserved', { hasJob: false, actual: null }));
      expect(await under.spending.reserve(request('a'))).toEqual({ outcome: 'released' });
      expect(await under.spending.reserve(request('never reserved'))).toEqual({ outcome: 'released' });
    });

    test('a run is found in the month in which it was reserved, and settled there', async () => {
      await under.spending.reserve(request('a'));
      const month = '2026-05';
      expect(await under.spending.look(request('a', { month }))).toEqual({
        spentUsd: 0,
        ranToday: 0,
        isReserved: true,
      });
      expect(await under.spending.reserve(request('a', { month }))).toMatchObject({ month: '2026-03' });
      expect(await under.spending.settle(ended('a', { month }))).toBe('2026-03');
      expect(await sums()).toMatchObject({ runs: 1, ended: 1, actual: 1.5 });
      expect(await sums('2026-05')).toBeUndefined();
    });

    test.each([
      { name: 'in a month before', late: '2026-02' },
      { name: 'in a month after', late: '2026-04' },
    ])('a run that is asked for again $name stays in its month, by whatever clock', async ({ late }) => {
      await Promise.all([
        under.spending.reserve(request('a')),
        under.spending.reserve(request('a', { month: late })),
      ]);
      await under.spending.settle(ended('a', { month: '2026-06' }));
      const months = [await sums(), await sums(late), await sums('2026-06')];
      expect(months.filter((month) => month !== undefined)).toEqual([
        expect.objectContaining({ runs: 1, ended: 1, actual: 1.5 }),
      ]);
    });

    test('a look says what is spent or reserved, and of no other folder', async () => {
      expect(await under.spending.look(request('a'))).toEqual({
        spentUsd: 0,
        ranToday: 0,
        isReserved: false,
      });
      await under.spending.reserve(request('b'));
      expect(await under.spending.look(request('a'))).toEqual({
        spentUsd: 2,
        ranToday: 1,
        isReserved: false,
      });
      const other = request('a', { folder: `${folder}-other` });
      expect(await under.spending.look(other)).toEqual({ spentUsd: 0, ranToday: 0, isReserved: false });
    });

    test.each(['', '.', '__all__', '=top', 'レビュー'])('a folder %j has sums of its own', async (odd) => {
      const runId = `run-${folder}`;
      const own = `spending/${folderIdOf(odd)}/runs/${runId}`;
      await under.spending.reserve(request(runId, { folder: odd }));
      expect(await under.read(own)).toMatchObject({ runId });
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import type { LearntLimit } from '../../shared/core/run/admission.ts';
import { queueKeyOf } from '../../shared/core/run/queue.ts';
import { admitted } from '../../shared/core/run/queue-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { JobQueues } from '../../shared/ports.ts';
import { aPlan, aRun, at, NOW, type RunOptions } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

export interface QueuesUnderTest extends RunStoreUnderTest {
  queues: JobQueues;
}

const LIMIT: LearntLimit = {
  ...{ kind: 'pipelines', limit: 2, because: 'refused', since: NOW },
  ...{ tries: 1, batch: 1, nextTryAt: at(300) },
};

/** What the queues do, whatever keeps the documents. */
export function jobQueuesContract(name: string, connect: () => Promise<QueuesUnderTest>): void {
  describe(`job queues: ${name}`, () => {
    let under: QueuesUnderTest;
    let serial = Date.now();
    const key = (run: Run) => queueKeyOf('pipelines', run);

    /** A run that waits; `seconds`: when it was uploaded. */
    async function waiting(seconds: number): Promise<Run> {
      const options: RunOptions = { folder: `queue-${serial++}`, status: { createTime: at(seconds) } };
      const run = aRun({ ...options, spec: { plan: aPlan() } });
      await under.store.open(run, claim('a'));
      const event: RunEvent = {
        ...VALIDATED,
        status: { queue: { kind: 'pipelines', place: 1 } },
        next: { action: 'admit', at: at(1_000_000) },
      };
      return (await under.store.apply(run.runId, event, at(1))).run;
    }
    const admit = (run: Run) => under.store.apply(run.runId, admitted(at(60)), at(2));
    const end = async (...runs: Run[]) => {
      const over = { reason: 'Cancelled', message: 'over', next: null } as const;
      for (const { runId } of runs) await under.store.apply(runId, { ...over, type: 'Cancelled' }, at(9));
    };
    const activeIds = async () => (await under.queues.active()).map(({ runId }) => runId);

    beforeEach(async () => {
      under = await connect();
    });

    test('let a run out in the latest turn alone', async () => {
      const run = await waiting(1);
      const earlier = await under.store.takeAdmissionTurn();
      const turn = await under.store.takeAdmissionTurn();
      expect(turn).toBeGreaterThan(earlier);
      const admitIn = async (admissionTurn: number) =>
        (await under.store.apply(run.runId, admitted(at(60)), at(2), { admissionTurn })).outcome;
      expect(await admitIn(earlier)).toBe('fenced');
      expect(await admitIn(turn)).toBe('changed');
      await end(run);
    });

    test('hold runs in the order of their uploads, by the kind of their job', async () => {
      expect(await under.queues.isAnyWaiting()).toBe(false);
      const [late, early] = [await waiting(20), await waiting(10)];
      expect(await under.queues.isAnyWaiting()).toBe(true);
      const ids = async (most: number) =>
        (await under.queues.first('pipelines', most)).map((run) => run.runId);
      expect(await ids(9)).toEqual([early.runId, late.runId]);
      expect(await ids(1)).toEqual([early.runId]);
      const later = await under.queues.first('pipelines', 9, early.work.queue);
      expect(later.map(({ runId }) => runId)).toEqual([late.runId]);
      expect(await under.queues.first('gemini', 9)).toEqual([]);
      await end(late, early);
    });

    test('say the place of a run that waits, and of one that would', async () => {
      const runs = [await waiting(10), await waiting(20), await waiting(30)];
      const places = await Promise.all(runs.map((run) => under.queues.placeOf('pipelines', key(run))));
      expect(places).toEqual([1, 2, 3]);
      const coming = aRun({ folder: 'coming', status: { createTime: at(15) } });
      expect(await under.queues.placeOf('pipelines', key(coming))).toBe(2);
      expect(await under.queues.placeOf('gemini', queueKeyOf('gemini', coming))).toBe(1);
      await end(...runs);
    });

    test('say of the runs before a key what its turn is reckoned from', async () => {
      const runs = [await waiting(10), await waiting(20), await waiting(30)];
      const expectedDuration = { seconds: { low: 60, high: 90 }, runs: 3 };
      const [first, second, third] = runs.map(({ runId }) => runId);
      const told: RunEvent = {
        ...{ type: 'Queued', reason: 'InQueue', message: 'told' },
        status: { queue: { kind: 'pipelines', place: 1 }, expectedDuration },
        next: { action: 'admit', at: at(1_000_000) },
      };
      await under.store.apply(first ?? '', told, at(2));
      const before = await under.queues.before('pipelines', runs[2] ? key(runs[2]) : '', 9);
      expect(before.map(({ runId, status }) => [runId, status.expectedDuration])).toEqual([
        [first, expectedDuration],
        [second, undefined],
      ]);
      const last = queueKeyOf('pipelines', aRun({ status: { createTime: at(40) } }));
      const most = async (count: number) =>
        (await under.queues.before('pipelines', last, count)).map(({ runId }) => runId);
      expect([await most(1), await most(3)]).toEqual([[first], [first, second, third]]);
      await end(...runs);
    });

    test('say of an active run when its job began and how long it takes, as far as that can be read', async () => {
      const { runId, spec } = aRun({ folder: `active-${serial++}`, spec: { plan: aPlan() } });
      const job = { name: 'j', startTime: at(5), nextAttemptAt: at(9) };
      const status = { state: 'RUNNING', reason: 'x', job };
      const work = { nextAction: 'observe' };
      const read = async (expectedDuration: unknown) => {
        await under.put(runId, { runId, spec, work, status: { ...status, expectedDuration } });
        return (await under.queues.active()).find((run) => run.runId === runId)?.status;
      };
      const expectedDuration = { seconds: { low: 60, high: 90 }, runs: 3 };
      expect(await read(expectedDuration)).toMatchObject({ job, expectedDuration });
      expect((await read({ minutes: 3 }))?.expectedDuration).toBeUndefined();
      await under.put(runId, { schemaVersion: 9 });
    });

    test('lose a run whose turn it is, which counts as active from then on', async () => {
      const run = await waiting(10);
      expect(await activeIds()).not.toContain(run.runId);
      await admit(run);
      expect(await under.queues.isAnyWaiting()).toBe(false);
      expect(await activeIds()).toContain(run.runId);
      await end(run);
      expect(await activeIds()).not.toContain(run.runId);
    });

    test('count a run of a later version, as far as it says what it is at', async () => {
      const { runId, spec } = aRun({ folder: `newer-${serial++}`, spec: { plan: aPlan() } });
      const work = { nextAction: 'observe' };
      await under.put(runId, {
        schemaVersion: 9,
        runId,
        spec,
        status: { state: 'DISTILLING', reason: 'x' },
        work,
      });
      expect(await activeIds()).toContain(runId);
      await under.put(runId, { schemaVersion: 9 });
    });

    test('keep what is learnt of a limit until it is forgotten', async () => {
      expect(await under.queues.learntOf('pipelines')).toBeUndefined();
      await under.queues.saveLearnt('pipelines', LIMIT);
      expect(await under.queues.learntOf('pipelines')).toEqual(LIMIT);
      expect(await under.queues.learnt()).toEqual([LIMIT]);
      await under.queues.saveLearnt('pipelines', { ...LIMIT, limit: 3 });
      expect((await under.queues.learntOf('pipelines'))?.limit).toBe(3);
      await under.queues.saveLearnt('pipelines', undefined);
      expect(await under.queues.learnt()).toEqual([]);
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import { runOfSweep } from '../../shared/core/run/new-run.ts';
import { aRun, at, NOW } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

/** How runs are opened together with a change of another, whatever keeps the documents. */
export function openedRunsContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`runs that are opened with a change: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    beforeEach(async () => {
      under = await connect();
    });
    const claimed = async () => {
      const run = aRun({ folder: `opened-${serial++}` });
      await under.store.open(run, claim('a'));
      const settings = { train_steps: 100 };
      const opens = [1, 2].map((index) =>
        runOfSweep(run, { index, settings, resultsBucket: 'results' }, NOW),
      );
      return { run, opens };
    };

    test('are there with it, all at once, and the path points to the run that opened them', async () => {
      const { run, opens } = await claimed();
      await under.store.apply(run.runId, VALIDATED, at(1), { epoch: 1, opens });
      for (const one of opens) expect(await under.store.get(one.runId)).toEqual(one);
      expect(await under.pointedFrom(run)).toBe(run.runId);
      const active = await under.store.listActiveOf(run.spec.source);
      expect(active.map(({ runId }) => runId).sort()).toEqual(
        [run, ...opens].map(({ runId }) => runId).sort(),
      );
    });

    test('are not, where the change comes too late', async () => {
      const { run, opens } = await claimed();
      await under.store.apply(run.runId, VALIDATED, at(1), { epoch: 9, opens });
      for (const one of opens) expect(await under.store.get(one.runId)).toBeUndefined();
    });

    test('stay as they are where they are there already', async () => {
      const { run, opens } = await claimed();
      const [first] = opens;
      if (!first) throw new Error('no run to open');
      const before = { ...first, status: { ...first.status, message: 'It has gone on since.' } };
      await under.put(first.runId, before);
      await under.store.apply(run.runId, VALIDATED, at(1), { epoch: 1, opens });
      expect(await under.store.get(first.runId)).toEqual(before);
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import { rejected } from '../../shared/core/run/events.ts';
import { runAfterRejected } from '../../shared/core/run/new-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun, at, NOW } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

/** How a run goes on from a refused one, whatever keeps the documents. */
export function continuedRunsContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`continued runs: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    beforeEach(async () => {
      under = await connect();
    });
    const opened = async () => {
      const folder = `continued-${serial++}`;
      const run = aRun({ folder });
      await under.store.open(run, claim('a'));
      return { run, uri: `gs://inbox/${folder}/train.jsonl` };
    };
    const refused = async () => {
      const { run, uri } = await opened();
      const event = rejected({ issues: [], issueCount: { error: 1, warning: 0, advice: 0 }, spec: {} }, [
        uri,
      ]);
      await under.store.apply(run.runId, event, at(1));
      return { run, uri };
    };
    const next = (run: Run, generation: string) => {
      const data = [{ bucket: 'inbox', name: 'train.jsonl', generation }];
      return runAfterRejected(run, { data, resultsBucket: 'results' }, NOW);
    };

    test('a refused run is found by its data until another goes on from it', async () => {
      const { run, uri } = await refused();
      expect((await under.store.listWaitingFor(uri)).map(({ runId }) => runId)).toEqual([run.runId]);
      const after = next(run, '7');
      expect(await under.store.continueAs(run.runId, after, at(2))).toBe(true);
      expect(await under.store.listWaitingFor(uri)).toEqual([]);
      expect(await under.store.get(run.runId)).toMatchObject({
        status: { state: 'REJECTED', continuedAs: `runs/${after.runId}`, updateTime: at(2) },
      });
      expect(await under.store.get(after.runId)).toEqual(after);
      expect(await under.pointedFrom(run)).toBe(after.runId);
      expect(await under.store.withoutRun([run.spec.source])).toEqual([]);
    });

    test('of many that want to go on from it one does', async () => {
      const { run } = await refused();
      const tries = ['7', '8', '9', '7'].map((generation) =>
        under.store.continueAs(run.runId, next(run, generation), NOW),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    test('nothing goes on from a run that was not refused, or is not there', async () => {
      const { run } = await opened();
      await under.store.apply(run.runId, VALIDATED, at(1));
      const after = next(run, '7');
      expect(await under.store.continueAs(run.runId, after, NOW)).toBe(false);
      expect(await under.store.continueAs('rnone', after, NOW)).toBe(false);
      expect(await under.store.get(after.runId)).toBeUndefined();
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import { cancelAsked, sameBytes } from '../../shared/core/run/events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun, at, type RunOptions } from '../support/runs.ts';
import { claim, type RunStoreUnderTest } from './run-store-contract.ts';

/** Which run the path of a manifest points to, and how a run is added for which no event came. */
export function pointerContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`manifests of the run store: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    const fresh = (options: RunOptions = {}) => aRun({ folder: `path-${serial++}`, ...options });

    beforeEach(async () => {
      under = await connect();
    });

    test('a run that is added is claimed by nobody, is due, and its manifest path points to it', async () => {
      const run = fresh();
      expect(await under.store.add(run)).toBe(true);
      expect(await under.store.get(run.runId)).toEqual(run);
      expect(await under.pointedFrom(run)).toBe(run.runId);
      expect(await under.store.add(run)).toBe(false);
      expect((await under.store.open(run, claim('event'))).outcome).toBe('claimed');
    });

    test('a run that an event has opened is not added', async () => {
      const run = fresh();
      const { run: opened } = await under.store.open(run, claim('a'));
      expect(await under.store.add(run)).toBe(false);
      expect(await under.store.get(run.runId)).toEqual(opened);
    });

    test('a run whose document was deleted is not added: its path points to it still', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      await under.remove(run.runId);
      expect(await under.store.add(run)).toBe(false);
      expect(await under.store.get(run.runId)).toBeUndefined();
    });

    test('one that is wanted back is added, once', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      await under.remove(run.runId);
      expect(await under.store.add(run, { isDeletedToo: true })).toBe(true);
      expect(await under.store.get(run.runId)).toEqual(run);
      expect(await under.store.add(run, { isDeletedToo: true })).toBe(false);
    });

    test('of many that add a run at once one does', async () => {
      const run = fresh();
      const added = await Promise.all(Array.from({ length: 5 }, () => under.store.add(run)));
      expect(added.filter(Boolean)).toHaveLength(1);
    });

    test('a run of an older upload that is added does not take the pointer back', async () => {
      const folder = `added-${serial++}`;
      const newer = fresh({ folder, generation: '3', timeCreated: at(2) });
      const older = fresh({ folder, generation: '9', timeCreated: at(1) });
      await under.store.open(newer, claim('a'));
      expect(await under.store.add(older)).toBe(true);
      expect(await under.pointedFrom(older)).toBe(newer.runId);
    });

    test('manifests without a run are those whose path points to none of theirs', async () => {
      const folder = `without-${serial++}`;
      const [replaced, live, deleted, unheard] = [
        fresh({ folder, generation: '1', timeCreated: at(1) }),
        fresh({ folder, generation: '2', timeCreated: at(2) }),
        fresh(),
        fresh(),
      ];
      for (const run of [replaced, live, deleted]) await under.store.open(run, claim('a'));
      await under.remove(deleted.runId);
      const manifests = [replaced, live, deleted, unheard].map(({ spec }) => spec.source);
      const without = await under.store.withoutRun(manifests);
      expect(without).toEqual([replaced.spec.source, unheard.spec.source]);
      expect(await under.store.withoutRun([])).toEqual([]);
    });

    test.each([
      ['of the same bytes', 'the run that has them'],
      ['that cancels', 'the run before it'],
    ])('after an upload %s is skipped its path points to %s', async (which) => {
      const folder = `skipped-${serial++}`;
      const [first, second, skipped] = ['1', '2', '3'].map((generation) =>
        fresh({ folder, generation, timeCreated: at(Number(generation)) }),
      ) as [Run, Run, Run];
      for (const run of [first, second, skipped]) await under.store.open(run, claim('a'));
      expect(await under.pointedFrom(first)).toBe(skipped.runId);
      const isSame = which === 'of the same bytes';
      const earlier = { runId: first.runId, status: { state: 'SUCCEEDED' } } as const;
      const event = isSame ? sameBytes(earlier, {}) : cancelAsked([second.runId], {});
      await under.store.apply(skipped.runId, event, at(9));
      expect(await under.pointedFrom(first)).toBe(isSame ? first.runId : second.runId);
      expect(await under.store.withoutRun([skipped.spec.source])).toEqual([]);
    });

    test('an upload that is skipped late leaves the pointer to a newer one', async () => {
      const folder = `skipped-${serial++}`;
      const [skipped, newest] = ['1', '2'].map((generation) =>
        fresh({ folder, generation, timeCreated: at(Number(generation)) }),
      ) as [Run, Run];
      for (const run of [skipped, newest]) await under.store.open(run, claim('a'));
      await under.store.apply(skipped.runId, cancelAsked([], {}), at(9));
      expect(await under.pointedFrom(newest)).toBe(newest.runId);
    });

    test('an older upload whose event comes late does not take the pointer back', async () => {
      const folder = `late-${serial++}`;
      const older = fresh({ folder, generation: '9', timeCreated: at(1) });
      const newer = fresh({ folder, generation: '3', timeCreated: at(2) });
      await under.store.open(newer, claim('a'));
      await under.store.open(older, claim('b'));
      expect(await under.pointedFrom(older)).toBe(newer.runId);
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun, at, NOW } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

/** What every run store does with documents that this version of the product did not write. */
export function runStoreVersionsContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`other versions in a run store: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    const fresh = () => aRun({ folder: `version-${serial++}` });

    beforeEach(async () => {
      under = await connect();
    });

    describe('a document of another version', () => {
      const later = { schemaVersion: 5, work: { nextActionAt: at(1), of: 'a later version' } };

      test('that is later is left alone: lists leave it out, and whoever asks for it is refused', async () => {
        const [mine, newer] = [fresh(), fresh()];
        await under.store.open(mine, claim('a', at(-60)));
        const document = { ...later, runId: newer.runId, spec: newer.spec };
        await under.put(newer.runId, document);
        const due = (await under.store.listDue(at(1))).map(({ runId }) => runId);
        expect([due.includes(mine.runId), due.includes(newer.runId)]).toEqual([true, false]);
        expect(under.log).toContainEqual(
          expect.objectContaining({
            severity: 'WARNING',
            fields: expect.objectContaining({
              document: `runs/${newer.runId}`,
              error: expect.stringContaining('schemaVersion 5'),
            }),
          }),
        );
        const refused = { kind: 'permanent', reason: 'NewerDocument' };
        await expect(under.store.get(newer.runId)).rejects.toMatchObject(refused);
        await expect(under.store.open(newer, claim('a'))).rejects.toMatchObject(refused);
        await expect(under.store.claim(newer.runId, claim('a'))).rejects.toMatchObject(refused);
        await expect(under.store.apply(newer.runId, VALIDATED, NOW)).rejects.toMatchObject(refused);
        await expect(under.store.notePublished(newer.runId, 1)).rejects.toMatchObject(refused);
        await expect(under.store.bringForward(newer, { from: 1 })).rejects.toMatchObject(refused);
        expect(await under.stored(newer.runId)).toEqual(document);
      });

      test('that is earlier is read, and written again as of this version with all that it had', async () => {
        const run = fresh();
        const { published: _unknown, ...work } = run.work;
        await under.put(run.runId, {
          ...run,
          schemaVersion: 1,
          status: { ...run.status, note: 'by hand' },
          work: { ...work, told: 1 },
        });
        expect((await under.store.get(run.runId))?.work.published).toBe(1);
        await under.store.apply(run.runId, VALIDATED, at(1));
        expect(await under.stored(run.runId)).toMatchObject({
          schemaVersion: 4,
          status: { state: 'VALIDATED', note: 'by hand' },
          work: { published: 1 },
        });
        expect((await under.stored(run.runId))?.work).not.toHaveProperty('told');
      });
    });

    describe('a document that is older than its run', () => {
      const later = (run: Run): Run => ({
        ...run,
        status: { ...run.status, state: 'CANCELLED' },
        work: { ...run.work, nextAction: null, nextActionAt: null, epoch: 9, revision: 9 },
      });

      test('is brought forward as a whole, which fences whoever holds it', async () => {
        const run = fresh();
        const { run: opened } = await under.store.open(run, claim('a'));
        expect(await under.store.bringForward(later(run), { from: opened.work.revision })).toBe(true);
        expect(await under.store.get(run.runId)).toEqual(later(run));
        const { epoch } = opened.work;
        const late = await under.store.apply(run.runId, VALIDATED, NOW, { epoch });
        expect(late.outcome).toBe('fenced');
      });

      test('that somebody has changed since it was read stays as it is', async () => {
        const run = fresh();
        const { run: opened } = await under.store.open(run, claim('a'));
        expect(await under.store.bringForward(later(run), { from: opened.work.revision - 1 })).toBe(false);
        expect(await under.store.get(run.runId)).toEqual(opened);
      });

      test('that is gone stays gone', async () => {
        const run = fresh();
        expect(await under.store.bringForward(later(run), { from: 0 })).toBe(false);
        expect(await under.store.get(run.runId)).toBeUndefined();
      });

      test('is brought forward by one of many that try at once', async () => {
        const run = fresh();
        const { run: opened } = await under.store.open(run, claim('a'));
        const from = opened.work.revision;
        const tries = Array.from({ length: 5 }, () => under.store.bringForward(later(run), { from }));
        expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      });
    });

    test('a document that cannot be read hides no other, and the log says once where it does not fit', async () => {
      const runs = Array.from({ length: 9 }, () => fresh());
      const time = at(20_000_000 + (serial++ % 1000) * 1000);
      for (const run of runs) {
        await under.put(run.runId, { ...run, work: { ...run.work, nextActionAt: time } });
      }
      const broken = runs.filter((_, index) => index % 2 === 0);
      for (const { runId, ...run } of broken) {
        await under.put(runId, { ...run, work: { ...run.work, nextActionAt: time, epoch: 'first' } });
      }
      const listed = async () => (await under.store.listDue(time)).map(({ runId }) => runId);
      const readable = runs.filter((run) => !broken.includes(run)).map(({ runId }) => runId);
      const isOurs = (runId: string) => runs.some((run) => run.runId === runId);
      expect((await listed()).filter(isOurs).sort()).toEqual(readable.sort());
      await listed();
      const document = `runs/${broken[0]?.runId}`;
      const entries = under.log.filter(({ fields }) => fields?.document === document);
      expect(entries).toMatchObject([{ severity: 'ERROR', fields: { reason: 'UnreadableDocument' } }]);
      expect(entries[0]?.fields?.error).toContain('runId: ');
      expect(entries[0]?.fields?.error).toContain('work.epoch: ');
      for (const { runId } of runs) await under.put(runId, {});
    });
  });
}

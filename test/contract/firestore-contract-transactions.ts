import { describe, expect, it } from 'vitest';
import type { Suite } from './firestore-suite.ts';

const ALREADY_EXISTS = 6;

export function transactionContract({ connect, deviations }: Suite): void {
  const contenders = Array.from({ length: deviations.contenders }, (_, index) => index);

  describe('transactions', () => {
    it(`loses none of ${contenders.length} increments made at once`, async () => {
      const db = connect();
      const counter = db.doc('counters/one');
      await counter.set({ n: 0 });
      await Promise.all(
        contenders.map(() =>
          db.runTransaction(async (transaction) => {
            const { n } = (await transaction.get(counter)).data() ?? {};
            transaction.update(counter, { n: n + 1 });
          }),
        ),
      );
      expect((await counter.get()).get('n')).toBe(contenders.length);
    });

    it('lets one of several create a missing document', async () => {
      const db = connect();
      const claim = db.doc('claims/one');
      const winners = await Promise.all(
        contenders.map((me) =>
          db.runTransaction(async (transaction) => {
            if ((await transaction.get(claim)).exists) return false;
            transaction.create(claim, { me });
            return true;
          }),
        ),
      );
      expect(winners.filter(Boolean)).toHaveLength(1);
    });

    it('notices that the result of a query has grown', async () => {
      const db = connect();
      const claims = db.collection('claims');
      await Promise.all(
        contenders.map((me) =>
          db.runTransaction(async (transaction) => {
            const taken = await transaction.get(claims.where('job', '==', 1));
            if (taken.empty) transaction.create(claims.doc(), { job: 1, me });
          }),
        ),
      );
      expect((await claims.get()).size).toBe(1);
    });

    it('writes nothing when the function throws', async () => {
      const db = connect();
      const document = db.doc('some/doc');
      const failing = db.runTransaction(async (transaction) => {
        await transaction.get(document);
        transaction.set(document, { a: 1 });
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect((await document.get()).exists).toBe(false);
      await document.set({ free: true });
    });

    it('reports a failed precondition without trying again', async () => {
      const db = connect();
      const document = db.doc('some/doc');
      await document.set({});
      let attempts = 0;
      const failing = db.runTransaction(async (transaction) => {
        attempts += 1;
        await transaction.get(document);
        transaction.create(document, {});
      });
      await expect(failing).rejects.toMatchObject({ code: ALREADY_EXISTS });
      expect(attempts).toBe(1);
    });

    it('shows a read-only transaction one state, whatever is written meanwhile', async () => {
      const db = connect();
      const all = db.collection('some');
      await all.doc('a').set({ n: 1 });
      const seen = await db.runTransaction(
        async (transaction) => {
          const before = await transaction.get(all);
          await all.doc('a').set({ n: 2 });
          await all.doc('b').set({ n: 3 });
          const after = await transaction.get(all);
          return [before, after].map(({ docs }) => docs.map((document) => document.get('n')));
        },
        { readOnly: true },
      );
      expect(seen).toEqual([[1], [1]]);
    });

    it('commits several documents at once', async () => {
      const db = connect();
      const [from, to] = [db.doc('accounts/from'), db.doc('accounts/to')];
      await Promise.all([from.set({ sum: 10 }), to.set({ sum: 0 })]);
      await db.runTransaction(async (transaction) => {
        const [a, b] = await transaction.getAll(from, to);
        transaction.update(from, { sum: a?.get('sum') - 4 }).update(to, { sum: b?.get('sum') + 4 });
      });
      const read = await db.getAll(from, to);
      expect(read.map((document) => document.get('sum'))).toEqual([6, 4]);
      expect(read[0]?.updateTime).toEqual(read[1]?.updateTime);
    });
  });
}

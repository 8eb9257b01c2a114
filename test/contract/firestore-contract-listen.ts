import type { DocumentSnapshot, QuerySnapshot } from '@google-cloud/firestore';
import { describe, expect, it } from 'vitest';
import type { Suite } from './firestore-suite.ts';

export interface Inbox<T> {
  put(item: T): void;
  fail(error: Error): void;
  /** The next item, waiting for it when there is none yet. */
  take(): Promise<T>;
}

/** Turns callbacks into something to await. */
export function createInbox<T>(): Inbox<T> {
  const items: Promise<T>[] = [];
  const waiting: ((item: Promise<T>) => void)[] = [];
  const deliver = (item: Promise<T>) => {
    item.catch(() => undefined);
    const next = waiting.shift();
    if (next) next(item);
    else items.push(item);
  };
  return {
    put: (item) => deliver(Promise.resolve(item)),
    fail: (error) => deliver(Promise.reject(error)),
    take: () => items.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  };
}

export function listenContract({ connect }: Suite): void {
  describe('listeners', () => {
    it('follow a query as documents enter, move and leave', async () => {
      const all = connect().collection('queue');
      const inbox = createInbox<QuerySnapshot>();
      const stop = all.where('open', '==', true).orderBy('n').limit(2).onSnapshot(inbox.put, inbox.fail);
      const changes = async () =>
        (await inbox.take())
          .docChanges()
          .map(({ type, doc, oldIndex, newIndex }) => `${type} ${doc.id} ${oldIndex}>${newIndex}`);

      expect(await changes()).toEqual([]);
      await all.doc('a').set({ open: true, n: 2 });
      expect(await changes()).toEqual(['added a -1>0']);
      await all.doc('b').set({ open: true, n: 1 });
      expect(await changes()).toEqual(['added b -1>0']);
      await all.doc('c').set({ open: true, n: 0 });
      expect(await changes()).toEqual(['removed a 1>-1', 'added c -1>0']);
      await all.doc('c').update({ open: false });
      expect(await changes()).toEqual(['removed c 0>-1', 'added a -1>1']);
      await all.doc('b').update({ n: 7 });
      expect(await changes()).toEqual(['modified b 0>1']);
      stop();
    });

    it('show all writes of one commit in one snapshot', async () => {
      const db = connect();
      const all = db.collection('pairs');
      const inbox = createInbox<QuerySnapshot>();
      const stop = all.onSnapshot(inbox.put, inbox.fail);
      expect((await inbox.take()).size).toBe(0);
      await db.batch().set(all.doc('a'), {}).set(all.doc('b'), {}).commit();
      expect((await inbox.take()).size).toBe(2);
      stop();
    });

    it('follow one document from missing to there to gone', async () => {
      const document = connect().doc('some/followed');
      const inbox = createInbox<DocumentSnapshot>();
      const stop = document.onSnapshot(inbox.put, inbox.fail);
      expect((await inbox.take()).exists).toBe(false);
      await document.set({ a: 1 });
      expect((await inbox.take()).data()).toEqual({ a: 1 });
      await document.delete();
      expect((await inbox.take()).exists).toBe(false);
      stop();
    });

    it('are not woken by a write that changes nothing', async () => {
      const document = connect().doc('some/quiet');
      await document.set({ a: 1 });
      const inbox = createInbox<DocumentSnapshot>();
      const stop = document.onSnapshot(inbox.put, inbox.fail);
      expect((await inbox.take()).get('a')).toBe(1);
      await document.set({ a: 1 });
      await document.set({ a: 2 });
      expect((await inbox.take()).get('a')).toBe(2);
      stop();
    });
  });
}

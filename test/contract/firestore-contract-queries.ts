import {
  AggregateField,
  type CollectionReference,
  FieldPath,
  Filter,
  type Firestore,
  type Query,
} from '@google-cloud/firestore';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Suite } from './firestore-suite.ts';

const PEOPLE = {
  ada: { age: 36, team: 'red', tags: ['x', 'y'], address: { city: 'Rome' } },
  bob: { age: 25, team: 'blue', tags: ['y'], address: { city: 'Bonn' } },
  cy: { age: 25, team: 'red', tags: [], nick: null },
  dan: { age: Number.NaN, team: 'blue', tags: ['z'] },
  eve: { age: '36', team: null, tags: ['x', 3] },
  fay: { team: 'red' },
};

const where = Filter.where;

const QUERIES: { name: string; ask: (people: CollectionReference) => Query; ids: string[] }[] = [
  { name: 'all, by name', ask: (all) => all, ids: ['ada', 'bob', 'cy', 'dan', 'eve', 'fay'] },
  { name: '==', ask: (all) => all.where('team', '==', 'red'), ids: ['ada', 'cy', 'fay'] },
  { name: '== null', ask: (all) => all.where('team', '==', null), ids: ['eve'] },
  { name: '== NaN', ask: (all) => all.where('age', '==', Number.NaN), ids: ['dan'] },
  {
    name: '!=, without null and missing',
    ask: (all) => all.where('team', '!=', 'red'),
    ids: ['bob', 'dan'],
  },
  { name: '!= null', ask: (all) => all.where('nick', '!=', null), ids: [] },
  { name: '>= within the type', ask: (all) => all.where('age', '>=', 25), ids: ['bob', 'cy', 'ada'] },
  { name: '<, never NaN', ask: (all) => all.where('age', '<', 30), ids: ['bob', 'cy'] },
  { name: 'a range', ask: (all) => all.where('age', '>', 25).where('age', '<=', 36), ids: ['ada'] },
  { name: 'in', ask: (all) => all.where('age', 'in', [25, '36']), ids: ['bob', 'cy', 'eve'] },
  { name: 'not-in', ask: (all) => all.where('team', 'not-in', ['red']), ids: ['bob', 'dan'] },
  { name: 'not-in with null', ask: (all) => all.where('team', 'not-in', [null]), ids: [] },
  { name: 'array-contains', ask: (all) => all.where('tags', 'array-contains', 'x'), ids: ['ada', 'eve'] },
  {
    name: 'array-contains-any',
    ask: (all) => all.where('tags', 'array-contains-any', ['z', 3]),
    ids: ['dan', 'eve'],
  },
  { name: 'a nested field', ask: (all) => all.where('address.city', '==', 'Rome'), ids: ['ada'] },
  {
    name: 'a whole map',
    ask: (all) => all.where('address', '==', { city: 'Bonn' }),
    ids: ['bob'],
  },
  {
    name: 'AND within OR',
    ask: (all) =>
      all.where(
        Filter.or(
          where('team', '==', 'blue'),
          Filter.and(where('team', '==', 'red'), where('age', '==', 36)),
        ),
      ),
    ids: ['ada', 'bob', 'dan'],
  },
  {
    name: 'order across types, NaN before numbers',
    ask: (all) => all.orderBy('age'),
    ids: ['dan', 'bob', 'cy', 'ada', 'eve'],
  },
  {
    name: 'descending order, the name descending too',
    ask: (all) => all.orderBy('age', 'desc'),
    ids: ['eve', 'ada', 'cy', 'bob', 'dan'],
  },
  {
    name: 'two orders',
    ask: (all) => all.orderBy('team').orderBy('age', 'desc'),
    ids: ['eve', 'bob', 'dan', 'ada', 'cy'],
  },
  { name: 'limit', ask: (all) => all.orderBy('age').limit(2), ids: ['dan', 'bob'] },
  { name: 'limitToLast', ask: (all) => all.orderBy('age').limitToLast(2), ids: ['ada', 'eve'] },
  { name: 'offset', ask: (all) => all.orderBy('age').offset(3), ids: ['ada', 'eve'] },
  { name: 'startAt', ask: (all) => all.orderBy('age').startAt(25), ids: ['bob', 'cy', 'ada', 'eve'] },
  { name: 'startAfter', ask: (all) => all.orderBy('age').startAfter(25), ids: ['ada', 'eve'] },
  { name: 'endAt', ask: (all) => all.orderBy('age').endAt(25), ids: ['dan', 'bob', 'cy'] },
  { name: 'endBefore', ask: (all) => all.orderBy('age').endBefore(25), ids: ['dan'] },
  {
    name: 'a cursor of two values',
    ask: (all) => all.orderBy('age').orderBy(FieldPath.documentId()).startAfter(25, 'bob'),
    ids: ['cy', 'ada', 'eve'],
  },
  { name: 'a document id', ask: (all) => all.where(FieldPath.documentId(), '==', 'cy'), ids: ['cy'] },
  {
    name: 'document ids in a list',
    ask: (all) => all.where(FieldPath.documentId(), 'in', ['fay', 'ada', 'none']),
    ids: ['ada', 'fay'],
  },
  {
    name: 'a range of document ids',
    ask: (all) => all.where(FieldPath.documentId(), '>', 'cy').where(FieldPath.documentId(), '<', 'f'),
    ids: ['dan', 'eve'],
  },
];

export function queryContract({ connect, deviations }: Suite): void {
  describe('queries', () => {
    let db: Firestore;
    const people = () => db.collection('people');
    beforeAll(async () => {
      db = connect();
      const batch = db.batch();
      for (const [id, data] of Object.entries(PEOPLE)) batch.set(people().doc(id), data);
      await batch.commit();
    });

    it.each(QUERIES)('answers $name', async ({ ask, ids }) => {
      const snapshot = await ask(people()).get();
      expect(snapshot.docs.map(({ id }) => id)).toEqual(ids);
    });

    it('starts after a document snapshot', async () => {
      const bob = await people().doc('bob').get();
      const snapshot = await people().orderBy('age').startAfter(bob).get();
      expect(snapshot.docs.map(({ id }) => id)).toEqual(['cy', 'ada', 'eve']);
    });

    it('selects fields, or none of them', async () => {
      const [selected] = (await people().select('age', 'address.city').limit(1).get()).docs;
      expect(selected?.data()).toEqual({ age: 36, address: { city: 'Rome' } });
      const [bare] = (await people().select().limit(1).get()).docs;
      expect(bare?.data()).toEqual({});
    });

    it('orders names by their bytes, numeric ids first', async () => {
      const ids = ['__id7__', '__id10__', 'A', 'a', 'é', '\uffee', '\u{1f600}'];
      const odd = db.collection('odd');
      await Promise.all([...ids].reverse().map((id) => odd.doc(id).set({})));
      expect((await odd.get()).docs.map(({ id }) => id)).toEqual(ids);
    });

    it.skipIf(!deviations.descendingNames)('walks document names downwards', async () => {
      const snapshot = await people().orderBy(FieldPath.documentId(), 'desc').limit(2).get();
      expect(snapshot.docs.map(({ id }) => id)).toEqual(['fay', 'eve']);
    });

    it('counts, sums and averages', async () => {
      const aggregates = {
        count: AggregateField.count(),
        sum: AggregateField.sum('age'),
        average: AggregateField.average('age'),
      };
      const young = await people().where('age', 'in', [25, 36, '36']).aggregate(aggregates).get();
      expect(young.data()).toEqual({ count: 4, sum: 86, average: 86 / 3 });
      const nobody = await people().where('age', '==', 1).aggregate(aggregates).get();
      expect(nobody.data()).toEqual({ count: 0, sum: 0, average: null });
      expect((await people().count().get()).data().count).toBe(6);
    });

    it('looks through all collections of one id', async () => {
      await Promise.all(['a/1/notes/x', 'a/2/notes/y', 'notes/z'].map((path) => db.doc(path).set({ path })));
      const all = await db.collectionGroup('notes').get();
      expect(all.docs.map((document) => document.ref.path)).toEqual([
        'a/1/notes/x',
        'a/2/notes/y',
        'notes/z',
      ]);
      const one = await db.collectionGroup('notes').where('path', '==', 'notes/z').get();
      expect(one.size).toBe(1);
    });

    it.skipIf(!deviations.partitions)('offers a collection group as one partition', async () => {
      const partitions = [];
      for await (const partition of db.collectionGroup('people').getPartitions(3)) partitions.push(partition);
      expect(partitions).toHaveLength(1);
      expect((await partitions[0]?.toQuery().get())?.size).toBe(6);
    });
  });
}

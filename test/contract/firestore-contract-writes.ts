import { FieldPath, FieldValue, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { describe, expect, it } from 'vitest';
import type { Suite } from './firestore-suite.ts';

const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const INVALID_ARGUMENT = 3;

export function writeContract({ connect }: Suite): void {
  describe('documents', () => {
    it('keeps every kind of value as it was given', async () => {
      const db = connect();
      const document = db.doc('kinds/all');
      const data = {
        nothing: null,
        yes: true,
        whole: 42,
        fraction: 1.5,
        negativeZero: -0,
        notANumber: Number.NaN,
        infinite: Number.NEGATIVE_INFINITY,
        text: 'naïve \u{1f600}',
        bytes: Buffer.from([0, 255, 10]),
        place: new GeoPoint(-10.5, 20),
        reference: db.doc('kinds/other'),
        list: [1, 'a', null, { deep: [] }],
        map: { empty: {}, 'key.with`odd\\signs': 1 },
      };
      await document.set(data);
      const read = (await document.get()).data();
      expect(read).toEqual(data);
      expect(Object.is(read?.negativeZero, -0)).toBe(true);
    });

    it('cuts timestamps to microseconds', async () => {
      const document = connect().doc('kinds/time');
      await document.set({ at: new Timestamp(1_700_000_000, 123_456_789) });
      expect((await document.get()).get('at')).toEqual(new Timestamp(1_700_000_000, 123_456_000));
    });

    it('keeps vectors', async () => {
      const document = connect().doc('kinds/vector');
      await document.set({ v: FieldValue.vector([1, 2.5]) });
      expect((await document.get()).get('v').toArray()).toEqual([1, 2.5]);
    });

    it('keeps integers beyond 2^53 exact', async () => {
      const document = connect().doc('kinds/wide');
      await document.set({ wide: 9_007_199_254_740_993n });
      await document.update({ wide: FieldValue.increment(1) });
      const found = await document.parent.where('wide', '==', 9_007_199_254_740_994n).get();
      expect(found.size).toBe(1);
    });

    it('knows a missing document from an empty one', async () => {
      const db = connect();
      await db.doc('some/empty').set({});
      expect((await db.doc('some/empty').get()).exists).toBe(true);
      expect((await db.doc('some/missing').get()).exists).toBe(false);
    });

    it('replaces on set, merges on request, and deletes named fields', async () => {
      const document = connect().doc('some/merge');
      await document.set({ a: { b: 1, c: 2 }, d: 1 });
      await document.set({ a: { b: 5 }, e: FieldValue.delete() }, { merge: true });
      expect((await document.get()).data()).toEqual({ a: { b: 5, c: 2 }, d: 1 });
      await document.update({ 'a.z': 9, d: FieldValue.delete() });
      await document.update(new FieldPath('odd.key', 'x'), 1);
      expect((await document.get()).data()).toEqual({ a: { b: 5, c: 2, z: 9 }, 'odd.key': { x: 1 } });
      await document.set({ only: true });
      expect((await document.get()).data()).toEqual({ only: true });
    });

    it('reads only the fields of a mask, and several documents at once', async () => {
      const db = connect();
      await db.doc('some/a').set({ x: 1, y: { z: 2, w: 3 } });
      const [a, b] = await db.getAll(db.doc('some/a'), db.doc('some/b'), { fieldMask: ['y.z'] });
      expect(a?.data()).toEqual({ y: { z: 2 } });
      expect(b?.exists).toBe(false);
    });

    it('keeps the creation time, moves the update time, and moves nothing when nothing changes', async () => {
      const document = connect().doc('some/times');
      const first = await document.set({ a: 1 });
      const second = await document.set({ a: 2 });
      const third = await document.set({ a: 2 });
      const read = await document.get();
      expect(second.writeTime.valueOf() > first.writeTime.valueOf()).toBe(true);
      expect(third.writeTime).toEqual(second.writeTime);
      expect(read.createTime).toEqual(first.writeTime);
      expect(read.updateTime).toEqual(second.writeTime);
    });

    it('keeps named databases apart', async () => {
      const first = connect();
      const second = connect('other');
      await first.doc('some/doc').set({ in: 'default' });
      await second.doc('some/doc').set({ in: 'other' });
      expect((await first.doc('some/doc').get()).data()).toEqual({ in: 'default' });
      expect((await second.doc('some/doc').get()).data()).toEqual({ in: 'other' });
    });
  });

  describe('preconditions', () => {
    it('refuses to create what exists and to update what does not', async () => {
      const db = connect();
      await db.doc('some/there').create({ a: 1 });
      await expect(db.doc('some/there').create({ a: 2 })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      await expect(db.doc('some/gone').update({ a: 2 })).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(db.doc('some/gone').delete({ exists: true })).rejects.toMatchObject({ code: NOT_FOUND });
      expect((await db.doc('some/there').get()).data()).toEqual({ a: 1 });
    });

    it('refuses an update of a version that is not the newest', async () => {
      const document = connect().doc('some/versioned');
      const { writeTime: old } = await document.set({ a: 1 });
      const { writeTime: newest } = await document.set({ a: 2 });
      await expect(document.update({ a: 3 }, { lastUpdateTime: old })).rejects.toMatchObject({
        code: FAILED_PRECONDITION,
      });
      await document.update({ a: 4 }, { lastUpdateTime: newest });
      expect((await document.get()).get('a')).toBe(4);
    });
  });

  describe('transforms', () => {
    it.each([
      { name: 'an increment of an integer', from: 1, value: FieldValue.increment(2), to: 3 },
      { name: 'an increment with a fraction', from: 1, value: FieldValue.increment(0.5), to: 1.5 },
      { name: 'an increment of what is no number', from: 'x', value: FieldValue.increment(2), to: 2 },
      { name: 'a higher maximum', from: 1, value: FieldValue.maximum(5), to: 5 },
      { name: 'a lower maximum', from: 9, value: FieldValue.maximum(5), to: 9 },
      { name: 'a minimum', from: 9, value: FieldValue.minimum(5), to: 5 },
      { name: 'a union', from: [1, 'a'], value: FieldValue.arrayUnion(1, 'b', 'b'), to: [1, 'a', 'b'] },
      { name: 'a union with what is no list', from: 7, value: FieldValue.arrayUnion(1), to: [1] },
      { name: 'a removal', from: [1, 2, 1, 3], value: FieldValue.arrayRemove(1), to: [2, 3] },
    ])('applies $name', async ({ from, value, to }) => {
      const document = connect().doc('some/transformed');
      await document.set({ field: from });
      await document.update({ field: value });
      expect((await document.get()).get('field')).toEqual(to);
    });

    it('stops an increment at the ends of int64', async () => {
      const document = connect().doc('some/saturated');
      await document.set({ n: 2n ** 63n - 1n });
      await document.update({ n: FieldValue.increment(1) });
      expect((await document.parent.where('n', '==', 2n ** 63n - 1n).get()).size).toBe(1);
    });

    it('sets the server time, in milliseconds', async () => {
      const document = connect().doc('some/stamped');
      const { writeTime } = await document.set({ at: FieldValue.serverTimestamp() });
      const at: Timestamp = (await document.get()).get('at');
      expect(at.nanoseconds % 1_000_000).toBe(0);
      expect(Math.abs(at.toMillis() - writeTime.toMillis())).toBeLessThan(1000);
    });
  });

  describe('batches', () => {
    it('writes all or nothing', async () => {
      const db = connect();
      const batch = db.batch();
      batch.set(db.doc('some/first'), { a: 1 });
      batch.update(db.doc('some/missing'), { a: 1 });
      await expect(batch.commit()).rejects.toMatchObject({ code: NOT_FOUND });
      expect((await db.doc('some/first').get()).exists).toBe(false);
    });

    it('lets each write see the ones before it', async () => {
      const db = connect();
      const document = db.doc('some/doc');
      await db
        .batch()
        .create(document, { n: 1 })
        .update(document, { n: FieldValue.increment(1) })
        .commit();
      expect((await document.get()).get('n')).toBe(2);
      await db.batch().delete(document).create(document, { n: 9 }).commit();
      expect((await document.get()).data()).toEqual({ n: 9 });
    });

    it('takes more than 500 writes in one commit', async () => {
      const db = connect();
      const batch = db.batch();
      for (let index = 0; index < 600; index++) batch.set(db.doc(`many/d${index}`), { index });
      await batch.commit();
      expect((await db.collection('many').count().get()).data().count).toBe(600);
    });

    it('lets the writes of a bulk writer fail one by one', async () => {
      const db = connect();
      await db.doc('bulk/taken').set({});
      const writer = db.bulkWriter();
      const outcomes = [
        writer.set(db.doc('bulk/a'), { a: 1 }).then(() => 'written'),
        writer.create(db.doc('bulk/taken'), {}).catch((error: { code: number }) => error.code),
        writer.delete(db.doc('bulk/none')).then(() => 'written'),
      ];
      await writer.close();
      expect(await Promise.all(outcomes)).toEqual(['written', ALREADY_EXISTS, 'written']);
    });

    it('deletes a tree of documents', async () => {
      const db = connect();
      await db.doc('tree/a').set({});
      await db.doc('tree/a/below/b').set({});
      await db.doc('tree/other').set({});
      await db.recursiveDelete(db.doc('tree/a'));
      expect((await db.collectionGroup('below').get()).size).toBe(0);
      expect((await db.collection('tree').get()).docs.map(({ id }) => id)).toEqual(['other']);
    });
  });

  describe('names and limits', () => {
    it('lists documents, also those that only have something below them', async () => {
      const db = connect();
      await db.doc('shelf/full').set({});
      await db.doc('shelf/ghost/below/doc').set({});
      expect((await db.collection('shelf').listDocuments()).map(({ id }) => id)).toEqual(['full', 'ghost']);
      expect((await db.doc('shelf/ghost').listCollections()).map(({ id }) => id)).toEqual(['below']);
      expect((await db.listCollections()).map(({ id }) => id)).toEqual(['shelf']);
    });

    it.each([
      { name: 'a reserved document id', path: 'some/__reserved__', data: {} },
      { name: 'a reserved field', path: 'some/doc', data: { __reserved__: 1 } },
      { name: 'a list in a list', path: 'some/doc', data: { a: [[1]] } },
      { name: 'a document over 1 MiB', path: 'some/doc', data: { a: 'x'.repeat(1024 * 1024) } },
    ])('refuses $name', async ({ path, data }) => {
      await expect(connect().doc(path).set(data)).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('takes a document just below 1 MiB', async () => {
      const document = connect().doc('some/large');
      await document.set({ a: 'x'.repeat(1024 * 1024 - 200) });
      expect((await document.get()).get('a')).toHaveLength(1024 * 1024 - 200);
    });
  });
}

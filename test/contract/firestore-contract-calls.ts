/** Methods that the Node client never calls, and what it hides of those that it calls: other clients and HTTP see them. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setting, text, whole } from './firestore-messages.ts';
import { connectRaw, type RawFirestore } from './firestore-raw.ts';
import type { Suite } from './firestore-suite.ts';

const ALREADY_EXISTS = 6;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const INVALID_ARGUMENT = 3;

interface Listed {
  documents: { name: string }[];
  nextPageToken: string;
}

export function callContract({ address, deviations }: Suite): void {
  let raw: RawFirestore;
  let database: string;
  let projects = 0;
  beforeAll(() => {
    raw = connectRaw(address());
  });
  beforeEach(() => {
    projects += 1;
    database = `projects/calls-${projects}/databases/(default)`;
  });
  afterAll(() => raw.close());

  const nameOf = (path: string) => `${database}/documents/${path}`;
  const send = async (method: string, request: object) => {
    const result = await raw.call(method, request);
    if ('code' in result) throw new Error(`${method}: ${result.code} ${result.details}`);
    return result.answer;
  };
  const set = (path: string, fields: Record<string, object>) =>
    send('Commit', setting(path, fields)(database));
  const create = (more: object) => ({ parent: `${database}/documents`, collectionId: 'some', ...more });

  describe('single documents', () => {
    it('are made under the id that was asked for, once', async () => {
      const request = create({ documentId: 'a', document: { fields: { n: whole(1) } } });
      expect(await send('CreateDocument', request)).toMatchObject({
        name: nameOf('some/a'),
        fields: { n: whole(1) },
      });
      expect(await raw.call('CreateDocument', request)).toMatchObject({ code: ALREADY_EXISTS });
    });

    it('are made under an id of the server where none was asked for', async () => {
      const made = (await send('CreateDocument', create({}))) as { name: string };
      expect(made.name).toMatch(/\/some\/[A-Za-z0-9]{20}$/);
      expect(await send('GetDocument', { name: made.name })).toMatchObject({ name: made.name });
    });

    it.each([
      { name: 'a name of their own', more: { documentId: 'a', document: { name: 'x' } } },
      { name: 'no collection', more: { collectionId: '' } },
      { name: 'a reserved id', more: { documentId: '__a__' } },
    ])('are not made with $name', async ({ more }) => {
      expect(await raw.call('CreateDocument', create(more))).toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('are updated by mask, and answered by another', async () => {
      await set('some/a', { n: whole(1), t: text('x') });
      const answer = await send('UpdateDocument', {
        document: { name: nameOf('some/a'), fields: { n: whole(2), t: text('y') } },
        updateMask: { fieldPaths: ['n'] },
        mask: { fieldPaths: ['t'] },
      });
      expect(answer).toMatchObject({ fields: { t: text('x') } });
      expect(await send('GetDocument', { name: nameOf('some/a') })).toMatchObject({
        fields: { n: whole(2), t: text('x') },
      });
    });

    it('come into being by an update, unless it says that they exist', async () => {
      const document = { name: nameOf('some/a'), fields: {} };
      const request = { document, currentDocument: { exists: true } };
      expect(await raw.call('UpdateDocument', request)).toMatchObject({ code: NOT_FOUND });
      expect(await send('UpdateDocument', { document })).toMatchObject({ name: document.name });
    });

    it('are deleted, also when they are not there, unless the call says that they exist', async () => {
      await set('some/a', {});
      const name = nameOf('some/a');
      await send('DeleteDocument', { name });
      await send('DeleteDocument', { name });
      expect(await raw.call('DeleteDocument', { name, currentDocument: { exists: true } })).toMatchObject({
        code: NOT_FOUND,
      });
      expect(await raw.call('GetDocument', { name })).toMatchObject({ code: NOT_FOUND });
    });
  });

  describe('the automatic indexes', () => {
    const array = (count: number, element: (index: number) => number) => ({
      arrayValue: { values: Array.from({ length: count }, (_, index) => whole(element(index))) },
    });
    const setWith = (list: object) =>
      raw.call('Commit', setting('some/doc', { n: whole(1), list })(database));

    it('hold 40,000 entries of a document: two of a field, one of each element', async () => {
      expect(await setWith(array(39_998, (index) => index))).toHaveProperty('answer');
    });

    it('count equal elements once', async () => {
      expect(await setWith(array(50_000, () => 7))).toHaveProperty('answer');
    });

    it.skipIf(deviations.lenient)('hold not one more', async () => {
      expect(await setWith(array(39_999, (index) => index))).toMatchObject({ code: FAILED_PRECONDITION });
    });
  });

  describe('lists', () => {
    const list = async (more: object) =>
      (await send('ListDocuments', {
        parent: `${database}/documents`,
        collectionId: 'some',
        ...more,
      })) as Listed;
    const idsOf = ({ documents }: Listed) => documents.map(({ name }) => name.split('/').at(-1));
    beforeEach(async () => {
      for (const [id, n] of Object.entries({ a: 3, b: 1, c: 3, d: 2 }))
        await set(`some/${id}`, { n: whole(n) });
    });

    it('skip nothing when what was listed is deleted between two pages', async () => {
      const first = await list({ pageSize: 2 });
      expect(idsOf(first)).toEqual(['a', 'b']);
      for (const { name } of first.documents) await send('DeleteDocument', { name });
      const second = await list({ pageSize: 2, pageToken: first.nextPageToken });
      expect(idsOf(second)).toEqual(['c', 'd']);
    });

    it('end with a page that names no next one', async () => {
      const ids: (string | undefined)[] = [];
      let pageToken = '';
      do {
        const page = await list({ pageSize: 3, pageToken });
        ids.push(...idsOf(page));
        pageToken = page.nextPageToken;
      } while (pageToken);
      expect(ids).toEqual(['a', 'b', 'c', 'd']);
    });

    it.skipIf(deviations.lenient)('are in the order that was asked for, over pages', async () => {
      const first = await list({ pageSize: 3, orderBy: 'n desc' });
      expect(idsOf(first)).toEqual(['c', 'a', 'd']);
      expect(idsOf(await list({ pageSize: 3, orderBy: 'n desc', pageToken: first.nextPageToken }))).toEqual([
        'b',
      ]);
    });

    it('have what only has something below it, in its place', async () => {
      await set('some/bb/below/x', {});
      const first = await list({ pageSize: 3, showMissing: true, mask: { fieldPaths: [] } });
      expect(idsOf(first)).toEqual(['a', 'b', 'bb']);
      const second = await list({
        pageSize: 3,
        showMissing: true,
        mask: { fieldPaths: [] },
        pageToken: first.nextPageToken,
      });
      expect(idsOf(second)).toEqual(['c', 'd']);
    });

    it('of collections come in pages', async () => {
      await set('other/x', {});
      const parent = `${database}/documents`;
      const first = (await send('ListCollectionIds', { parent, pageSize: 1 })) as {
        collectionIds: string[];
        nextPageToken: string;
      };
      expect(first.collectionIds).toEqual(['other']);
      expect(
        await send('ListCollectionIds', { parent, pageSize: 1, pageToken: first.nextPageToken }),
      ).toMatchObject({ collectionIds: ['some'] });
    });
  });

  describe('answers', () => {
    it('to a delete in a batch have no update time', async () => {
      const answer = await send('BatchWrite', {
        database,
        writes: [{ delete: nameOf('some/a') }, { update: { name: nameOf('some/b'), fields: {} } }],
      });
      expect(answer).toMatchObject({
        writeResults: [
          { updateTime: null },
          { updateTime: expect.objectContaining({ nanos: expect.any(Number) }) },
        ],
        status: [{ code: 0 }, { code: 0 }],
      });
    });

    it('to a query say with the last document that there is no more', async () => {
      const request = {
        parent: `${database}/documents`,
        structuredQuery: { from: [{ collectionId: 'some' }] },
      };
      expect(await send('RunQuery', request)).toMatchObject([{ document: null, done: true }]);
      await set('some/a', {});
      await set('some/b', {});
      const messages = (await send('RunQuery', request)) as { done?: boolean }[];
      expect(messages.map(({ done = false }) => done)).toEqual([false, true]);
    });
  });
}

import { expect } from 'vitest';
import { collected, type FirestoreClients, firstOf, OWNER } from './firestore-client.ts';
import { type Operation, refused, works } from './operation.ts';

const whole = (value: number) => ({ integerValue: value });
const everything = { from: [{ collectionId: 'some' }] };
const NOT_FOUND = 5;

interface Found {
  document?: { name: string } | null;
}

/** Methods that answer once or with a list: over gRPC and over HTTP. */
export const ANSWERING_OPERATIONS: readonly Operation<FirestoreClients>[] = [
  works('Firestore.GetDocument', async ({ documents, aDatabase }) => {
    const name = await aDatabase().aDocument('some/doc', { n: whole(1) });
    expect((await documents.getDocument({ name }))[0].name).toBe(name);
  }),
  works('Firestore.ListDocuments', async ({ documents, aDatabase }) => {
    const { root, aDocument } = aDatabase();
    const name = await aDocument('some/doc');
    const [listed] = await documents.listDocuments({ parent: root, collectionId: 'some' });
    expect(listed.map((document) => document.name)).toEqual([name]);
  }),
  works('Firestore.CreateDocument', async ({ documents, aDatabase }) => {
    const parent = await aDatabase().aDocument('some/doc');
    const asked = { parent, collectionId: 'below', documentId: 'a', document: { fields: { n: whole(1) } } };
    expect((await documents.createDocument(asked))[0].name).toBe(`${parent}/below/a`);
  }),
  works('Firestore.UpdateDocument', async ({ documents, aDatabase }) => {
    const name = await aDatabase().aDocument('some/doc', { n: whole(1) });
    const document = { name, fields: { n: whole(2) } };
    await documents.updateDocument({ document, updateMask: { fieldPaths: ['n'] } });
    expect(Number((await documents.getDocument({ name }))[0].fields?.n?.integerValue)).toBe(2);
  }),
  works('Firestore.DeleteDocument', async ({ documents, aDatabase }) => {
    const name = await aDatabase().aDocument('some/doc');
    await documents.deleteDocument({ name });
    await expect(documents.getDocument({ name })).rejects.toMatchObject({ code: NOT_FOUND });
  }),
  works('Firestore.BatchGetDocuments', async ({ documents, aDatabase }) => {
    const { database, root, aDocument } = aDatabase();
    const name = await aDocument('some/doc');
    const asked = { database, documents: [name, `${root}/some/none`] };
    expect(await collected(documents.batchGetDocuments(asked))).toMatchObject([
      { found: { name } },
      { missing: `${root}/some/none` },
    ]);
  }),
  works('Firestore.Commit', async ({ documents, aDatabase }) => {
    const name = await aDatabase().aDocument('some/doc');
    expect((await documents.getDocument({ name }))[0].name).toBe(name);
  }),
  works('Firestore.BatchWrite', async ({ documents, aDatabase }) => {
    const { database, root } = aDatabase();
    const writes = [{ update: { name: `${root}/some/a`, fields: {} } }];
    const [{ status }] = await documents.batchWrite({ database, writes }, OWNER);
    expect(status?.map(({ code }) => code)).toEqual([0]);
  }),
  works('Firestore.BeginTransaction', async ({ documents, aDatabase }) => {
    const { database, root } = aDatabase();
    const [{ transaction }] = await documents.beginTransaction({ database });
    const writes = [{ update: { name: `${root}/some/a`, fields: {} } }];
    const asked = { database, writes, transaction: transaction ?? '' };
    expect((await documents.commit(asked))[0].writeResults).toHaveLength(1);
  }),
  works('Firestore.Rollback', async ({ documents, aDatabase }) => {
    const { database } = aDatabase();
    const [{ transaction }] = await documents.beginTransaction({ database });
    await documents.rollback({ database, transaction: transaction ?? '' });
    await expect(documents.commit({ database, transaction: transaction ?? '' })).rejects.toMatchObject({
      code: expect.any(Number),
    });
  }),
  works('Firestore.RunQuery', async ({ documents, aDatabase }) => {
    const { root, aDocument } = aDatabase();
    const name = await aDocument('some/doc');
    const found = await collected<Found>(documents.runQuery({ parent: root, structuredQuery: everything }));
    expect(found.flatMap(({ document }) => document?.name ?? [])).toEqual([name]);
  }),
  works('Firestore.RunAggregationQuery', async ({ documents, aDatabase }) => {
    const { root, aDocument } = aDatabase();
    await aDocument('some/doc');
    const structuredAggregationQuery = {
      structuredQuery: everything,
      aggregations: [{ alias: 'n', count: {} }],
    };
    const [first] = await collected<{ result: { aggregateFields: { n: { integerValue: string } } } }>(
      documents.runAggregationQuery({ parent: root, structuredAggregationQuery }),
    );
    expect(Number(first?.result.aggregateFields.n.integerValue)).toBe(1);
  }),
  works(
    'Firestore.PartitionQuery',
    async ({ documents, aDatabase }) => {
      const structuredQuery = {
        from: [{ collectionId: 'some', allDescendants: true }],
        orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
      } as const;
      const asked = { parent: aDatabase().root, structuredQuery: { ...structuredQuery }, partitionCount: 2 };
      expect((await documents.partitionQuery(asked as never, OWNER))[0]).toEqual([]);
    },
    { emulator: { refused: 'UNIMPLEMENTED' }, note: 'the whole result is one partition' },
  ),
  works('Firestore.ListCollectionIds', async ({ documents, aDatabase }) => {
    const { root, aDocument } = aDatabase();
    await aDocument('some/doc');
    expect((await documents.listCollectionIds({ parent: root }, OWNER))[0]).toEqual(['some']);
  }),
  refused(
    ['Firestore.ExecutePipeline', 'UNIMPLEMENTED'],
    ({ documents, aDatabase }) => collected(documents.executePipeline({ database: aDatabase().database })),
    { emulator: { refused: 'UNKNOWN' } },
  ),
];

/** Streams in both directions: over gRPC alone. */
export const STREAMING_OPERATIONS: readonly Operation<FirestoreClients>[] = [
  works('Firestore.Listen', async ({ documents, aDatabase }) => {
    const { database, root } = aDatabase();
    const stream = documents.listen({ otherArgs: { headers: { 'google-cloud-resource-prefix': database } } });
    stream.write({ database, addTarget: { targetId: 1, documents: { documents: [`${root}/some/doc`] } } });
    expect(await firstOf(stream)).toMatchObject({
      targetChange: { targetChangeType: 'ADD', targetIds: [1] },
    });
  }),
  refused(
    ['Firestore.Write', 'UNIMPLEMENTED'],
    async ({ documents, aDatabase }) => {
      const { database } = aDatabase();
      const stream = documents.write({
        otherArgs: { headers: { 'google-cloud-resource-prefix': database } },
      });
      stream.write({ database });
      expect(await firstOf(stream)).toHaveProperty('streamToken');
    },
    { emulator: 'works', note: 'Commit and BatchWrite do the same' },
  ),
];

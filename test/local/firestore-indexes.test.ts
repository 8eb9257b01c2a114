import {
  AggregateField,
  type CollectionReference,
  FieldPath,
  Filter,
  type Firestore,
  type QuerySnapshot,
} from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexDefinition } from '../../local/firestore/queries/index-definition.ts';
import { missingIndexMessage } from '../../local/firestore/queries/index-link.ts';
import type { LocalService } from '../../local/service.ts';
import { createInbox } from '../contract/firestore-contract-listen.ts';
import { startEmbedded } from '../contract/firestore-harness.ts';
import { type AnyQuery, connectRaw, type RawFirestore } from '../contract/firestore-raw.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';

const FAILED_PRECONDITION = 9;
const ascending = (path: string) => ({ path, order: 'ASCENDING' }) as const;
const descending = (path: string) => ({ path, order: 'DESCENDING' }) as const;

const INDEXES: IndexDefinition[] = [
  { collection: 'runs', fields: [ascending('state'), descending('created')] },
  { collection: 'runs', fields: [ascending('owner'), descending('created')] },
  { collection: 'runs', fields: [ascending('size'), ascending('age')] },
  { collection: 'runs', fields: [{ path: 'tags', order: 'CONTAINS' }, descending('created')] },
  { collection: 'runs', fields: [ascending('state'), ascending('cost')] },
  { collection: 'metrics', scope: 'COLLECTION_GROUP', fields: [ascending('step')] },
];

type Ask = (runs: CollectionReference, db: Firestore) => AnyQuery;

const SERVED: { name: string; ask: Ask }[] = [
  { name: 'everything', ask: (runs) => runs },
  { name: 'equalities only', ask: (runs) => runs.where('a', '==', 1).where('b', '==', 2) },
  { name: 'an in beside an equality', ask: (runs) => runs.where('a', 'in', [1, 2]).where('b', '==', 2) },
  { name: 'an OR of equalities', ask: (runs) => runs.where(or(['a', 1], ['b', 2])) },
  { name: 'one array-contains', ask: (runs) => runs.where('a', 'array-contains', 1) },
  { name: 'a range', ask: (runs) => runs.where('a', '>', 1).where('a', '<', 9) },
  { name: 'a range with its own order', ask: (runs) => runs.where('a', '>', 1).orderBy('a', 'desc') },
  { name: 'one order', ask: (runs) => runs.orderBy('a', 'desc') },
  { name: '!=', ask: (runs) => runs.where('a', '!=', 1) },
  { name: 'an order by a field that is fixed', ask: (runs) => runs.where('a', '==', 1).orderBy('a') },
  { name: 'an order by name', ask: (runs) => runs.where('a', '==', 1).orderBy(FieldPath.documentId()) },
  {
    name: 'an equality with the declared order',
    ask: (runs) => runs.where('state', '==', 'x').orderBy('created', 'desc'),
  },
  {
    name: 'alternatives with the declared order',
    ask: (runs) => runs.where('state', 'in', ['x', 'y']).orderBy('created', 'desc'),
  },
  {
    name: 'two declared indexes merged',
    ask: (runs) => runs.where('state', '==', 'x').where('owner', '==', 'y').orderBy('created', 'desc'),
  },
  {
    name: 'array-contains with the declared order',
    ask: (runs) => runs.where('tags', 'array-contains', 'x').orderBy('created', 'desc'),
  },
  {
    name: 'ranges on two declared fields, in their order',
    ask: (runs) => runs.where('size', '>', 1).where('age', '>', 1).orderBy('size').orderBy('age'),
  },
  { name: 'a count', ask: (runs) => runs.where('a', '==', 1).count() },
  { name: 'a sum over all', ask: (runs) => runs.aggregate({ sum: AggregateField.sum('cost') }) },
  {
    name: 'a sum over a declared pair',
    ask: (runs) => runs.where('state', '==', 'x').aggregate({ sum: AggregateField.sum('cost') }),
  },
  { name: 'a whole collection group', ask: (_runs, db) => db.collectionGroup('other') },
  {
    name: 'a declared field of a collection group',
    ask: (_runs, db) => db.collectionGroup('metrics').where('step', '==', 1),
  },
];

const REFUSED: { name: string; ask: Ask }[] = [
  { name: 'an equality with another order', ask: (runs) => runs.where('a', '==', 1).orderBy('b') },
  { name: 'an equality with a range', ask: (runs) => runs.where('a', '==', 1).where('b', '>', 1) },
  { name: 'an equality with !=', ask: (runs) => runs.where('a', '==', 1).where('b', '!=', 1) },
  { name: 'two orders', ask: (runs) => runs.orderBy('a').orderBy('b') },
  { name: 'ranges on two fields', ask: (runs) => runs.where('a', '>', 1).where('b', '>', 1) },
  {
    name: 'the declared order upside down',
    ask: (runs) => runs.where('state', '==', 'x').orderBy('created'),
  },
  {
    name: 'a merge that leaves a field over',
    ask: (runs) => runs.where('state', '==', 'x').where('b', '==', 1).orderBy('created', 'desc'),
  },
  {
    name: 'array-contains with another order',
    ask: (runs) => runs.where('a', 'array-contains', 1).orderBy('b'),
  },
  {
    name: 'array-contains with an equality',
    ask: (runs) => runs.where('a', 'array-contains', 1).where('b', '==', 1),
  },
  {
    name: 'an order whose names run the other way',
    ask: (runs) => runs.orderBy('a').orderBy(FieldPath.documentId(), 'desc'),
  },
  { name: 'names downwards', ask: (runs) => runs.orderBy(FieldPath.documentId(), 'desc') },
  {
    name: 'a sum beside an equality',
    ask: (runs) => runs.where('a', '==', 1).aggregate({ sum: AggregateField.sum('cost') }),
  },
  {
    name: 'an equality in a collection group',
    ask: (_runs, db) => db.collectionGroup('other').where('a', '==', 1),
  },
  {
    name: 'an index of another collection',
    ask: (_runs, db) => db.collection('other').where('state', '==', 'x').orderBy('created', 'desc'),
  },
  {
    name: 'an OR of which one side has no index',
    ask: (runs) => runs.where(or(['state', 'x'], ['b', 2])).orderBy('created', 'desc'),
  },
];

function or(...pairs: [string, unknown][]): Filter {
  return Filter.or(...pairs.map(([field, value]) => Filter.where(field, '==', value)));
}

describe('the embedded Firestore with a list of indexes', () => {
  let server: LocalService;
  let db: Firestore;
  let raw: RawFirestore;
  beforeAll(async () => {
    server = await startEmbedded({ indexes: INDEXES });
    db = connectFirestore(server.address);
    raw = connectRaw(server.address);
  });
  afterAll(async () => {
    raw.close();
    await db.terminate();
    await server.close();
  });

  it.each(SERVED)('serves $name', async ({ ask }) => {
    expect(await raw.run(ask(db.collection('runs'), db))).toHaveProperty('rows');
  });

  it.each(REFUSED)('refuses $name', async ({ ask }) => {
    const answer = await raw.run(ask(db.collection('runs'), db));
    expect(answer).toMatchObject({
      code: FAILED_PRECONDITION,
      details: expect.stringMatching(/^The query requires an? (COLLECTION_GROUP_ASC )?index/),
    });
  });

  it('says where to create the missing index, and what to declare here', async () => {
    const answer = await raw.run(db.collection('runs').where('a', '==', 1).orderBy('b', 'desc'));
    expect(answer).toMatchObject({
      details: expect.stringMatching(
        /^The query requires an index\. You can create it here: https:\/\/console\.firebase\.google\.com\/v1\/r\/project\/[^/]+\/firestore\/indexes\?create_composite=[\w-]+ \(in the embedded cloud: declare one on collection "runs", scope COLLECTION: a ASCENDING, b DESCENDING, __name__ DESCENDING\)$/,
      ),
    });
  });

  it('refuses a listener too', async () => {
    const inbox = createInbox<QuerySnapshot>();
    const stop = db.collection('runs').where('a', '==', 1).orderBy('b').onSnapshot(inbox.put, inbox.fail);
    await expect(inbox.take()).rejects.toThrow('The query requires an index.');
    stop();
  });
});

/** Links that Google's servers sent to people who published them, and the index that each is about. */
const PUBLISHED: { project: string; index: Required<IndexDefinition>; link: string }[] = [
  {
    project: 'science-and-fun',
    index: {
      collection: 'users',
      scope: 'COLLECTION',
      fields: [ascending('class'), descending('totalXP'), descending('__name__')],
    },
    link: 'create_composite=Ck1wcm9qZWN0cy9zY2llbmNlLWFuZC1mdW4vZGF0YWJhc2VzLyhkZWZhdWx0KS9jb2xsZWN0aW9uR3JvdXBzL3VzZXJzL2luZGV4ZXMvXxABGgkKBWNsYXNzEAEaCwoHdG90YWxYUBACGgwKCF9fbmFtZV9fEAI',
  },
  {
    project: 'boofer-chat',
    index: {
      collection: 'conversations',
      scope: 'COLLECTION',
      fields: [{ path: 'participants', order: 'CONTAINS' }, descending('updatedAt'), descending('__name__')],
    },
    link: 'create_composite=ClFwcm9qZWN0cy9ib29mZXItY2hhdC9kYXRhYmFzZXMvKGRlZmF1bHQpL2NvbGxlY3Rpb25Hcm91cHMvY29udmVyc2F0aW9ucy9pbmRleGVzL18QARoQCgxwYXJ0aWNpcGFudHMYARoNCgl1cGRhdGVkQXQQAhoMCghfX25hbWVfXxAC',
  },
  {
    project: 'taskalert-app-8d45d',
    index: {
      collection: 'reminders',
      scope: 'COLLECTION_GROUP',
      fields: [ascending('status'), ascending('__name__')],
    },
    link: 'create_exemption=Cllwcm9qZWN0cy90YXNrYWxlcnQtYXBwLThkNDVkL2RhdGFiYXNlcy8oZGVmYXVsdCkvY29sbGVjdGlvbkdyb3Vwcy9yZW1pbmRlcnMvZmllbGRzL3N0YXR1cxACGgoKBnN0YXR1cxAB',
  },
];

describe('the link to a missing index', () => {
  it.each(PUBLISHED)(
    "is the one that Google's servers sent for $index.collection",
    ({ project, index, link }) => {
      const database = `projects/${project}/databases/(default)`;
      const page = `https://console.firebase.google.com/v1/r/project/${project}/firestore/indexes?${link}`;
      expect(missingIndexMessage({ database, index })).toContain(` You can create it here: ${page} `);
    },
  );

  it('names the kind of index that a field of a collection group needs', () => {
    const index: Required<IndexDefinition> = {
      collection: 'metrics',
      scope: 'COLLECTION_GROUP',
      fields: [descending('step'), descending('__name__')],
    };
    expect(missingIndexMessage({ database: 'projects/p/databases/(default)', index })).toMatch(
      /^The query requires a COLLECTION_GROUP_DESC index for collection metrics and field step\. /,
    );
  });
});

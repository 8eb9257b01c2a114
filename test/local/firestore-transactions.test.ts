import type { Firestore } from '@google-cloud/firestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { createFieldsCodec, loadFirestoreProtos } from '../../local/firestore/rpc/protos.ts';
import { openStore } from '../../local/firestore/store.ts';
import { createTransactions } from '../../local/firestore/transactions/transactions.ts';
import type { LocalService } from '../../local/service.ts';
import { startEmbedded } from '../contract/firestore-harness.ts';
import { connectRaw } from '../contract/firestore-raw.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import { temporaryFolder } from '../support/service-options.ts';

const PROJECT = 'interleaved';

/** Interleavings that the embedded Firestore decides in its own way, or that need its clock. */
describe('transactions of the embedded Firestore', () => {
  let server: LocalService;
  let db: Firestore;
  const clock = createSteppableClock();
  const faults = createFaultScript();
  beforeEach(async () => {
    server = await startEmbedded({ clock, faults });
    db = connectFirestore(server.address, { projectId: PROJECT });
  });
  afterEach(async () => {
    await db.terminate();
    await server.close();
  });

  it('run again when a write from outside comes between reading and committing', async () => {
    const counter = db.doc('some/counter');
    await counter.set({ n: 0 });
    let attempts = 0;
    await db.runTransaction(async (transaction) => {
      attempts += 1;
      const n = (await transaction.get(counter)).get('n');
      if (attempts === 1) await counter.set({ n: 10 });
      transaction.update(counter, { n: n + 1 });
    });
    expect(attempts).toBe(2);
    expect((await counter.get()).get('n')).toBe(11);
  });

  it('never show two states at once', async () => {
    const [a, b] = [db.doc('some/a'), db.doc('some/b')];
    await db.batch().set(a, { n: 1 }).set(b, { n: 1 }).commit();
    let attempts = 0;
    const seen = await db.runTransaction(async (transaction) => {
      attempts += 1;
      const first = (await transaction.get(a)).get('n');
      if (attempts === 1) await db.batch().set(a, { n: 2 }).set(b, { n: 2 }).commit();
      return [first, (await transaction.get(b)).get('n')];
    });
    expect(seen).toEqual([2, 2]);
  });

  it('that wait for each other both end', async () => {
    const [a, b] = [db.doc('some/a'), db.doc('some/b')];
    await db.batch().set(a, { n: 0 }).set(b, { n: 0 }).commit();
    const both = [
      [a, b],
      [b, a],
    ] as const;
    await Promise.all(
      both.map(([first, second]) =>
        db.runTransaction(async (transaction) => {
          const x = (await transaction.get(first)).get('n');
          const y = (await transaction.get(second)).get('n');
          transaction.update(first, { n: x + 1 }).update(second, { n: y + 1 });
        }),
      ),
    );
    expect((await db.getAll(a, b)).map((document) => document.get('n'))).toEqual([2, 2]);
  });

  it('expire after a minute without a call', async () => {
    const document = db.doc('some/doc');
    await document.set({ n: 0 });
    let attempts = 0;
    await db.runTransaction(async (transaction) => {
      attempts += 1;
      await transaction.get(document);
      if (attempts === 1) await clock.advance(60_000);
      transaction.update(document, { n: attempts });
    });
    expect((await document.get()).get('n')).toBe(2);
  });

  /** A transaction that has read `some/doc` and thereby holds it, over a connection of its own. */
  async function holdDocument() {
    const raw = connectRaw(server.address);
    const database = `projects/${PROJECT}/databases/(default)`;
    const documents = [`${database}/documents/some/doc`];
    const begun = await raw.call('BeginTransaction', { database });
    const { transaction } = (begun as { answer: { transaction: Buffer } }).answer;
    await raw.call('BatchGetDocuments', { database, documents, transaction });
    return { raw, database, documents, transaction };
  }

  it('let go at once of what they hold when their connection closes', async () => {
    await db.doc('some/doc').set({ by: 'nobody' });
    const { raw } = await holdDocument();
    raw.close();
    // The clock stands still: nobody is waited out.
    await db.runTransaction(async (transaction) => {
      await transaction.get(db.doc('some/doc'));
      transaction.update(db.doc('some/doc'), { by: 'next' });
    });
    expect((await db.doc('some/doc').get()).get('by')).toBe('next');
  });

  it.each([
    {
      name: 'commit over another connection what nobody has changed',
      changed: false,
      answer: { answer: {} },
    },
    {
      name: 'are aborted over another connection when something has changed',
      changed: true,
      answer: { code: 10 },
    },
  ])('whose connection has closed $name', async ({ changed, answer }) => {
    await db.doc('some/doc').set({ by: 'nobody' });
    const { raw, database, documents, transaction } = await holdDocument();
    raw.close();
    if (changed) await db.doc('some/doc').set({ by: 'somebody' });
    const other = connectRaw(server.address);
    const writes = [{ update: { name: documents[0], fields: {} } }];
    expect(await other.call('Commit', { database, transaction, writes })).toMatchObject(answer);
    other.close();
  });

  it('that idle give way after five seconds to one that waits', async () => {
    const document = db.doc('some/doc');
    await document.set({ by: 'nobody' });
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let attempts = 0;
    const read = new Promise<void>((hasRead, fail) => {
      slow = db.runTransaction(async (transaction) => {
        attempts += 1;
        await transaction.get(document);
        hasRead();
        if (attempts === 1) await asleep;
        transaction.update(document, { by: 'slow' });
      });
      slow.catch(fail);
    });
    await read;

    const before = faults.calls().BatchGetDocuments ?? 0;
    const quick = db.runTransaction(async (transaction) => {
      await transaction.get(document);
      transaction.update(document, { by: 'quick' });
    });
    await vi.waitFor(() => expect(faults.calls().BatchGetDocuments).toBe(before + 1));
    await clock.advance(5_000);
    await quick;
    expect((await document.get()).get('by')).toBe('quick');

    wake();
    await slow;
    expect(attempts).toBe(2);
    expect((await document.get()).get('by')).toBe('slow');
  });
  let slow: Promise<void>;
});

it('a transaction whose connection closes while it waits takes no lock any more', async () => {
  const clock = createSteppableClock();
  const store = openStore(temporaryFolder(), clock, createFieldsCodec(loadFirestoreProtos()));
  const transactions = createTransactions(store, clock);
  const readIn = (caller: string, names: string[]) =>
    transactions.read({ transaction: transactions.begin({}, caller), caller }, (view) =>
      view.documents(names.map((name) => `projects/p/databases/d/documents/some/${name}`)),
    );
  await readIn('holder', ['a']);
  const waiting = readIn('gone', ['a', 'b']);
  transactions.disconnect('gone');
  await waiting;
  // The clock stands still: it would wait for ever.
  expect(await readIn('next', ['b'])).toEqual([undefined]);
  transactions.close();
  store.close();
});

import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaultScript, type FaultScript } from '../../local/faults.ts';
import type { LocalService } from '../../local/service.ts';
import { createInbox } from '../contract/firestore-contract-listen.ts';
import { startEmbedded } from '../contract/firestore-harness.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';

describe('scripted faults of the embedded Firestore', () => {
  let server: LocalService;
  let faults: FaultScript;
  let db: Firestore;
  beforeEach(async () => {
    faults = createFaultScript();
    server = await startEmbedded({ faults });
    db = connectFirestore(server.address);
  });
  afterEach(async () => {
    await db.terminate();
    await server.close();
    expect(faults.remaining(), 'every fault was met').toEqual({});
  });

  it.each([
    { status: 400, code: 3 },
    { status: 403, code: 7 },
    { status: 404, code: 5 },
    { status: 412, code: 9 },
    { status: 501, code: 12 },
  ])('answers HTTP $status as gRPC code $code', async ({ status, code }) => {
    faults.script('Commit', [{ kind: 'error', status, message: 'as scripted' }]);
    await expect(db.doc('some/doc').set({})).rejects.toMatchObject({ code, details: 'as scripted' });
    expect((await db.doc('some/doc').get()).exists).toBe(false);
  });

  it('does the work first when asked to lie about it', async () => {
    faults.script('Commit', [{ kind: 'error', status: 412, afterEffect: true }]);
    await expect(db.doc('some/doc').create({ a: 1 })).rejects.toMatchObject({ code: 9 });
    expect((await db.doc('some/doc').get()).data()).toEqual({ a: 1 });
  });

  it('lets the client repeat a write that met an unavailable server', async () => {
    faults.script('Commit', [{ kind: 'error', status: 503 }]);
    await db.doc('some/doc').set({ a: 1 });
    expect((await db.doc('some/doc').get()).data()).toEqual({ a: 1 });
    expect(faults.calls().Commit).toBe(2);
  });

  it('shows a repeated create as one that already exists, when the first answer was lost', async () => {
    faults.script('Commit', [{ kind: 'reset', afterEffect: true }]);
    await expect(db.doc('some/doc').create({})).rejects.toMatchObject({ code: 6 });
  });

  it('lets the client read again after a dropped connection', async () => {
    await db.doc('some/doc').set({ a: 1 });
    faults.script('BatchGetDocuments', [{ kind: 'reset' }]);
    expect((await db.doc('some/doc').get()).get('a')).toBe(1);
  });

  it('runs a transaction again when its commit is aborted', async () => {
    faults.script('Commit', [{ kind: 'error', status: 409 }]);
    let attempts = 0;
    await db.runTransaction(async (transaction) => {
      attempts += 1;
      await transaction.get(db.doc('some/doc'));
      transaction.set(db.doc('some/doc'), { attempts });
    });
    expect((await db.doc('some/doc').get()).data()).toEqual({ attempts: 2 });
  });

  it.each([{ afterEffect: false }, { afterEffect: true }])(
    'reconnects a listener whose stream was dropped (after its first answer: $afterEffect)',
    async ({ afterEffect }) => {
      const document = db.doc('some/followed');
      await document.set({ n: 1 });
      faults.script('Listen', [{ kind: 'reset', afterEffect }]);
      const inbox = createInbox<DocumentSnapshot>();
      const stop = document.onSnapshot(inbox.put, inbox.fail);
      expect((await inbox.take()).get('n')).toBe(1);
      await document.set({ n: 2 });
      expect((await inbox.take()).get('n')).toBe(2);
      expect(faults.calls().Listen).toBe(2);
      stop();
    },
  );
});

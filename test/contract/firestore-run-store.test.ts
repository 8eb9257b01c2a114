import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { NOW } from '../support/runs.ts';
import { serviceOptions } from '../support/service-options.ts';
import { firestoreAdapters } from './firestore-adapters.ts';
import {
  type FirestoreRunStores,
  firestoreContracts,
  firestoreRunStores,
} from './firestore-run-store-harness.ts';
import { openedRunsContract } from './opened-runs-contract.ts';

const { createFirestoreDeploymentNotes, createFirestoreIgnoredUploads } = firestoreAdapters;

describe('over gRPC', () => {
  let stop: () => Promise<void>;
  let connected: FirestoreRunStores;

  beforeAll(async () => {
    const server = await startFirestore(serviceOptions());
    connected = firestoreRunStores(firestoreAdapters, server.address);
    stop = () => server.close();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  firestoreContracts('embedded Firestore', () => connected);
  openedRunsContract('embedded Firestore', async () => connected.under);

  test('jobs that do not answer are those that were noted last; what cannot be read is none', async () => {
    const notes = createFirestoreDeploymentNotes(connected.firestore);
    expect(await notes.unanswered()).toEqual({});
    await notes.noteUnanswered({ ra: NOW, rb: NOW });
    await notes.noteUnanswered({ rb: NOW });
    expect(await notes.unanswered()).toEqual({ rb: NOW });
    await connected.firestore.doc('deployment/unanswered').set({ since: { rb: 'long ago' } });
    expect(await notes.unanswered()).toEqual({});
  });

  test('an upload that starts nothing has one document, with the time after which Firestore deletes it', async () => {
    const { firestore } = connected;
    const upload = { uri: 'gs://inbox/Tune.json', generation: '1', timeCreated: NOW, noticedTime: NOW };
    const noted = { ...upload, reason: 'NotTheName', message: 'M.', remedy: 'R.' };
    await createFirestoreIgnoredUploads(firestore).note('uab', noted);
    await createFirestoreIgnoredUploads(firestore).note('uab', noted);
    const { docs } = await firestore.collection('uploads').get();
    const { expireAt, ...rest } = docs[0]?.data() ?? {};
    expect([docs.length, rest]).toEqual([1, noted]);
    expect(await createFirestoreIgnoredUploads(firestore).get('uab')).toMatchObject(noted);
    expect(await createFirestoreIgnoredUploads(firestore).get('uac')).toBeUndefined();
    expect(expireAt.toDate().getTime() - Date.parse(NOW)).toBe(30 * 86_400_000);
  });

  test('sums that cannot be read do not begin anew', async () => {
    await connected.firestore.doc('spending/spoilt/months/2026-03').set({ runs: 'many' });
    const reserved = connected.under.spending.reserve({
      ...{ runId: 'a', folder: 'spoilt', month: '2026-03', estimate: null, now: NOW },
      budget: { capUsd: undefined, unknownPrices: 'hold' },
    });
    await expect(reserved).rejects.toMatchObject({ kind: 'permanent', reason: 'UnreadableDocument' });
  });
});

const official = findFirestoreEmulator();
if ('missing' in official)
  console.log(`SKIPPED: run store on Google's Firestore emulator: ${official.missing}`);

// On a busy machine it closes transactions that wait for each other, where Firestore lets them wait.
describe.skipIf('missing' in official)('over gRPC, Google’s own emulator', { retry: 2 }, () => {
  let stop: () => Promise<void>;
  let connected: FirestoreRunStores;

  beforeAll(async () => {
    const emulator = await startFirestoreEmulator('jar' in official ? official.jar : '');
    connected = firestoreRunStores(firestoreAdapters, emulator.address);
    stop = () => emulator.stop();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  firestoreContracts('Google’s Firestore emulator', () => connected);
});

import { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createFirestoreDeploymentNotes } from '../../shared/adapters/firestore-deployment.ts';
import { createFirestoreJobDurations } from '../../shared/adapters/firestore-durations.ts';
import { createFirestoreTunedModels } from '../../shared/adapters/firestore-models.ts';
import { createFirestoreJobQueues } from '../../shared/adapters/firestore-queues.ts';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { createFirestoreIgnoredUploads } from '../../shared/adapters/firestore-uploads.ts';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import { modelId } from '../../shared/core/tuning/results.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { createLog } from '../support/log.ts';
import { NOW } from '../support/runs.ts';
import { serviceOptions } from '../support/service-options.ts';
import { continuedRunsContract } from './continued-runs-contract.ts';
import { type DurationsUnderTest, durationsContract } from './durations-contract.ts';
import { jobQueuesContract, type QueuesUnderTest } from './job-queues-contract.ts';
import { namedFilesContract } from './named-files-contract.ts';
import { openedRunsContract } from './opened-runs-contract.ts';
import { pointerContract } from './pointer-contract.ts';
import { runStoreContract } from './run-store-contract.ts';
import { runStoreVersionsContract } from './run-store-versions-contract.ts';
import { type SpendingUnderTest, spendingContract } from './spending-contract.ts';
import { type TunedModelsUnderTest, tunedModelsContract } from './tuned-models-contract.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

/** So few that the lists of this suite take several. */
const PAGE_SIZE = 4;

function underTest(address: string): {
  firestore: Firestore;
  under: QueuesUnderTest & TunedModelsUnderTest & DurationsUnderTest & SpendingUnderTest;
} {
  const { entries: log, logger } = createLog();
  const [host = '', port = ''] = address.split(':');
  const firestore = new Firestore({
    projectId: 'run-store-contract',
    host: `${host}:${port}`,
    ssl: false,
    ignoreUndefinedProperties: true,
    customHeaders: { Authorization: 'Bearer owner' },
  });
  return {
    firestore,
    under: {
      log,
      store: createFirestoreRunStore(firestore, { logger, pageSize: PAGE_SIZE }),
      queues: createFirestoreJobQueues(firestore, { logger }),
      durations: createFirestoreJobDurations(firestore, { logger }),
      models: createFirestoreTunedModels(firestore, { logger }),
      spending: createFirestoreSpending(firestore, { logger }),
      read: async (path) => (await firestore.doc(path).get()).data(),
      async forgetModels() {
        const documents = await firestore.collection('models').listDocuments();
        for (const document of documents) await document.delete();
      },
      curveOf: async (runId, key) => (await firestore.doc(`runs/${runId}/metrics/${key}`).get()).data(),
      modelOf: async (model) => (await firestore.doc(`models/${modelId(model)}`).get()).data(),
      pointedFrom: async (run) =>
        (await firestore.doc(`manifests/${manifestIdOf(run.spec.source)}`).get()).get('runId'),
      put: async (runId, document) => void (await firestore.doc(`runs/${runId}`).set(document)),
      remove: async (runId) => void (await firestore.doc(`runs/${runId}`).delete()),
      stored: async (runId) => (await firestore.doc(`runs/${runId}`).get()).data(),
    },
  };
}

describe('over gRPC', () => {
  let stop: () => Promise<void>;
  let connected: ReturnType<typeof underTest>;

  beforeAll(async () => {
    const server = await startFirestore(serviceOptions());
    connected = underTest(server.address);
    stop = () => server.close();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  runStoreContract('embedded Firestore', async () => connected.under);
  pointerContract('embedded Firestore', async () => connected.under);
  runStoreVersionsContract('embedded Firestore', async () => connected.under);
  jobQueuesContract('embedded Firestore', async () => connected.under);
  tunedModelsContract('embedded Firestore', async () => connected.under);
  durationsContract('embedded Firestore', async () => connected.under);
  continuedRunsContract('embedded Firestore', async () => connected.under);
  openedRunsContract('embedded Firestore', async () => connected.under);
  namedFilesContract('embedded Firestore', async () => connected.under);
  spendingContract('embedded Firestore', async () => connected.under);

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
  let connected: ReturnType<typeof underTest>;

  beforeAll(async () => {
    const emulator = await startFirestoreEmulator('jar' in official ? official.jar : '');
    connected = underTest(emulator.address);
    stop = () => emulator.stop();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  runStoreContract('Google’s Firestore emulator', async () => connected.under);
  pointerContract('Google’s Firestore emulator', async () => connected.under);
  runStoreVersionsContract('Google’s Firestore emulator', async () => connected.under);
  jobQueuesContract('Google’s Firestore emulator', async () => connected.under);
  tunedModelsContract('Google’s Firestore emulator', async () => connected.under);
  durationsContract('Google’s Firestore emulator', async () => connected.under);
  continuedRunsContract('Google’s Firestore emulator', async () => connected.under);
  namedFilesContract('Google’s Firestore emulator', async () => connected.under);
  spendingContract('Google’s Firestore emulator', async () => connected.under);
});

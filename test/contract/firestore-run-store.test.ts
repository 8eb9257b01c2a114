import { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { serviceOptions } from '../support/service-options.ts';
import { type RunStoreUnderTest, runStoreContract } from './run-store-contract.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

function underTest(address: string): { firestore: Firestore; under: RunStoreUnderTest } {
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
      store: createFirestoreRunStore(firestore),
      curveOf: async (runId, key) =>
        (await firestore.doc(`runs/${runId}/metrics/${key}`).get()).data() as MetricSeries | undefined,
      modelOf: async (model) =>
        (await firestore.doc(`models/${modelId(model)}`).get()).data() as ModelDocument | undefined,
      pointedFrom: async (run) =>
        (await firestore.doc(`manifests/${manifestIdOf(run.spec.source)}`).get()).get('runId'),
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
});

const official = findFirestoreEmulator();
if ('missing' in official)
  console.log(`SKIPPED: run store on Google's Firestore emulator: ${official.missing}`);

describe.skipIf('missing' in official)('over gRPC, Google’s own emulator', () => {
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
});

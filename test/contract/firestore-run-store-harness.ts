import type { Firestore } from '@google-cloud/firestore';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import { modelId } from '../../shared/core/tuning/results.ts';
import { createLog } from '../support/log.ts';
import { continuedRunsContract } from './continued-runs-contract.ts';
import { type DurationsUnderTest, durationsContract } from './durations-contract.ts';
import type { FirestoreAdapters } from './firestore-adapters.ts';
import { jobQueuesContract, type QueuesUnderTest } from './job-queues-contract.ts';
import { namedFilesContract } from './named-files-contract.ts';
import { pointerContract } from './pointer-contract.ts';
import { runStoreContract } from './run-store-contract.ts';
import { runStoreVersionsContract } from './run-store-versions-contract.ts';
import { type SpendingUnderTest, spendingContract } from './spending-contract.ts';
import { type TunedModelsUnderTest, tunedModelsContract } from './tuned-models-contract.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

/** So few that the lists of this suite take several. */
const PAGE_SIZE = 4;

export interface FirestoreRunStores {
  firestore: Firestore;
  under: QueuesUnderTest & TunedModelsUnderTest & DurationsUnderTest & SpendingUnderTest;
}

export function firestoreRunStores(adapters: FirestoreAdapters, address: string): FirestoreRunStores {
  const { entries: log, logger } = createLog();
  const [host = '', port = ''] = address.split(':');
  const firestore = new adapters.Firestore({
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
      store: adapters.createFirestoreRunStore(firestore, { logger, pageSize: PAGE_SIZE }),
      queues: adapters.createFirestoreJobQueues(firestore, { logger }),
      durations: adapters.createFirestoreJobDurations(firestore, { logger }),
      models: adapters.createFirestoreTunedModels(firestore, { logger }),
      spending: adapters.createFirestoreSpending(firestore, { logger }),
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

/** What every Firestore has to do for a run store. */
export function firestoreContracts(name: string, connected: () => FirestoreRunStores): void {
  const connect = async () => connected().under;
  runStoreContract(name, connect);
  pointerContract(name, connect);
  runStoreVersionsContract(name, connect);
  jobQueuesContract(name, connect);
  tunedModelsContract(name, connect);
  durationsContract(name, connect);
  continuedRunsContract(name, connect);
  namedFilesContract(name, connect);
  spendingContract(name, connect);
}

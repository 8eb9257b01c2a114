import { manifestIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { modelId } from '../../shared/core/tuning/results.ts';
import { createLog } from '../support/log.ts';
import { createMemoryJobDurations } from '../support/memory-job-durations.ts';
import { createMemoryJobQueues } from '../support/memory-job-queues.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { createMemorySpending } from '../support/memory-spending.ts';
import { createMemoryTunedModels } from '../support/memory-tuned-models.ts';
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

async function connect(): Promise<
  QueuesUnderTest & TunedModelsUnderTest & DurationsUnderTest & SpendingUnderTest
> {
  const { entries: log, logger } = createLog();
  const store = createMemoryRunStore(logger);
  const spending = createMemorySpending();
  return {
    ...{ store, log, queues: createMemoryJobQueues(store.documents, logger) },
    durations: createMemoryJobDurations(),
    models: createMemoryTunedModels(store.models),
    spending,
    read: async (path) => spending.sums.get(path) ?? spending.reservations.get(path),
    forgetModels: async () => store.models.clear(),
    curveOf: async (runId, key) => store.metrics.get(runId)?.get(`/${key}`),
    modelOf: async (model) => store.models.get(modelId(model)),
    pointedFrom: async (run) => store.pointers.get(manifestIdOf(run.spec.source))?.runId,
    put: async (runId, document) => void store.documents.set(runId, structuredClone(document) as Run),
    remove: async (runId) => void store.documents.delete(runId),
    stored: async (runId) => structuredClone(store.documents.get(runId)),
  };
}

runStoreContract('in memory', connect);
pointerContract('in memory', connect);
runStoreVersionsContract('in memory', connect);
jobQueuesContract('in memory', connect);
tunedModelsContract('in memory', connect);
durationsContract('in memory', connect);
continuedRunsContract('in memory', connect);
openedRunsContract('in memory', connect);
namedFilesContract('in memory', connect);
spendingContract('in memory', connect);

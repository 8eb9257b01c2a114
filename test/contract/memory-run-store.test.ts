import { manifestIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { modelId } from '../../shared/core/tuning/results.ts';
import { createLog } from '../support/log.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { type RunStoreUnderTest, runStoreContract } from './run-store-contract.ts';
import { runStoreVersionsContract } from './run-store-versions-contract.ts';

async function connect(): Promise<RunStoreUnderTest> {
  const { entries: log, logger } = createLog();
  const store = createMemoryRunStore(logger);
  return {
    ...{ store, log },
    curveOf: async (runId, key) => store.metrics.get(runId)?.get(`/${key}`),
    modelOf: async (model) => store.models.get(modelId(model)),
    pointedFrom: async (run) => store.pointers.get(manifestIdOf(run.spec.source))?.runId,
    put: async (runId, document) => void store.documents.set(runId, structuredClone(document) as Run),
    stored: async (runId) => structuredClone(store.documents.get(runId)),
  };
}

runStoreContract('in memory', connect);
runStoreVersionsContract('in memory', connect);

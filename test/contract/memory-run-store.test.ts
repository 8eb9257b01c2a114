import { manifestIdOf } from '../../shared/core/run/ids.ts';
import { modelId } from '../../shared/core/tuning/results.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { runStoreContract } from './run-store-contract.ts';

runStoreContract('in memory', async () => {
  const store = createMemoryRunStore();
  return {
    store,
    curveOf: async (runId, key) => store.metrics.get(runId)?.get(`/${key}`),
    modelOf: async (model) => store.models.get(modelId(model)),
    pointedFrom: async (run) => store.pointers.get(manifestIdOf(run.spec.source))?.runId,
  };
});

import { manifestIdOf } from '../../shared/core/ids.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { runStoreContract } from './run-store-contract.ts';

runStoreContract('in memory', async () => {
  const store = createMemoryRunStore();
  return {
    store,
    historyOf: async (runId) => (store.history.get(runId) ?? []).map(({ entry }) => entry),
    pointedFrom: async (run) => store.pointers.get(manifestIdOf(run.spec.source))?.runId,
  };
});

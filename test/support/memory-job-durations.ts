import { type Durations, durationsId, withFinished } from '../../shared/core/tuning/duration.ts';
import type { JobDurations } from '../../shared/ports.ts';

export interface MemoryJobDurations extends JobDurations {
  /** `durations/{model}` */
  readonly documents: Map<string, Durations>;
}

/** Proved equal to Firestore's by the contract suite. */
export function createMemoryJobDurations(): MemoryJobDurations {
  const documents = new Map<string, Durations>();
  return {
    documents,
    of: async (model) => structuredClone(documents.get(durationsId(model))?.jobs ?? []),
    async add(model, job) {
      const after = withFinished(documents.get(durationsId(model)), model, job);
      if (after) documents.set(durationsId(model), structuredClone(after));
    },
  };
}

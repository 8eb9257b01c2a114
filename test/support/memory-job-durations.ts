import { durationsPath, type FinishedJob, MOST_COMPARED } from '../../shared/core/tuning/duration.ts';
import type { JobDurations } from '../../shared/ports.ts';

export interface MemoryJobDurations extends JobDurations {
  /** `durations/{model}/jobs/{runId}` */
  readonly documents: Map<string, FinishedJob>;
}

/** Proved equal to Firestore's by the contract suite. */
export function createMemoryJobDurations(): MemoryJobDurations {
  const documents = new Map<string, FinishedJob>();
  return {
    documents,
    of: async (model) =>
      [...documents]
        .filter(([path]) => path.startsWith(`${durationsPath(model)}/`))
        .map(([, job]) => structuredClone(job))
        .sort((a, b) => (a.endTime < b.endTime ? 1 : -1))
        .slice(0, MOST_COMPARED),
    async add(model, job) {
      documents.set(`${durationsPath(model)}/${job.runId}`, structuredClone(job));
    },
  };
}

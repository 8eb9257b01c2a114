import type { Firestore } from '@google-cloud/firestore';
import { durationsPath, FinishedJobSchema, MOST_COMPARED } from '../core/tuning/duration.ts';
import type { JobDurations, Logger } from '../ports.ts';
import { createDocumentReader } from './documents.ts';
import { stored } from './firestore.ts';

/** How long jobs took, one document for each: many may end in one second, and no two write the same. */
export function createFirestoreJobDurations(
  firestore: Firestore,
  { logger }: { logger: Logger },
): JobDurations {
  const reader = createDocumentReader(logger);
  return {
    async of(model) {
      const latest = firestore
        .collection(durationsPath(model))
        .orderBy('endTime', 'desc')
        .limit(MOST_COMPARED);
      return reader.fitting(FinishedJobSchema, (await latest.get()).docs.map(stored));
    },
    async add(model, job) {
      await firestore.collection(durationsPath(model)).doc(job.runId).set(job);
    },
  };
}

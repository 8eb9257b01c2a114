import type { Firestore } from '@google-cloud/firestore';
import { DurationsSchema, durationsId, withFinished } from '../core/tuning/duration.ts';
import type { JobDurations, Logger } from '../ports.ts';
import { createDocumentReader, type FoundDocument } from './documents.ts';
import { stored } from './firestore.ts';

/** How long jobs took, one document for each base model. One that cannot be read is begun anew. */
export function createFirestoreJobDurations(
  firestore: Firestore,
  { logger }: { logger: Logger },
): JobDurations {
  const durations = firestore.collection('durations');
  const reader = createDocumentReader(logger);
  const read = (found: FoundDocument) =>
    found.data === undefined ? undefined : reader.fitting(DurationsSchema, [found])[0];
  return {
    of: async (model) => read(stored(await durations.doc(durationsId(model)).get()))?.jobs ?? [],
    add: (model, job) =>
      firestore.runTransaction(async (transaction) => {
        const document = durations.doc(durationsId(model));
        const after = withFinished(read(stored(await transaction.get(document))), model, job);
        if (after) transaction.set(document, after);
      }),
  };
}

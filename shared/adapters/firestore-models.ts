import { FieldPath, FieldValue, type Firestore } from '@google-cloud/firestore';
import { decideNoted } from '../core/tuning/ending.ts';
import { ModelDocumentSchema, modelId } from '../core/tuning/results.ts';
import type { Logger, TunedModels } from '../ports.ts';
import { createDocumentReader } from './documents.ts';
import { stored } from './firestore.ts';

/** The documents of tuned models, `models/{modelId}`, as far as their end goes; a run that ends writes the rest. */
export function createFirestoreTunedModels(
  firestore: Firestore,
  { logger }: { logger: Logger },
): TunedModels {
  const models = firestore.collection('models');
  const reader = createDocumentReader(logger);
  return {
    async dueForNotice(now, most) {
      const { docs } = await models
        .where('nextNoticeAt', '<=', now)
        .orderBy('nextNoticeAt')
        .limit(most)
        .get();
      return reader.fitting(ModelDocumentSchema, docs.map(stored));
    },

    async page(after, most) {
      const byId = models.orderBy(FieldPath.documentId()).limit(most);
      const { docs } = await (after === undefined ? byId : byId.startAfter(after)).get();
      return {
        models: reader.fitting(ModelDocumentSchema, docs.map(stored)),
        next: docs.length < most ? undefined : docs.at(-1)?.id,
      };
    },

    note: (model, note) =>
      firestore.runTransaction(async (transaction) => {
        const document = models.doc(modelId(model));
        const found = stored(await transaction.get(document));
        const [current] = found.data === undefined ? [] : reader.fitting(ModelDocumentSchema, [found]);
        const fields = decideNoted(current, note);
        if (fields === undefined) return;
        const written = Object.entries(fields).map(([name, value]) => [name, value ?? FieldValue.delete()]);
        transaction.update(document, Object.fromEntries(written));
      }),
  };
}

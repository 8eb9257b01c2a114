import { type ModelDocument, ModelDocumentSchema } from '../../shared/core/tuning/results.ts';
import type { RestDocuments } from './documents.ts';
import { fieldFilter, orderBy } from './query.ts';

/** So many tuned models are read at most. */
const MOST = 500;

/** The tuned models of a deployment, the newest first; those that this version cannot read are left out. */
export async function tunedModels(documents: RestDocuments): Promise<ModelDocument[]> {
  const found = await documents.query('models', {
    orderBy: [orderBy('createTime', 'DESCENDING')],
    limit: MOST,
  });
  return found.flatMap(({ data }) => ModelDocumentSchema.safeParse(data).data ?? []);
}

/** The tuned model that a person means: by its id, its resource name, or its name, of which the newest is taken. */
export async function findTunedModel(
  target: string,
  documents: RestDocuments,
): Promise<ModelDocument | undefined> {
  const id = /^(?:.*\/)?models\/([^/@]+)(?:@.*)?$/.exec(target)?.[1] ?? target;
  const [byId] = /^[\w-]+$/.test(id) ? await documents.get([`models/${id}`]) : [];
  const byName = byId
    ? [byId]
    : await documents.query('models', {
        where: fieldFilter('displayName', 'EQUAL', { stringValue: target }),
      });
  return byName
    .flatMap(({ data }) => ModelDocumentSchema.safeParse(data).data ?? [])
    .toSorted((a, b) => b.createTime.localeCompare(a.createTime))[0];
}

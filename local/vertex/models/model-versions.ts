import type { ModelResource } from '../store/models.ts';
import type { VertexStore } from '../store/store.ts';

/** A version of a model by its number or one of its aliases; undefined where there is none. */
export function findModelVersion(
  store: VertexStore,
  modelName: string,
  version = 'default',
): ModelResource | undefined {
  return versionsOf(store, modelName).find(
    ({ versionId, versionAliases }) => version === versionId || versionAliases.includes(version),
  );
}

/** Every version of a model, in the order in which they were made. */
function versionsOf(store: VertexStore, modelName: string): ModelResource[] {
  const first = store.get('model', modelName);
  if (!first) return [];
  const later = store.list('modelVersion').filter(({ name }) => name.startsWith(`${modelName}@`));
  return [first, ...later.map(({ model }) => model)];
}

/** Keeps the version: the first is the model itself. */
export function putModelVersion(store: VertexStore, model: ModelResource): void {
  const stored = store.get('model', model.name);
  if (!stored || stored.versionId === model.versionId) store.put('model', model);
  else store.put('modelVersion', { name: `${model.name}@${model.versionId}`, model });
}

/** Forgets the model with its versions and what they answer with. */
export function removeModel(store: VertexStore, modelName: string): void {
  store.remove('model', modelName);
  for (const kind of ['modelVersion', 'tuned'] as const) {
    const below = store.list(kind).filter(({ name }) => name.startsWith(`${modelName}@`));
    for (const { name } of below) store.remove(kind, name);
  }
}

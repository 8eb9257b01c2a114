import { type Model, parametersNotFor } from '../models/models.ts';
import type { ManifestKey } from './keys.ts';

/**
 * Settings of the guide's templates that mean nothing to `tuningJobs`. A manifest in which only the base model was changed works:
 * they are left out, and one notice names them all.
 */
export const WITHOUT_COUNTERPART = [
  'evaluation_interval',
  'enable_early_stopping',
  'enable_checkpoint_selection',
  'accelerator_type',
  'max_context_length',
  'model_upload_region',
  'tensorboard_resource_id',
] as const satisfies readonly ManifestKey[];

/** Settings of the guide's templates that are made into something else: steps into epochs, a context into an instruction. */
const WITH_COUNTERPART: readonly ManifestKey[] = ['train_steps', 'default_context'];

/** Keys that a model does not take and that nothing is made of. */
export function strangeKeys(model: Model): readonly ManifestKey[] {
  const others: readonly ManifestKey[] = parametersNotFor(model);
  if (model.backend === 'pipelineJobs') return others;
  return others.filter((key) => !WITH_COUNTERPART.includes(key) && !isLeftOut(key, model));
}

/** Whether a key is left out for a model, whatever it holds. */
export function isLeftOut(key: ManifestKey, { backend }: Model): boolean {
  return backend === 'tuningJobs' && (WITHOUT_COUNTERPART as readonly ManifestKey[]).includes(key);
}

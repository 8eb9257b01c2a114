import { isRetired } from './lifecycle.ts';
import { findModel, type Model } from './models.ts';
import type { TuningMethod } from './tuning-models.ts';

/**
 * The base model to tune in place of one that ends, that lives on the day itself and is tuned in the same way; undefined where none
 * is known.
 */
export function successorOf(
  reference: string,
  { today, method = 'supervised' }: { today: string; method?: TuningMethod | undefined },
): Model | undefined {
  const seen = new Set<string>();
  for (let model = findModel(reference); model; model = findModel(model.lifecycle.successor ?? '')) {
    if (seen.has(model.reference)) return undefined;
    seen.add(model.reference);
    if (model.reference === reference || isRetired(model, today)) continue;
    const isTunedSo = model.backend === 'pipelineJobs' || model.methods.includes(method);
    return isTunedSo ? model : undefined;
  }
  return undefined;
}

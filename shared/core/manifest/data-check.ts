import { TUNING_MODELS } from '../models/tuning-models.ts';
import type { Manifest } from './keys.ts';

const ANY_GEMINI = TUNING_MODELS.find(({ kind }) => kind === 'gemini')?.reference;

/**
 * What data is checked for: Gemini models alone are gone on from, and all take the same data, so that any of them stands for a base
 * model that is left out or not known.
 */
export function forDataCheck(draft: Partial<Manifest>): Partial<Manifest> {
  const { base_model = ANY_GEMINI, pre_tuned_model } = draft;
  return pre_tuned_model === undefined || base_model === undefined ? draft : { ...draft, base_model };
}

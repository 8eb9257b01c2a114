import { findModel } from '../../shared/core/models/models.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { TrainerName } from './flags.ts';

const NOTHING_TRAINED =
  'Vertex AI is a stand-in here: it read the data and walked the job through its states, but trained no model.';
const SMALL_MODEL =
  'Vertex AI is a stand-in here: what was tuned, for real, is a model of less than a million parameters on this machine, whose answers say nothing about the models of Google Cloud.';

/** What a reader of a run that succeeded has to know about its model. No trainer here trains embeddings. */
export function disclaimerOf({ spec }: Run, trainer: TrainerName): string {
  const isEmbedding = findModel(spec.manifest?.base_model ?? '')?.kind === 'embedding';
  return trainer === 'stand-in' || isEmbedding ? NOTHING_TRAINED : SMALL_MODEL;
}

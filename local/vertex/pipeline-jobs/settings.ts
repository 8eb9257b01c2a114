/** What the parameters of a tuning job ask for, by the tuning guide. */

import { WorkFailure } from '../jobs/work-failure.ts';
import type { PipelineParameter } from '../store/pipeline-job.ts';
import type { TrainingPlan } from '../training/trainer.ts';

/** What of a tuning job its parameters decide; the rest is its data. */
export type TuningSettings = Pick<
  TrainingPlan,
  | 'steps'
  | 'batchSize'
  | 'learningRateMultiplier'
  | 'evaluationInterval'
  | 'earlyStopping'
  | 'checkpointSelection'
>;

export interface WantedSettings {
  baseModel: string;
  parameters: Readonly<Record<string, PipelineParameter>>;
}

/** The guide: an accelerator decides where tuning runs, and place and context length decide the batch size. */
const BATCH_SIZES = {
  GPU: { region: 'us-central1', '8k': 8, '32k': 8 },
  TPU: { region: 'europe-west4', '8k': 24, '32k': 8 },
} as const;

/** Throws a JobFailure for values that no training can be made of; what the real service says to them is not known. */
export function readTuningSettings(wanted: WantedSettings): TuningSettings {
  return {
    steps: positive(wanted, 'train_steps', 300),
    batchSize: batchSizeOf(wanted),
    learningRateMultiplier: positive(wanted, 'learning_rate_multiplier', 1),
    evaluationInterval: positive(wanted, 'evaluation_interval', 20),
    earlyStopping: wanted.parameters.enable_early_stopping !== false,
    checkpointSelection: selectsCheckpoint(wanted),
  };
}

function positive({ parameters }: WantedSettings, name: string, otherwise: number): number {
  const value = Number(parameters[name] ?? otherwise);
  if (value > 0) return value;
  throw new WorkFailure('INVALID_ARGUMENT', `${name} must be greater than 0, but is ${value}.`);
}

function batchSizeOf({ baseModel, parameters }: WantedSettings): number {
  const accelerator = String(parameters.accelerator_type || 'GPU');
  if (accelerator !== 'GPU' && accelerator !== 'TPU') {
    throw new WorkFailure('INVALID_ARGUMENT', `accelerator_type must be GPU or TPU, but is ${accelerator}.`);
  }
  const is32k = baseModel.includes('-32k') || parameters.max_context_length === '32k';
  return BATCH_SIZES[accelerator][is32k ? '32k' : '8k'];
}

/** The value is a text that Google's SDK writes as a boolean. Unset, "the selection is only enabled for *-bison@001" (SDK). */
function selectsCheckpoint({ baseModel, parameters }: WantedSettings): boolean {
  const value = String(parameters.enable_checkpoint_selection || 'default').toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === 'default') return baseModel.endsWith('@001');
  throw new WorkFailure(
    'INVALID_ARGUMENT',
    `enable_checkpoint_selection must be true, false or default, but is ${value}.`,
  );
}

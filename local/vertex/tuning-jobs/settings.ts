/** What a job trains with: what was asked for, and defaults where nothing was. */
import type { JsonObject } from '../http/json.ts';
import type { TunedCheckpoint, TuningSettingsRecord } from '../store/tuning-job.ts';
import { findBaseModel } from './base-models.ts';
import { openMode, specOf } from './model-rules.ts';

/** How many epochs an unset count becomes follows the size of the data set; of the rule one point is known: 40 for 166 examples. */
const DEFAULT_EPOCHS = { most: 40, examples: 166 };
/** Google's samples of supervised tuning have this size. */
const DEFAULT_ADAPTER_SIZE = 'ADAPTER_SIZE_FOUR';
/** That of the real service is not published; open models may ask for one. */
const DEFAULT_BATCH_SIZE = 8;
/**
 * Learning rates of open models are absolute; what the small model makes of one is its own rate times this share. Chosen here:
 * usual rates for adapters and for all of the weights.
 */
const USUAL_RATES = { adapter: 2e-4, full: 1e-5 };
/** Fewer epochs have a checkpoint each (Google's page); from here on there are so many, evenly spaced. */
const CHECKPOINTS = 10;

/** Settings for this many examples, of which the model learns this many answers. */
export function settingsOf(
  job: { echo: JsonObject; baseModel: string },
  { examples, answers }: { examples: number; answers: number },
): TuningSettingsRecord {
  const { spec, hyperParameters } = specOf(job.echo);
  const model = findBaseModel(job.baseModel);
  const mode = model?.kind === 'open' ? openMode(model, spec) : 'adapter';
  const epochs = Number(hyperParameters.epochCount ?? defaultEpochs(examples));
  const batchSize = Number(hyperParameters.batchSize ?? DEFAULT_BATCH_SIZE);
  const stepsAfter = (epoch: number) => Math.max(1, Math.ceil((epoch * answers) / batchSize));
  const { learningRate } = hyperParameters;
  const multiplier =
    learningRate === undefined
      ? Number(hyperParameters.learningRateMultiplier ?? 1)
      : Number(learningRate) / USUAL_RATES[mode];
  return {
    ...{ epochs, batchSize, learningRateMultiplier: multiplier, steps: stepsAfter(epochs) },
    adapterSize: mode === 'full' ? undefined : String(hyperParameters.adapterSize ?? DEFAULT_ADAPTER_SIZE),
    checkpoints: checkpointsOf(epochs, stepsAfter, spec.exportLastCheckpointOnly === true),
  };
}

const defaultEpochs = (examples: number) => {
  const { most, examples: known } = DEFAULT_EPOCHS;
  return Math.max(1, Math.min(most, Math.round((most * known) / examples)));
};

function checkpointsOf(
  epochs: number,
  stepsAfter: (epoch: number) => number,
  isLastOnly: boolean,
): TunedCheckpoint[] {
  const count = isLastOnly ? 1 : Math.min(epochs, CHECKPOINTS);
  return Array.from({ length: count }, (_, index) => {
    const epoch = Math.round(((index + 1) * epochs) / count);
    return { checkpointId: String(index + 1), epoch, step: stepsAfter(epoch) };
  });
}

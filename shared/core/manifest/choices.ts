import type { Model } from '../models/models.ts';
import type { PipelineModel } from '../models/pipeline-models.ts';
import { REGIONS } from '../models/regions.ts';
import { adapterSizeName, type TuningModel } from '../models/tuning-models.ts';
import type { ManifestKey } from './keys.ts';

type Choices<Row> = Partial<Record<ManifestKey, (model: Row) => readonly string[] | undefined>>;

const OF_TUNING_JOBS: Choices<TuningModel> = {
  tuning_method: ({ methods }) => methods,
  pipeline_job_region: ({ regions }) => regions,
  adapter_size: ({ adapterSizes }) => adapterSizes.map(adapterSizeName),
  tuning_mode: ({ tuningModes }) => tuningModes,
};

const OF_PIPELINES: Choices<PipelineModel> = {
  pipeline_job_region: () => REGIONS,
  task_type: ({ taskTypes }) => taskTypes,
  accelerator_type: ({ acceleratorTypes }) => acceleratorTypes,
};

/** The values that a key may have for a model, as Google writes them; undefined where its row says nothing of them. */
export function choicesOf(key: ManifestKey, model: Model | undefined): readonly string[] | undefined {
  if (model === undefined) return undefined;
  return model.backend === 'tuningJobs' ? OF_TUNING_JOBS[key]?.(model) : OF_PIPELINES[key]?.(model);
}

/** The same in words, for "expected …". */
export function expectedOf(key: ManifestKey, model: Model, choices: readonly string[]): string {
  const { reference } = model;
  if (key === 'adapter_size' && model.backend === 'tuningJobs') {
    return choices.length === 0
      ? `no adapter_size: all weights of ${reference} are tuned`
      : `one of ${model.adapterSizes.join(', ')} for ${reference}, or Google’s name such as ADAPTER_SIZE_FOUR`;
  }
  return choices.length === 1
    ? `${choices[0]}, the only one of ${reference}`
    : `one of ${choices.join(', ')} for ${reference}`;
}

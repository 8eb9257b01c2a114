import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { type ParameterName, parametersNotFor } from '../models/models.ts';
import { adapterSizeName, type TuningModel } from '../models/tuning-models.ts';
import type { Manifest, ManifestKey } from './keys.ts';
import type { ManifestReading } from './reading.ts';

/**
 * Settings of the guide's templates that mean nothing to `tuningJobs`. A manifest in which only the base model was changed works:
 * they are left out, and one notice names them all.
 */
const WITHOUT_COUNTERPART = [
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

const NO_DATA_FILES = 'dataset_uri: only embedding models have queries, a corpus and labels';

/** What to expect in place of a parameter that is not for the model. */
const IN_PLACE_OF: Record<TuningModel['kind'], Partial<Record<ParameterName, string>>> = {
  gemini: {
    encryption_spec_key_name:
      'no key: Gemini 3 is not tuned with customer-managed keys; take a model that is, or leave the key out',
    output_directory: 'no output directory: a tuned Gemini model is kept by Vertex AI and leaves no files',
    batch_size: 'no batch_size: Vertex AI chooses it for Gemini',
    learning_rate: 'learning_rate_multiplier, a factor on the recommended rate',
    tuning_mode: 'no tuning_mode: Gemini is tuned with an adapter',
    custom_base_model: 'pre_tuned_model, to go on from a tuned Gemini model',
    dataset_name: 'dataset_uri: the data is read and checked before it is paid for',
  },
  open: {
    pre_tuned_model: 'custom_base_model, a directory of weights of your own',
    checkpoint_id: 'custom_base_model: it names the directory of one checkpoint',
    beta: 'no beta: open models are tuned on answers, not on preferences',
    dataset_name: 'dataset_uri: the data is read and checked before it is paid for',
  },
};

/** Checks the keys of a manifest for a model of `tuningJobs`, right or wrong, against each other and against the model's row. */
export function checkTuningKeys(reading: ManifestReading, model: TuningModel): ManifestIssue[] {
  return [
    ...checkKeysOfModel(reading, model),
    ...checkWithoutCounterpart(reading, model),
    ...checkTogether(reading),
    ...VALUES_OF_MODEL.flatMap((row) => checkValue(row, reading, model)),
  ];
}

function checkKeysOfModel({ content, locate }: ManifestReading, model: TuningModel): ManifestIssue[] {
  const translated: readonly string[] = [...WITHOUT_COUNTERPART, ...WITH_COUNTERPART];
  const strange = parametersNotFor(model).filter(
    (key) => Object.hasOwn(content, key) && !translated.includes(key),
  );
  return strange.map((key) => {
    const reason = IN_PLACE_OF[model.kind][key] ?? (key.endsWith('_path') ? NO_DATA_FILES : 'other settings');
    return manifestIssue('key_not_for_model', locate(key), { key, model: model.reference, reason });
  });
}

function checkWithoutCounterpart(
  { content, locate }: ManifestReading,
  { reference }: TuningModel,
): ManifestIssue[] {
  const leftOut: ManifestKey[] = WITHOUT_COUNTERPART.filter((key) => Object.hasOwn(content, key));
  if (Object.hasOwn(content, 'train_steps') && Object.hasOwn(content, 'epoch_count')) {
    leftOut.push('train_steps');
  }
  const [first] = leftOut;
  if (first === undefined) return [];
  const fields = { keys: leftOut.join(', '), model: reference };
  return [manifestIssue('keys_without_counterpart', locate(first), fields)];
}

/** One row: two keys of which the first means nothing beside the second, or without it. */
const TOGETHER: { key: ManifestKey; isWrong: (draft: Partial<Manifest>) => boolean; expected: string }[] = [
  {
    key: 'learning_rate',
    isWrong: ({ learning_rate_multiplier }) => learning_rate_multiplier !== undefined,
    expected: 'learning_rate or learning_rate_multiplier, not both',
  },
  {
    key: 'checkpoint_id',
    isWrong: ({ pre_tuned_model }) => pre_tuned_model === undefined,
    expected: 'pre_tuned_model beside it: a checkpoint belongs to a tuned model',
  },
  {
    key: 'beta',
    isWrong: ({ tuning_method }) => tuning_method !== 'preference',
    expected: '"tuning_method": "preference" beside it',
  },
  {
    key: 'adapter_size',
    isWrong: ({ tuning_mode }) => tuning_mode === 'TUNING_MODE_FULL',
    expected: 'no adapter_size beside TUNING_MODE_FULL, which tunes all weights',
  },
];

function checkTogether({ draft, locate }: ManifestReading): ManifestIssue[] {
  return TOGETHER.flatMap(({ key, isWrong, expected }) =>
    draft[key] === undefined || !isWrong(draft)
      ? []
      : [manifestIssue('invalid_value', locate(key), { key, found: shown(draft[key]), expected })],
  );
}

interface ValueRow {
  key: ManifestKey;
  /** What the model takes, as it is written; `expected` where a list says too little. */
  allowed: (model: TuningModel) => readonly string[];
  written: (draft: Partial<Manifest>) => string | undefined;
  expected?: (model: TuningModel) => string;
}

const VALUES_OF_MODEL: readonly ValueRow[] = [
  {
    key: 'tuning_method',
    allowed: ({ methods }) => methods,
    written: ({ tuning_method }) => tuning_method,
  },
  {
    key: 'pipeline_job_region',
    allowed: ({ regions }) => regions,
    written: ({ pipeline_job_region }) => pipeline_job_region,
  },
  {
    key: 'adapter_size',
    allowed: ({ adapterSizes }) => adapterSizes.map(adapterSizeName),
    written: ({ adapter_size }) => (adapter_size === undefined ? undefined : adapterSizeName(adapter_size)),
    expected: ({ adapterSizes, reference }) =>
      adapterSizes.length === 0
        ? `no adapter_size: all weights of ${reference} are tuned`
        : `one of ${adapterSizes.join(', ')} for ${reference}`,
  },
  {
    key: 'tuning_mode',
    allowed: ({ tuningModes }) => tuningModes,
    written: ({ tuning_mode }) => tuning_mode,
  },
];

function checkValue(
  { key, allowed, written, expected }: ValueRow,
  { draft, locate }: ManifestReading,
  model: TuningModel,
): ManifestIssue[] {
  const value = written(draft);
  const values = allowed(model);
  if (value === undefined || values.includes(value)) return [];
  // A key that is not for the model at all is told by its own issue.
  if (values.length === 0 && key === 'tuning_mode') return [];
  const fields = {
    key,
    found: shown(draft[key]),
    expected: expected?.(model) ?? `one of ${values.join(', ')} for ${model.reference}`,
  };
  return [manifestIssue('invalid_value', locate(key), fields)];
}

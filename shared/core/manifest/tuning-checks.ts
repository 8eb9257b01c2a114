import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import type { ParameterName } from '../models/models.ts';
import { adapterSizeName, TUNING_MODELS, type TuningModel } from '../models/tuning-models.ts';
import { choicesOf, expectedOf } from './choices.ts';
import { strangeKeys, WITHOUT_COUNTERPART } from './counterparts.ts';
import { locationOfName } from './deployment-limits.ts';
import { checkEvaluationSplit } from './evaluation-split.ts';
import type { Manifest, ManifestKey } from './keys.ts';
import { type ManifestReading, writtenAs } from './reading.ts';

const NO_DATA_FILES = 'dataset_uri: only embedding models have queries, a corpus and labels';

/** What to expect in place of a parameter that is not for the model. */
const IN_PLACE_OF: Record<TuningModel['kind'], Partial<Record<ParameterName, string>>> = {
  gemini: {
    encryption_spec_key_name:
      'no key: Gemini 3 is not tuned with customer-managed keys; take a model that is, or leave the key out',
    output_directory: 'no output directory: a tuned Gemini model is kept by Vertex AI and leaves no files',
    batch_size: 'no batch_size: Vertex AI chooses it for Gemini',
    learning_rate: 'learning_rate_multiplier, a factor on the recommended rate',
    beta: 'no beta: this model is tuned on answers, not on preferences',
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
  const issues = [
    ...checkKeysOfModel(reading, model),
    ...checkValues(reading, model),
    ...checkTogether(reading),
    ...checkEvaluationSplit(reading, model),
  ];
  // What is wrong with a key is told once; the first row knows it best.
  const byKey = Map.groupBy(issues, ({ at, severity }) => `${severity} ${at.path}`);
  return [...[...byKey.values()].flatMap(([first]) => first ?? []), ...checkLeftOut(reading, model)];
}

function checkKeysOfModel({ content, locate }: ManifestReading, model: TuningModel): ManifestIssue[] {
  const strange = strangeKeys(model).filter((key) => Object.hasOwn(content, key));
  // Preferences that a model does not have are told of tuning_method; beta only follows.
  const isFollowing = content.tuning_method === 'preference';
  return strange
    .filter((key) => key !== 'beta' || !isFollowing)
    .map((key) => {
      const inPlace: Partial<Record<ManifestKey, string>> = IN_PLACE_OF[model.kind];
      const reason = inPlace[key] ?? (key.endsWith('_path') ? NO_DATA_FILES : 'other settings');
      return manifestIssue('key_not_for_model', locate(key), { key, model: model.reference, reason });
    });
}

function checkLeftOut({ content, locate }: ManifestReading, { reference }: TuningModel): ManifestIssue[] {
  const written = (key: ManifestKey) => writtenAs(locate, key);
  const leftOut = WITHOUT_COUNTERPART.filter((key) => Object.hasOwn(content, key));
  const [first] = leftOut;
  const notice =
    first === undefined
      ? []
      : [
          manifestIssue('keys_without_counterpart', locate(first), {
            keys: leftOut.map(written).join(', '),
            model: reference,
          }),
        ];
  if (!Object.hasOwn(content, 'train_steps') || !Object.hasOwn(content, 'epoch_count')) return notice;
  const fields = { key: 'train_steps', epochs: written('epoch_count') };
  return [...notice, manifestIssue('train_steps_not_used', locate('train_steps'), fields)];
}

/** One row: a key that means nothing, or something wrong, beside another or without it. */
interface TogetherRow {
  key: ManifestKey;
  /** By what is right, and by what stands there, right or wrong: the latter is told by itself. */
  isWrong: (draft: Partial<Manifest>, content: ManifestReading['content']) => boolean;
  expected: (draft: Partial<Manifest>) => string;
  remedy: string;
}

const TOGETHER: readonly TogetherRow[] = [
  {
    key: 'learning_rate',
    isWrong: (_draft, { learning_rate_multiplier }) => learning_rate_multiplier !== undefined,
    expected: () => 'learning_rate or learning_rate_multiplier, not both',
    remedy: 'Remove one of the two.',
  },
  {
    key: 'checkpoint_id',
    isWrong: (_draft, { pre_tuned_model }) => pre_tuned_model === undefined,
    expected: () => 'pre_tuned_model beside it: a checkpoint belongs to a tuned model',
    remedy: 'Add pre_tuned_model, or remove the checkpoint.',
  },
  {
    key: 'pipeline_job_region',
    isWrong: ({ pre_tuned_model, pipeline_job_region }) =>
      pre_tuned_model !== undefined && locationOfName(pre_tuned_model) !== pipeline_job_region,
    expected: ({ pre_tuned_model = '' }) => `${locationOfName(pre_tuned_model)}, where pre_tuned_model lies`,
    remedy: 'Remove it: the job runs where the model lies that it goes on from.',
  },
  {
    key: 'beta',
    isWrong: (_draft, { tuning_method = 'supervised' }) => tuning_method === 'supervised',
    expected: () => '"tuning_method": "preference" beside it',
    remedy: 'Add "tuning_method": "preference" for data with preferences, or remove it.',
  },
  {
    key: 'adapter_size',
    isWrong: ({ tuning_mode }) => tuning_mode === 'TUNING_MODE_FULL',
    expected: () => 'no adapter_size beside TUNING_MODE_FULL, which tunes all weights',
    remedy: 'Remove one of the two.',
  },
];

function checkTogether({ content, draft, locate }: ManifestReading): ManifestIssue[] {
  return TOGETHER.flatMap(({ key, isWrong, expected, remedy }) => {
    if (draft[key] === undefined || !isWrong(draft, content)) return [];
    const fields = { key, found: shown(draft[key]), expected: expected(draft), remedy };
    return [manifestIssue('invalid_value', locate(key), fields)];
  });
}

/** Keys of which the model's row has a list of values, each with its value as Google writes it. */
const WRITTEN: Partial<Record<ManifestKey, (draft: Partial<Manifest>) => string | undefined>> = {
  tuning_method: ({ tuning_method }) => tuning_method,
  pipeline_job_region: ({ pipeline_job_region }) => pipeline_job_region,
  adapter_size: ({ adapter_size }) =>
    adapter_size === undefined ? undefined : adapterSizeName(adapter_size),
  tuning_mode: ({ tuning_mode }) => tuning_mode,
};

const WITH_PREFERENCES = TUNING_MODELS.filter(({ methods }) =>
  (methods as readonly string[]).includes('preference'),
);

/** What to do about a value of another model, where leaving it out or correcting it is not all. */
const REMEDIES: Partial<Record<ManifestKey, string>> = {
  tuning_method: `Leave it out, or choose a model that has it: ${WITH_PREFERENCES.map(({ reference }) => reference).join(', ')}.`,
};

function checkValues({ draft, locate }: ManifestReading, model: TuningModel): ManifestIssue[] {
  return (Object.keys(WRITTEN) as ManifestKey[]).flatMap((key) => {
    const value = WRITTEN[key]?.(draft);
    const choices = choicesOf(key, model) ?? [];
    if (value === undefined || choices.includes(value)) return [];
    const fields = { key, found: shown(draft[key]), expected: expectedOf(key, model, choices) };
    const other = REMEDIES[key];
    return [manifestIssue('invalid_value', locate(key), other ? { ...fields, remedy: other } : fields)];
  });
}

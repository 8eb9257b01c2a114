import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { EMBEDDING_PARAMETERS } from '../models/limits.ts';
import { type ParameterName, parametersNotFor } from '../models/models.ts';
import {
  EVALUATION_SETTINGS,
  type PipelineModel,
  type TemplateParameter,
} from '../models/pipeline-models.ts';
import { choicesOf, expectedOf } from './choices.ts';
import { checkEvaluationSplit } from './evaluation-split.ts';
import type { Manifest, ManifestKey } from './keys.ts';
import type { ManifestReading } from './reading.ts';
import { DATA_OF_EMBEDDING } from './suggestions.ts';

const NO_EVALUATION = 'no evaluation: the guide says that it is not supported for chat models';
const CHAT_ONLY = 'default_context with chat models only';

/** Settings of `tuningJobs`, in a manifest for a model of the guide. */
const OF_TUNING_JOBS: Partial<Record<ParameterName, string>> = {
  epoch_count: 'train_steps: epochs × examples ÷ batch size (docs/models.md)',
  learning_rate: 'learning_rate_multiplier, 1.0 for the recommended rate',
  adapter_size: 'no adapter_size: the template chooses it',
  export_last_checkpoint_only: 'enable_checkpoint_selection',
  tuning_method: 'no tuning_method: these templates tune on answers',
  pre_tuned_model:
    'a model of tuningJobs, such as gemini-3.1-flash-lite: what a template makes cannot be gone on from',
  description: 'no description: a pipeline job has none',
};

/** What to expect in place of a parameter that is not for the model; where nothing stands, the template has none. */
const IN_PLACE_OF: Record<
  'messages' | 'input_output' | 'embedding',
  Partial<Record<TemplateParameter, string>>
> = {
  messages: {
    evaluation_data_uri: NO_EVALUATION,
    evaluation_split: NO_EVALUATION,
    evaluation_interval: NO_EVALUATION,
    enable_early_stopping: NO_EVALUATION,
    enable_checkpoint_selection: NO_EVALUATION,
  },
  input_output: { default_context: CHAT_ONLY },
  embedding: {
    default_context: CHAT_ONLY,
    dataset_uri: DATA_OF_EMBEDDING,
    dataset_name: DATA_OF_EMBEDDING,
    evaluation_data_uri: 'test_label_path',
    evaluation_split:
      'no evaluation_split: the template splits the training labels where test_label_path is left out',
    output_dimensionality:
      'no output_dimensionality: Google’s notebook has it for models after textembedding-gecko',
    model_upload_region: 'the model where the pipeline job runs: the template has no other place',
  },
};

/** Checks keys that are there, right or wrong, against each other and against what the guide says of single models. */
export function checkPipelineKeys(
  { content, draft, locate }: ManifestReading,
  model: PipelineModel | undefined,
): ManifestIssue[] {
  const given = (key: ManifestKey) => Object.hasOwn(content, key);
  const isEvaluated = given('evaluation_data_uri') || given('evaluation_split');
  const pointless = isEvaluated || model?.hasEvaluation === false ? [] : EVALUATION_SETTINGS.filter(given);
  const withoutData = pointless.map((key) => manifestIssue('evaluation_data_missing', locate(key), { key }));
  if (model === undefined) return withoutData;
  const strange = parametersNotFor(model).filter(given);
  const notForModel = strange.map((key) => {
    const inPlace: Partial<Record<ParameterName, string>> = {
      ...OF_TUNING_JOBS,
      ...IN_PLACE_OF[model.dataset],
    };
    const reason = inPlace[key] ?? `only what the template of ${model.reference} takes`;
    const isData = (reason === DATA_OF_EMBEDDING && !model.required.some(given)) || undefined;
    return manifestIssue('key_not_for_model', locate(key), { key, model: model.reference, reason, isData });
  });
  return [
    ...withoutData,
    ...notForModel,
    ...(model.parameters.includes('dataset_name') ? checkManagedData({ content, draft, locate }) : []),
    ...checkValuesOfModel(draft, model, locate),
    ...(model.hasEvaluation ? checkEvaluationSplit({ content, draft, locate }, model) : []),
  ];
}

function checkManagedData({ content, draft, locate }: ManifestReading) {
  const at = locate('dataset_name');
  const { dataset_name: name } = draft;
  if (Object.hasOwn(content, 'dataset_name') && Object.hasOwn(content, 'dataset_uri'))
    return [manifestIssue('dataset_named_twice', at, {})];
  return name === undefined ? [] : [manifestIssue('dataset_not_checked', at, { found: shown(name) })];
}

function checkValuesOfModel(draft: Partial<Manifest>, model: PipelineModel, locate: Locate): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const { train_steps: steps, max_context_length: length } = draft;
  for (const key of ['task_type', 'accelerator_type', 'pipeline_job_region'] as const) {
    const [value, choices] = [draft[key], choicesOf(key, model)];
    if (value === undefined || choices === undefined || choices.includes(value)) continue;
    const fields = { key, found: shown(value), expected: expectedOf(key, model, choices) };
    issues.push(manifestIssue('invalid_value', locate(key), fields));
  }
  const minimum = model.kind === 'embedding' ? EMBEDDING_PARAMETERS.minTrainSteps : 1;
  if (steps !== undefined && steps < minimum) {
    issues.push(manifestIssue('train_steps_below_minimum', locate('train_steps'), { found: steps, minimum }));
  }
  // A long model can be tuned with short examples; a short one cannot be stretched.
  if (length === '32k' && model.contextLength === '8k') {
    const fields = { model: model.reference, found: length, expected: model.contextLength };
    issues.push(manifestIssue('context_length_mismatch', locate('max_context_length'), fields));
  }
  return issues;
}

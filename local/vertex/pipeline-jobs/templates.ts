/**
 * The pipeline templates that the embedded service knows, with the parameters that each takes.
 * Source: the template map and the test fixtures of python-aiplatform v1.60.0. The compiled templates themselves are not
 * public: one fixture serves text, chat and code there, so which of its members lives in which real template is inferred
 * (evaluation and early stopping for text and code, `default_context` for chat, as the tuning guide has it).
 */

import type { Family } from '../store/models.ts';
import type { PipelineParameter, TaskName } from '../store/pipeline-job.ts';

export type ParameterType = 'STRING' | 'NUMBER_INTEGER' | 'NUMBER_DOUBLE' | 'BOOLEAN';

export interface ParameterRule {
  type: ParameterType;
  required?: true;
  /** A JSON boolean is taken too: Google's own SDK sends one for this STRING. */
  booleanToo?: true;
}

/** A parameter that names a data set object, what is inside, and how many records the tuning guide allows. */
export interface DatasetInput {
  parameter: string;
  format: 'examples' | 'conversations' | 'passages' | 'labels';
  records: readonly [min: number, max: number];
}

export interface Template {
  family: Family;
  /** `pipelineInfo.name`; for chat it is inferred from the template's path. */
  pipelineName: string;
  /** Base models without their version. */
  models: readonly string[];
  modelParameter: 'large_model_reference' | 'base_model_version_id';
  defaultModel: string;
  /** `modelSourceInfo.sourceType` of what it uploads. */
  sourceType: 'GENIE' | 'CUSTOM_TEXT_EMBEDDING';
  parameters: Readonly<Record<string, ParameterRule>>;
  tasks: readonly TaskName[];
  datasets: readonly DatasetInput[];
}

const STRING: ParameterRule = { type: 'STRING' };
const INTEGER: ParameterRule = { type: 'NUMBER_INTEGER' };
const DOUBLE: ParameterRule = { type: 'NUMBER_DOUBLE' };
const BOOLEAN: ParameterRule = { type: 'BOOLEAN' };
const REQUIRED_STRING: ParameterRule = { type: 'STRING', required: true };

const LARGE_MODEL_PARAMETERS = {
  project: REQUIRED_STRING,
  location: REQUIRED_STRING,
  model_display_name: REQUIRED_STRING,
  large_model_reference: STRING,
  dataset_uri: STRING,
  dataset_name: STRING,
  train_steps: INTEGER,
  learning_rate: DOUBLE,
  learning_rate_multiplier: DOUBLE,
  accelerator_type: STRING,
  max_context_length: STRING,
  tensorboard_resource_id: STRING,
  encryption_spec_key_name: STRING,
  tuning_method: STRING,
  api_endpoint: STRING,
  tpu_training_skip_cmek: BOOLEAN,
} as const;

const EVALUATION_PARAMETERS = {
  evaluation_data_uri: STRING,
  evaluation_interval: INTEGER,
  evaluation_output_root_dir: STRING,
  enable_early_stopping: BOOLEAN,
  enable_checkpoint_selection: { type: 'STRING', booleanToo: true },
} as const;

const EMBEDDING_PARAMETERS = {
  queries_path: REQUIRED_STRING,
  corpus_path: REQUIRED_STRING,
  train_label_path: REQUIRED_STRING,
  test_label_path: STRING,
  validation_label_path: STRING,
  base_model_version_id: STRING,
  model_display_name: STRING,
  task_type: STRING,
  batch_size: INTEGER,
  train_steps: INTEGER,
  output_dimensionality: INTEGER,
  learning_rate_multiplier: DOUBLE,
  machine_type: STRING,
  accelerator_type: STRING,
  accelerator_count: INTEGER,
  encryption_spec_key_name: STRING,
} as const;

const LARGE_MODEL_TASKS = [
  'vertex-pipelines-prompt-validation',
  'large-language-model-tuner',
  'upload-llm-model',
  'deployment-graph',
] as const;

/** All that is the same in the three templates for large models. */
const LARGE_MODEL = {
  modelParameter: 'large_model_reference',
  defaultModel: 'text-bison@001',
  sourceType: 'GENIE',
  tasks: LARGE_MODEL_TASKS,
} as const;

const PROMPT_DATASETS: readonly DatasetInput[] = [
  { parameter: 'dataset_uri', format: 'examples', records: [10, 10_000] },
  { parameter: 'evaluation_data_uri', format: 'examples', records: [10, 250] },
];

/** The record counts of label files are rules about query ids in Google's pages, not about lines. */
const LABEL_RECORDS = [1, 499_999] as const;

const EMBEDDING: Omit<Template, 'models'> = {
  family: 'embedding',
  pipelineName: 'tune-text-embedding-model',
  modelParameter: 'base_model_version_id',
  defaultModel: 'text-embedding-004',
  sourceType: 'CUSTOM_TEXT_EMBEDDING',
  parameters: EMBEDDING_PARAMETERS,
  tasks: ['text-embedding-trainer', 'text-embedding-evaluator', 'text-embedding-model-uploader'],
  datasets: [
    { parameter: 'corpus_path', format: 'passages', records: [9, 500_000] },
    { parameter: 'queries_path', format: 'passages', records: [9, 10_000] },
    { parameter: 'train_label_path', format: 'labels', records: LABEL_RECORDS },
    { parameter: 'test_label_path', format: 'labels', records: LABEL_RECORDS },
    { parameter: 'validation_label_path', format: 'labels', records: LABEL_RECORDS },
  ],
};

const REGISTRY = 'https://us-kfp.pkg.dev/ml-pipeline';

export const TEMPLATES: Readonly<Record<string, Template>> = {
  [`${REGISTRY}/large-language-model-pipelines/tune-large-model/v2.0.0`]: {
    ...LARGE_MODEL,
    family: 'text',
    pipelineName: 'tune-large-model',
    models: ['text-bison', 'text-bison-32k'],
    parameters: { ...LARGE_MODEL_PARAMETERS, ...EVALUATION_PARAMETERS },
    datasets: PROMPT_DATASETS,
  },
  [`${REGISTRY}/large-language-model-pipelines/tune-large-model/v3.0.0`]: {
    ...LARGE_MODEL,
    family: 'code',
    pipelineName: 'tune-large-model',
    models: ['code-bison', 'code-bison-32k'],
    parameters: { ...LARGE_MODEL_PARAMETERS, ...EVALUATION_PARAMETERS },
    datasets: PROMPT_DATASETS,
  },
  [`${REGISTRY}/large-language-model-pipelines/tune-large-chat-model/v3.0.0`]: {
    ...LARGE_MODEL,
    family: 'chat',
    pipelineName: 'tune-large-chat-model',
    models: ['chat-bison', 'chat-bison-32k', 'codechat-bison', 'codechat-bison-32k'],
    parameters: { ...LARGE_MODEL_PARAMETERS, default_context: STRING },
    datasets: [{ parameter: 'dataset_uri', format: 'conversations', records: [10, 10_000] }],
  },
  [`${REGISTRY}/llm-text-embedding/tune-text-embedding-model/v1.1.3`]: {
    ...EMBEDDING,
    models: [
      'textembedding-gecko',
      'textembedding-gecko-multilingual',
      'text-embedding-004',
      'text-multilingual-embedding-002',
    ],
  },
  [`${REGISTRY}/llm-text-embedding/tune-text-embedding-model/v1.1.4`]: {
    ...EMBEDDING,
    models: ['text-embedding-005'],
  },
};

/** Where a tuning job may run and where its model may be uploaded: the SDK's list, which the tuning guide repeats. */
export const TUNING_REGIONS: readonly string[] = [
  'us-central1',
  'europe-west4',
  'asia-southeast1',
  'us-west1',
  'europe-west3',
  'europe-west2',
  'asia-northeast1',
  'us-east4',
  'us-west4',
  'northamerica-northeast1',
  'europe-west9',
  'europe-west1',
  'asia-northeast3',
];

/** Every task of every template, for those who script a failure. */
export const TASK_NAMES: ReadonlySet<string> = new Set(
  Object.values(TEMPLATES).flatMap((template) => template.tasks),
);

export function templateOf(templateUri: string): Template {
  const template = TEMPLATES[templateUri];
  if (!template) throw new Error(`no pipeline template ${templateUri}`);
  return template;
}

/** Whether a template tunes this base model, with or without a version. */
export const tunes = (template: Template, reference: string): boolean =>
  template.models.some((model) => reference === model || isVersionOf(model, reference));

const isVersionOf = (model: string, reference: string) =>
  reference.startsWith(`${model}@`) && /^\d{3}$/.test(reference.slice(model.length + 1));

/** The family of a base model, or undefined for one that no template tunes. */
export const familyOf = (reference: string): Family | undefined =>
  Object.values(TEMPLATES).find((template) => tunes(template, reference))?.family;

/** The base model that a job asks for, by parameter or by the template's default. */
export function baseModelOf(template: Template, parameters: Record<string, PipelineParameter>): string {
  return String(parameters[template.modelParameter] ?? template.defaultModel);
}

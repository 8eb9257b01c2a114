import type { Lifecycle } from './lifecycle.ts';
import { CHAT_DATASET, TEMPLATE_DEFAULTS, TEXT_DATASET } from './limits.ts';
import type { TrainingRegion } from './regions.ts';

/** How the lines of the data set look: `input_text`/`output_text`, `messages`, or queries, corpus and labels in files of their own. */
export type DatasetFormat = 'input_output' | 'messages' | 'embedding';

/** Parameters of Google's tuning templates that a manifest may name, under Google's names; `evaluation_split` is made into one. */
export type TemplateParameter = (
  | typeof TEXT_PARAMETERS
  | typeof CHAT_PARAMETERS
  | typeof NEW_EMBEDDING_PARAMETERS
)[number];

/** One row: a base model, the template that tunes it, and what that template takes. */
export interface PipelineModel {
  backend: 'pipelineJobs';
  /** With its version, as `base_model` and Google's reference parameter spell it. */
  reference: string;
  family: string;
  kind: 'text' | 'chat' | 'code' | 'codechat' | 'embedding';
  /** Compiled pipeline in Google's registry. Constant: a manifest can never name another. */
  templateUri: string;
  /** `pipelineInfo.name` of the template, with which Google's SDK begins job ids. */
  pipelineName: string;
  referenceParameter: 'large_model_reference' | 'base_model_version_id';
  dataset: DatasetFormat;
  /** Parameters that have to be in the manifest. */
  required: readonly TemplateParameter[];
  /** Parameters that may be in the manifest. */
  parameters: readonly TemplateParameter[];
  /** Whether `evaluation_data_uri` and what belongs to it are possible. Guide: not for chat. */
  hasEvaluation: boolean;
  contextLength?: '8k' | '32k';
  /** Examples a training step, by training region. Absent where the manifest chooses (`batch_size`). */
  batchSize?: Record<TrainingRegion, number>;
  trainStepsDefault: number;
  /** The guide's token limits: input and output, or conversation and assistant message. It states none for 32k models. */
  tokenLimits?: { input: number; output: number };
  taskTypes?: readonly string[];
  /** What `accelerator_type` may be. */
  acceleratorTypes: readonly string[];
  lifecycle: Lifecycle;
}

const SHARED_PARAMETERS = [
  'dataset_uri',
  'dataset_name',
  'train_steps',
  'learning_rate_multiplier',
  'accelerator_type',
  'max_context_length',
  'model_upload_region',
  'tensorboard_resource_id',
  'encryption_spec_key_name',
] as const;

/** Settings that mean something only beside evaluation data. Guide, `EVAL_INTERVAL` and the two after it. */
export const EVALUATION_SETTINGS = [
  'evaluation_interval',
  'enable_early_stopping',
  'enable_checkpoint_selection',
] as const;

const TEXT_PARAMETERS = [
  ...SHARED_PARAMETERS,
  'evaluation_data_uri',
  'evaluation_split',
  ...EVALUATION_SETTINGS,
] as const;
const CHAT_PARAMETERS = [...SHARED_PARAMETERS, 'default_context'] as const;

const EMBEDDING_FILES = ['queries_path', 'corpus_path', 'train_label_path'] as const;
const EMBEDDING_PARAMETERS = [
  ...EMBEDDING_FILES,
  'test_label_path',
  'validation_label_path',
  'batch_size',
  'train_steps',
  'task_type',
  'learning_rate_multiplier',
  'machine_type',
  'accelerator_type',
  'accelerator_count',
  'encryption_spec_key_name',
] as const;
const NEW_EMBEDDING_PARAMETERS = [...EMBEDDING_PARAMETERS, 'output_dimensionality'] as const;

const TASK_TYPES = [
  'DEFAULT',
  'RETRIEVAL_QUERY',
  'RETRIEVAL_DOCUMENT',
  'SEMANTIC_SIMILARITY',
  'CLASSIFICATION',
  'CLUSTERING',
] as const;
const NEW_TASK_TYPES = [...TASK_TYPES, 'FACT_VERIFICATION', 'QUESTION_ANSWERING'] as const;
/** Every `task_type` of embedding tuning; a model has those of its row. */
export const ALL_TASK_TYPES = [...NEW_TASK_TYPES, 'CODE_RETRIEVAL_QUERY'] as const;

const LARGE_MODEL_ACCELERATORS = ['GPU', 'TPU'] as const;
/** SDK, `_TunableTextEmbeddingModelMixin.tune_model`. */
const EMBEDDING_ACCELERATORS = [
  'NVIDIA_L4',
  'NVIDIA_TESLA_A100',
  'NVIDIA_TESLA_T4',
  'NVIDIA_TESLA_V100',
  'NVIDIA_TESLA_P100',
] as const;
/** Every `accelerator_type`; a model has those of its row. */
export const ACCELERATOR_TYPES = [...LARGE_MODEL_ACCELERATORS, ...EMBEDDING_ACCELERATORS] as const;

const REGISTRY = 'https://us-kfp.pkg.dev/ml-pipeline';
const LARGE_MODEL = `${REGISTRY}/large-language-model-pipelines`;

/** Batch sizes: guide, `STEPS`. */
export const BATCH_OF_8K_MODELS = { 'us-central1': 8, 'europe-west4': 24 } as const;
export const BATCH_OF_32K_MODELS = { 'us-central1': 8, 'europe-west4': 8 } as const;

const PALM_LIFECYCLE = {
  tuningBlocked: { day: '2024-10-09', source: 'palmTuningEnd' },
  retired: { day: '2025-04-21', source: 'palmDeprecations' },
  successor: 'gemini-3.1-flash-lite',
  source: 'palmDeprecations',
} as const satisfies Lifecycle;

const EMBEDDING_LIFECYCLE = {
  retired: { day: '2027-04-01', source: 'embeddingPage' },
  source: 'embeddingPage',
} as const satisfies Lifecycle;

const geckoLifecycle = (day: string, successor = 'text-embedding-005') =>
  ({ retired: { day, source: 'geckoRetirement' }, successor, source: 'geckoRetirement' }) as const;

const TEXT = {
  backend: 'pipelineJobs',
  pipelineName: 'tune-large-model',
  referenceParameter: 'large_model_reference',
  dataset: 'input_output',
  required: ['dataset_uri'],
  parameters: TEXT_PARAMETERS,
  hasEvaluation: true,
  acceleratorTypes: LARGE_MODEL_ACCELERATORS,
  trainStepsDefault: TEMPLATE_DEFAULTS.trainSteps,
  lifecycle: PALM_LIFECYCLE,
} as const satisfies Partial<PipelineModel>;

/** The guide names v2.0.0 for text; Google's SDK and its Java sample take v3.0.0 for code. */
const TEXT_TEMPLATE = { kind: 'text', templateUri: `${LARGE_MODEL}/tune-large-model/v2.0.0` } as const;
const CODE_TEMPLATE = { kind: 'code', templateUri: `${LARGE_MODEL}/tune-large-model/v3.0.0` } as const;

const CHAT = {
  backend: 'pipelineJobs',
  templateUri: `${LARGE_MODEL}/tune-large-chat-model/v3.0.0`,
  /** Inferred from the template's path: the registry cannot be read. */
  pipelineName: 'tune-large-chat-model',
  referenceParameter: 'large_model_reference',
  dataset: 'messages',
  required: ['dataset_uri'],
  parameters: CHAT_PARAMETERS,
  hasEvaluation: false,
  acceleratorTypes: LARGE_MODEL_ACCELERATORS,
  trainStepsDefault: TEMPLATE_DEFAULTS.trainSteps,
  lifecycle: PALM_LIFECYCLE,
} as const satisfies Partial<PipelineModel>;

const EMBEDDING = {
  backend: 'pipelineJobs',
  kind: 'embedding',
  templateUri: `${REGISTRY}/llm-text-embedding/tune-text-embedding-model/v1.1.3`,
  pipelineName: 'tune-text-embedding-model',
  referenceParameter: 'base_model_version_id',
  dataset: 'embedding',
  required: EMBEDDING_FILES,
  parameters: NEW_EMBEDDING_PARAMETERS,
  hasEvaluation: false,
  trainStepsDefault: TEMPLATE_DEFAULTS.embeddingTrainSteps,
  taskTypes: NEW_TASK_TYPES,
  acceleratorTypes: EMBEDDING_ACCELERATORS,
  lifecycle: EMBEDDING_LIFECYCLE,
} as const satisfies Partial<PipelineModel>;

/** The newer task types and dimensions are for the models after gecko, as Google's notebook has it. */
const GECKO = {
  ...EMBEDDING,
  parameters: EMBEDDING_PARAMETERS,
  taskTypes: TASK_TYPES,
} as const;

const TEXT_8K = {
  contextLength: '8k',
  batchSize: BATCH_OF_8K_MODELS,
  tokenLimits: { input: TEXT_DATASET.maxInputTokens, output: TEXT_DATASET.maxOutputTokens },
} as const;
const CHAT_8K = {
  contextLength: '8k',
  batchSize: BATCH_OF_8K_MODELS,
  tokenLimits: { input: CHAT_DATASET.maxConversationTokens, output: CHAT_DATASET.maxAssistantTokens },
} as const;
const CONTEXT_32K = { contextLength: '32k', batchSize: BATCH_OF_32K_MODELS } as const;

/** Base models that a compiled pipeline tunes: the guide's, and the embedding models that are still tuned so. */
export const PIPELINE_MODELS = [
  { reference: 'text-bison@002', family: 'text-bison', ...TEXT, ...TEXT_TEMPLATE, ...TEXT_8K },
  { reference: 'text-bison-32k@002', family: 'text-bison-32k', ...TEXT, ...TEXT_TEMPLATE, ...CONTEXT_32K },
  { reference: 'chat-bison@002', family: 'chat-bison', kind: 'chat', ...CHAT, ...CHAT_8K },
  { reference: 'chat-bison-32k@002', family: 'chat-bison-32k', kind: 'chat', ...CHAT, ...CONTEXT_32K },
  { reference: 'code-bison@002', family: 'code-bison', ...TEXT, ...CODE_TEMPLATE, ...TEXT_8K },
  { reference: 'code-bison-32k@002', family: 'code-bison-32k', ...TEXT, ...CODE_TEMPLATE, ...CONTEXT_32K },
  { reference: 'codechat-bison@002', family: 'codechat-bison', kind: 'codechat', ...CHAT, ...CHAT_8K },
  {
    reference: 'codechat-bison-32k@002',
    family: 'codechat-bison-32k',
    kind: 'codechat',
    ...CHAT,
    ...CONTEXT_32K,
  },
  {
    reference: 'textembedding-gecko@001',
    family: 'textembedding-gecko',
    ...GECKO,
    lifecycle: { ...PALM_LIFECYCLE, successor: 'text-embedding-005' },
  },
  {
    reference: 'textembedding-gecko@002',
    family: 'textembedding-gecko',
    ...GECKO,
    lifecycle: geckoLifecycle('2025-04-21'),
  },
  {
    reference: 'textembedding-gecko@003',
    family: 'textembedding-gecko',
    ...GECKO,
    lifecycle: geckoLifecycle('2025-05-24'),
  },
  {
    reference: 'textembedding-gecko-multilingual@001',
    family: 'textembedding-gecko-multilingual',
    ...GECKO,
    lifecycle: geckoLifecycle('2025-05-24', 'text-multilingual-embedding-002'),
  },
  { reference: 'text-embedding-004', family: 'text-embedding', ...EMBEDDING },
  {
    reference: 'text-embedding-005',
    family: 'text-embedding',
    ...EMBEDDING,
    templateUri: `${REGISTRY}/llm-text-embedding/tune-text-embedding-model/v1.1.4`,
    taskTypes: ALL_TASK_TYPES,
  },
  {
    reference: 'text-multilingual-embedding-002',
    family: 'text-multilingual-embedding',
    ...EMBEDDING,
  },
] as const satisfies readonly PipelineModel[];

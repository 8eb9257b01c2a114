import type { Lifecycle } from './lifecycle.ts';
import type { Location } from './regions.ts';
import type { TokenizerName } from './tokenizers.ts';

/**
 * Base models that Vertex AI tunes through `tuningJobs`. Sources, unless a row says otherwise: Google Cloud, "Tune Gemini models by
 * using supervised fine-tuning" (2026-09-25), "Preference tuning", "Tune open models" (2026-08-22), "Model versions" (after
 * 2026-10-13), and Google's own tuning skill (2026-08-21).
 */

export const TUNING_METHODS = ['supervised', 'preference'] as const;
export type TuningMethod = (typeof TUNING_METHODS)[number];

/** Google's sizes of an adapter, by the number that people write. */
export const ADAPTER_SIZES = {
  1: 'ADAPTER_SIZE_ONE',
  2: 'ADAPTER_SIZE_TWO',
  4: 'ADAPTER_SIZE_FOUR',
  8: 'ADAPTER_SIZE_EIGHT',
  16: 'ADAPTER_SIZE_SIXTEEN',
  32: 'ADAPTER_SIZE_THIRTY_TWO',
} as const;
export type AdapterSize = keyof typeof ADAPTER_SIZES;
type AdapterSizeName = (typeof ADAPTER_SIZES)[AdapterSize];

/** How a manifest may write the size: as a number, or by Google's name. */
export const ADAPTER_SIZE_CHOICES = {
  numbers: [1, 2, 4, 8, 16, 32],
  names: Object.values(ADAPTER_SIZES),
} as const satisfies { numbers: readonly AdapterSize[]; names: readonly AdapterSizeName[] };

/** Google's name of a size, however it was written. */
export function adapterSizeName(size: AdapterSize | AdapterSizeName): AdapterSizeName {
  return typeof size === 'number' ? ADAPTER_SIZES[size] : size;
}

export const TUNING_MODES = ['TUNING_MODE_PEFT_ADAPTER', 'TUNING_MODE_FULL'] as const;
export type TuningMode = (typeof TUNING_MODES)[number];

/** One row: a base model of `tuningJobs`, and what a job of it takes. */
export interface TuningModel {
  backend: 'tuningJobs';
  /** Google's `baseModel`, as a manifest spells it in `base_model`. */
  reference: string;
  family: string;
  kind: 'gemini' | 'open';
  /** How the lines of the data set look to the service. */
  dataset: 'contents' | 'chat_messages';
  /** Other forms that the service reads. */
  alsoTakes?: readonly 'prompt_completion'[];
  methods: readonly TuningMethod[];
  /** Where a job may run; the first one is taken where nobody chose. */
  regions: readonly Location[];
  /** Where the tuned model answers: on the hosts of the `us` and `eu` multi-regions, in the job's region, or nowhere by itself. */
  serving: 'multiRegion' | 'regional' | 'none';
  /** The version of the API that takes all of its settings. */
  apiVersion: 'v1' | 'v1beta1';
  /** Parameters that have to be in the manifest. */
  required: readonly TuningParameter[];
  /** Parameters that may be in the manifest. */
  parameters: readonly TuningParameter[];
  adapterSizes: readonly AdapterSize[];
  /** How all weights or an adapter may be tuned; empty where there is nothing to choose. */
  tuningModes: readonly TuningMode[];
  limits: TuningLimits;
  /** Gemini models alone. */
  traits?: GeminiTraits;
  /** How little thinking is asked of a tuned model: Google advises against more. */
  thinking?: { thinkingLevel: 'MINIMAL' } | { thinkingBudget: number };
  tokenizer: TokenizerName;
  lifecycle: Lifecycle;
}

/** What lines of data may hold, where Gemini models differ. */
export interface GeminiTraits {
  /**
   * Where `mediaResolution` may be chosen: once for the whole file, or by each part. "Tune Gemini models by using supervised
   * fine-tuning": the same on every line; Gemini 3 allows it per part.
   */
  mediaResolution: 'file' | 'part';
  /**
   * Whether calls of functions were refused in training data. A job of a 2.5 model was, with "unsupported modality [function call]"
   * (googleapis/python-aiplatform#6127); no page says it.
   */
  functionCallsRefused: boolean;
}

/** Limits of a data set. Tokens are those of input and output of one example together. */
export interface TuningLimits {
  maxTrainBytes: number;
  maxExamples: number;
  /** With any image, document, audio or video in the file. */
  maxMultimodalExamples?: number;
  /** An example that is longer is dropped by Gemini and cut for open models. */
  maxTokensPerExample: number;
  /** A job of which more is dropped fails before its training begins. "Video tuning" has it; no page says that it is for videos alone. */
  maxDroppedShare?: number;
  /** Validation files: so many examples always, more up to `maxExamples` and up to this share of the training examples. */
  validation: {
    alwaysExamples?: number;
    maxExamples?: number;
    maxShare: number;
    shareOf: 'examples' | 'bytes';
  };
}

const SHARED = [
  'description',
  'dataset_uri',
  'evaluation_data_uri',
  'evaluation_split',
  'tuning_method',
  'epoch_count',
  'adapter_size',
  'export_last_checkpoint_only',
  'learning_rate_multiplier',
  'encryption_spec_key_name',
] as const;
const GEMINI_PARAMETERS = [
  ...SHARED,
  ...(['beta', 'pre_tuned_model', 'checkpoint_id', 'evaluate_checkpoints'] as const),
] as const;
const OPEN_PARAMETERS = [
  ...SHARED,
  'learning_rate',
  'batch_size',
  'tuning_mode',
  'custom_base_model',
  'output_directory',
] as const;
export type TuningParameter = (typeof GEMINI_PARAMETERS | typeof OPEN_PARAMETERS)[number];

const without = <Name extends string>(names: readonly Name[], ...left: Name[]): readonly Name[] =>
  names.filter((name) => !left.includes(name));

/** 1 GB, as the page has it. */
const GIGABYTE = 1_000_000_000;

/**
 * "5,000, or 30 % of the number of training examples if there are more than 1000 validation examples": up to 1,000 are always
 * taken; above that it is read as the smaller of the two.
 */
const GEMINI_LIMITS: TuningLimits = {
  maxTrainBytes: GIGABYTE,
  maxExamples: 10_000_000,
  maxMultimodalExamples: 300_000,
  maxTokensPerExample: 131_072,
  maxDroppedShare: 0.1,
  validation: { alwaysExamples: 1_000, maxExamples: 5_000, maxShare: 0.3, shareOf: 'examples' },
};

const GEMINI = {
  backend: 'tuningJobs',
  kind: 'gemini',
  tokenizer: 'gemma3',
  required: ['dataset_uri'],
  dataset: 'contents',
  apiVersion: 'v1',
  tuningModes: [],
  limits: GEMINI_LIMITS,
} as const satisfies Partial<TuningModel>;

/** Gemini 3 is tuned in two regions, answers on two multi-region hosts, and takes no key. */
const GEMINI_3 = {
  ...GEMINI,
  methods: ['supervised'],
  regions: ['us-central1', 'europe-west4'],
  serving: 'multiRegion',
  parameters: without(GEMINI_PARAMETERS, 'beta', 'encryption_spec_key_name'),
  adapterSizes: [1, 2, 4, 8, 16],
  traits: { mediaResolution: 'part', functionCallsRefused: false },
  thinking: { thinkingLevel: 'MINIMAL' },
} as const satisfies Partial<TuningModel>;

/** The page names no regions of the 2.5 family; its samples are in us-central1. */
const GEMINI_25 = {
  ...GEMINI,
  regions: [
    'us-central1',
    'europe-west4',
    'us-east4',
    'us-west1',
    'us-west4',
    'europe-west1',
    'asia-southeast1',
  ],
  serving: 'regional',
  traits: { mediaResolution: 'file', functionCallsRefused: true },
  thinking: { thinkingBudget: 0 },
} as const satisfies Partial<TuningModel>;

const FLASH_25 = {
  ...GEMINI_25,
  methods: ['supervised', 'preference'],
  parameters: GEMINI_PARAMETERS,
  adapterSizes: [1, 2, 4, 8, 16],
} as const satisfies Partial<TuningModel>;

/** `global` is recommended for open models: it runs where there is room, and is billed once. */
const OPEN_REGIONS = [
  'global',
  'us-central1',
  'europe-west4',
  'us-west1',
  'us-east5',
  'asia-southeast1',
] as const satisfies readonly Location[];

/** The pages name no number of examples; the file limit is that of Gemini until a page says otherwise. */
const OPEN_LIMITS: TuningLimits = {
  maxTrainBytes: GIGABYTE,
  maxExamples: 10_000_000,
  maxTokensPerExample: 8_192,
  validation: { maxShare: 0.25, shareOf: 'bytes' },
};

const OPEN = {
  backend: 'tuningJobs',
  kind: 'open',
  required: ['dataset_uri'],
  dataset: 'chat_messages',
  alsoTakes: ['prompt_completion'],
  methods: ['supervised'],
  regions: OPEN_REGIONS,
  serving: 'none',
  apiVersion: 'v1beta1',
  parameters: OPEN_PARAMETERS,
  // The page names no sizes, so that Google's whole list is taken.
  adapterSizes: [1, 2, 4, 8, 16, 32],
  limits: OPEN_LIMITS,
  // The page names no day.
  lifecycle: { source: 'openModelsPage' },
} as const satisfies Partial<TuningModel>;

const PEFT = { ...OPEN, tuningModes: ['TUNING_MODE_PEFT_ADAPTER'] } as const;
const FULL = { ...OPEN, tuningModes: ['TUNING_MODE_FULL'], adapterSizes: [] } as const;
const BOTH = { ...OPEN, tuningModes: ['TUNING_MODE_PEFT_ADAPTER', 'TUNING_MODE_FULL'] } as const;

const notRetiredBefore = (day: string) =>
  ({ notRetiredBefore: { day, source: 'modelVersions' }, source: 'modelVersions' }) as const;

/** The 2.5 family: a public retirement, after which projects that used it go on until the shutdown. */
const endsInSteps = (
  days: Record<'closedToNewProjects' | 'retired' | 'shutdown', string>,
  successor: string,
) =>
  ({
    closedToNewProjects: { day: days.closedToNewProjects, source: 'monthBeforeRetirement' },
    retired: { day: days.retired, source: 'modelVersions' },
    shutdown: { day: days.shutdown, source: 'retirementNotice' },
    successor,
    source: 'modelVersions',
  }) as const;

export const TUNING_MODELS = [
  {
    reference: 'gemini-3.1-flash-lite',
    family: 'gemini-flash-lite',
    ...GEMINI_3,
    lifecycle: notRetiredBefore('2027-05-07'),
  },
  {
    reference: 'gemini-3.5-flash',
    family: 'gemini-flash',
    ...GEMINI_3,
    lifecycle: notRetiredBefore('2027-05-19'),
  },
  {
    reference: 'gemini-3.5-flash-lite',
    family: 'gemini-flash-lite',
    ...GEMINI_3,
    lifecycle: notRetiredBefore('2027-07-21'),
  },
  {
    reference: 'gemini-2.5-flash',
    family: 'gemini-flash',
    ...FLASH_25,
    lifecycle: endsInSteps(
      { closedToNewProjects: '2026-09-20', retired: '2026-10-20', shutdown: '2027-03-31' },
      'gemini-3.5-flash',
    ),
  },
  {
    reference: 'gemini-2.5-flash-lite',
    family: 'gemini-flash-lite',
    ...FLASH_25,
    lifecycle: endsInSteps(
      { closedToNewProjects: '2026-09-20', retired: '2026-10-20', shutdown: '2027-01-28' },
      'gemini-3.1-flash-lite',
    ),
  },
  {
    reference: 'gemini-2.5-pro',
    family: 'gemini-pro',
    ...GEMINI_25,
    methods: ['supervised'],
    parameters: without(GEMINI_PARAMETERS, 'beta'),
    adapterSizes: [1, 2, 4, 8],
    // It cannot be asked not to think: Google Cloud, "Thinking", has 128 as its least budget.
    thinking: { thinkingBudget: 128 },
    lifecycle: endsInSteps(
      { closedToNewProjects: '2026-09-20', retired: '2026-10-20', shutdown: '2027-03-31' },
      'gemini-3.5-flash',
    ),
  },
  { reference: 'google/gemma4@gemma-4-e2b-it', family: 'gemma4', tokenizer: 'gemma4', ...PEFT },
  { reference: 'google/gemma4@gemma-4-e4b-it', family: 'gemma4', tokenizer: 'gemma4', ...PEFT },
  { reference: 'google/gemma4@gemma-4-26b-a4b-it', family: 'gemma4', tokenizer: 'gemma4', ...PEFT },
  { reference: 'google/gemma4@gemma-4-31b-it', family: 'gemma4', tokenizer: 'gemma4', ...PEFT },
  { reference: 'google/gemma3@gemma-3-1b-it', family: 'gemma3', tokenizer: 'gemma3', ...FULL },
  { reference: 'google/gemma3@gemma-3-4b-it', family: 'gemma3', tokenizer: 'gemma3', ...FULL },
  { reference: 'google/gemma3@gemma-3-12b-it', family: 'gemma3', tokenizer: 'gemma3', ...FULL },
  { reference: 'google/gemma3@gemma-3-27b-it', family: 'gemma3', tokenizer: 'gemma3', ...BOTH },
  { reference: 'google/medgemma@medgemma-1.5-4b-it', family: 'medgemma', tokenizer: 'gemma3', ...FULL },
  { reference: 'qwen/qwen3-5@qwen3.5-9b', family: 'qwen3-5', tokenizer: 'qwen3-5', ...FULL },
  { reference: 'qwen/qwen3@qwen3-4b', family: 'qwen3', tokenizer: 'qwen3', ...FULL },
  { reference: 'qwen/qwen3@qwen3-8b', family: 'qwen3', tokenizer: 'qwen3', ...FULL },
  { reference: 'qwen/qwen3@qwen3-14b', family: 'qwen3', tokenizer: 'qwen3', ...FULL },
  { reference: 'qwen/qwen3@qwen3-32b', family: 'qwen3', tokenizer: 'qwen3', ...BOTH },
  { reference: 'meta/llama3_1@llama-3.1-8b', family: 'llama3_1', tokenizer: 'llama3', ...BOTH },
  { reference: 'meta/llama3_1@llama-3.1-8b-instruct', family: 'llama3_1', tokenizer: 'llama3', ...BOTH },
  { reference: 'meta/llama3-2@llama-3.2-1b-instruct', family: 'llama3-2', tokenizer: 'llama3', ...FULL },
  { reference: 'meta/llama3-2@llama-3.2-3b-instruct', family: 'llama3-2', tokenizer: 'llama3', ...FULL },
  { reference: 'meta/llama3-3@llama-3.3-70b-instruct', family: 'llama3-3', tokenizer: 'llama3', ...BOTH },
  {
    reference: 'meta/llama4@llama-4-scout-17b-16e-instruct',
    family: 'llama4',
    tokenizer: 'llama4',
    ...PEFT,
    limits: { ...OPEN_LIMITS, maxTokensPerExample: 2_048 },
  },
] as const satisfies readonly TuningModel[];

/** Every location where some model is tuned. */
export const LOCATIONS_OF_TUNING: readonly Location[] = [
  ...new Set(TUNING_MODELS.flatMap(({ regions }): readonly Location[] => regions)),
];

/**
 * More passes than this are taken for too many, since each is paid for. No page of Google's recommends a number; the recorded
 * samples of its SDKs ask for 1 to 20. Unset, Vertex AI chose 40 for 166 examples, and the evaluation had stood still long before.
 */
export const MANY_PAID_EPOCHS = 20;

/**
 * Passes over the data where the manifest names none. Google's samples send 3; unset, Vertex AI chooses by itself, and chose 40
 * for a set of 166 examples, which cost its owner 52 dollars.
 */
export const DEFAULT_EPOCH_COUNT = 3;

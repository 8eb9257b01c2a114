/** What a data set is held against: the numbers of limits.ts, by format and role. */

import type { DataKey } from '../models/data-keys.ts';
import {
  CHAT_DATASET,
  EVALUATION_DATASET,
  RECOMMENDED_CONFIGURATIONS,
  type Task,
  TEXT_DATASET,
} from '../models/limits.ts';
import type { Model } from '../models/models.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import type { FormName } from './forms/names.ts';

/**
 * The formats of examples; embedding tuning has records and labels instead. `input_output` and `messages` are the guide's,
 * `contents` and `preference` those of Gemini, `chat_messages` and `prompt_completion` those of open models.
 */
export const EXAMPLE_FORMATS = [
  'input_output',
  'messages',
  'contents',
  'preference',
  'chat_messages',
  'prompt_completion',
] as const;
export type ExampleFormat = (typeof EXAMPLE_FORMATS)[number];
export type DatasetRole = 'training' | 'evaluation';

export interface DatasetLimits {
  minExamples: number;
  /** Infinity where the guide counts something else. */
  maxExamples: number;
  /** Where any example names a file; without it as many as others. */
  maxMultimodalExamples?: number | undefined;
  /** Of the file; without it as many as there are. */
  maxBytes?: number | undefined;
  /** The share of examples that may be over their token limit and so dropped; without it nobody counts. */
  maxDroppedShare?: number | undefined;
  /** `author` fields over all messages of all examples. */
  maxAuthors: number;
  /** Of `input_text`, or of `context` and all messages together. */
  maxInputTokens: number;
  /** Of `output_text`, or of each `content` of the assistant. */
  maxOutputTokens: number;
}

const TEXT_TOKENS = {
  maxInputTokens: TEXT_DATASET.maxInputTokens,
  maxOutputTokens: TEXT_DATASET.maxOutputTokens,
};
const CHAT_TOKENS = {
  maxInputTokens: CHAT_DATASET.maxConversationTokens,
  maxOutputTokens: CHAT_DATASET.maxAssistantTokens,
};

/** Text counts examples, chat counts `author` fields. */
const LIMITS: Record<'input_output' | 'messages', Record<DatasetRole, DatasetLimits>> = {
  input_output: {
    training: {
      minExamples: TEXT_DATASET.minExamples,
      maxExamples: TEXT_DATASET.maxExamples,
      maxAuthors: Infinity,
      ...TEXT_TOKENS,
    },
    evaluation: { ...EVALUATION_DATASET, maxAuthors: Infinity, ...TEXT_TOKENS },
  },
  messages: {
    training: {
      minExamples: CHAT_DATASET.minExamples,
      maxExamples: Infinity,
      maxAuthors: CHAT_DATASET.maxAuthorFields,
      ...CHAT_TOKENS,
    },
    evaluation: { ...EVALUATION_DATASET, maxAuthors: CHAT_DATASET.maxAuthorFields, ...CHAT_TOKENS },
  },
};

/**
 * For the -32k models. The guide prints the limits of the 8k models only: 32,768 is the context length in the model's
 * name, not a documented limit for tuning, and the output limit is left at the guide's number.
 */
export const LONG_CONTEXT_LIMITS = { maxInputTokens: 32_768 } as const;

/** Where nobody knows the model, and so how much of a file would be too much. */
export const NO_LIMITS: DatasetLimits = {
  minExamples: 0,
  maxExamples: Infinity,
  maxAuthors: Infinity,
  maxInputTokens: Infinity,
  maxOutputTokens: Infinity,
};

/** The limits of the guide's templates, by format and role. */
export function datasetLimits(format: FormName, role: DatasetRole): DatasetLimits {
  return LIMITS[format === 'messages' ? 'messages' : 'input_output'][role];
}

/**
 * The limits of a model of `tuningJobs`. Input and output are held against the limit of an example each, and where the check
 * measures them together, both at once. No hard minimum is documented.
 */
export function tuningDatasetLimits({ limits }: TuningModel, role: DatasetRole): DatasetLimits {
  const { maxExamples, maxMultimodalExamples, maxTokensPerExample, validation } = limits;
  const isTraining = role === 'training';
  return {
    minExamples: 1,
    maxExamples: isTraining ? maxExamples : (validation.maxExamples ?? Infinity),
    maxMultimodalExamples: isTraining ? maxMultimodalExamples : undefined,
    maxBytes: isTraining ? limits.maxTrainBytes : undefined,
    maxDroppedShare: isTraining ? limits.maxDroppedShare : undefined,
    maxAuthors: Infinity,
    maxInputTokens: maxTokensPerExample,
    maxOutputTokens: maxTokensPerExample,
  };
}

/** The fewest examples that the guide recommends for training. */
export function recommendedExamples(format: FormName, task?: Task): number {
  return RECOMMENDED_CONFIGURATIONS[task ?? (format === 'messages' ? 'chat' : 'classification')].minExamples;
}

/** "2 to 3 user-assistant message pairs" for each example of a conversation. */
export const RECOMMENDED_PAIRS = { min: CHAT_DATASET.minPairs, max: CHAT_DATASET.maxPairs } as const;

/**
 * Ours: a longer line is reported and skipped without being held. Above 131,072 tokens of any script, and so short that reading one
 * holds up nothing else for half a second: one takes a quarter of it, of whatever text.
 */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Ours: an example has a handful of members, a conversation of a thousand turns some thousands. */
export const MAX_MEMBERS = 50_000;

/** Ours: after so many times the examples that a model takes, the rest of a file is not read. */
export const HOPELESS_TIMES = 2;

/** Ours, of a file as it was uploaded: what nobody would train on is not even copied. */
const LARGEST_FILE_BYTES = 2 ** 30;
/** Fewer than 500,000 labels, or 250 examples of the guide: a tenth of these bytes would do. */
const LARGEST_SMALL_FILE_BYTES = 100_000_000;

/**
 * The most bytes that a file of a manifest may have, known before it is copied or read. A training file of `tuningJobs` may be
 * twice the model's limit: written in the form of the model it can be smaller, and that is what counts in the end.
 */
export function mostFileBytes(model: Model | undefined, key: DataKey): number {
  const isTuningJob = model?.backend === 'tuningJobs';
  if (isTuningJob && key === 'dataset_uri') return 2 * model.limits.maxTrainBytes;
  const isSmall = key.endsWith('_label_path') || (!isTuningJob && key === 'evaluation_data_uri');
  return isSmall ? LARGEST_SMALL_FILE_BYTES : LARGEST_FILE_BYTES;
}

/** Ours: deeper JSON is refused; readers that recurse, such as Python's, give up near 1,000 levels. */
export const MAX_DEPTH = 500;

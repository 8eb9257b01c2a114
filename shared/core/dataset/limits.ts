/** The numbers of Google's guide "Tune text models by using supervised tuning" that a data set is held against. */

export type DatasetFormat = 'input_output' | 'messages';
export type DatasetRole = 'training' | 'evaluation';
export type DatasetTask = 'classification' | 'summarization' | 'extractive_qa' | 'chat';

export interface DatasetLimits {
  minExamples: number;
  /** Infinity where the guide counts something else. */
  maxExamples: number;
  /** `author` fields over all messages of all examples. */
  maxAuthors: number;
  /** Of `input_text`, or of `context` and all messages together. */
  maxInputTokens: number;
  /** Of `output_text`, or of each `content` of the assistant. */
  maxOutputTokens: number;
}

const TOKENS = { maxInputTokens: 8192, maxOutputTokens: 1024 };

/** "Dataset format": text counts examples, chat counts `author` fields. Evaluation: 10 to 250 examples (EVAL_DATASET_URI). */
const LIMITS: Record<DatasetFormat, Record<DatasetRole, DatasetLimits>> = {
  input_output: {
    training: { minExamples: 10, maxExamples: 10_000, maxAuthors: Infinity, ...TOKENS },
    evaluation: { minExamples: 10, maxExamples: 250, maxAuthors: Infinity, ...TOKENS },
  },
  messages: {
    training: { minExamples: 10, maxExamples: Infinity, maxAuthors: 10_000, ...TOKENS },
    evaluation: { minExamples: 10, maxExamples: 250, maxAuthors: 10_000, ...TOKENS },
  },
};

/**
 * For the -32k models. The guide prints the limits of the 8k models only: 32,768 is the context length in the model's
 * name, not a documented limit for tuning, and the output limit is left at the guide's number.
 */
export const LONG_CONTEXT_LIMITS = { maxInputTokens: 32_768 } as const;

/** The limits of a format and role. */
export function datasetLimits(format: DatasetFormat, role: DatasetRole): DatasetLimits {
  return LIMITS[format][role];
}

/** "Recommended configurations": the fewest examples for good results, by task. */
const RECOMMENDED_EXAMPLES: Record<DatasetTask, number> = {
  classification: 100,
  summarization: 100,
  extractive_qa: 100,
  chat: 200,
};

/** The fewest examples that the guide recommends for training. */
export function recommendedExamples(format: DatasetFormat, task?: DatasetTask): number {
  return RECOMMENDED_EXAMPLES[task ?? (format === 'messages' ? 'chat' : 'classification')];
}

/** "2 to 3 user-assistant message pairs" for each example of a conversation. */
export const RECOMMENDED_PAIRS = { min: 2, max: 3 } as const;

/** Ours: a longer line is reported and skipped without being held; far above 8,192 tokens of any text. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** Ours: deeper JSON is refused; readers that recurse, such as Python's, give up near 1,000 levels. */
export const MAX_DEPTH = 500;

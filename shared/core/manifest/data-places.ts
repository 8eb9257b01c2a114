import type { DeploymentLimits } from './deployment-limits.ts';

/** Google's bucket of public samples: anybody may read it, nobody outside Google may write it. */
export const SAMPLE_BUCKET = 'cloud-samples-data';

/**
 * The data sets in it that Google's guides of tuning name, by object name: of the guide of text models, of code, of embeddings, and
 * of Gemini. A list and not the bucket, so that a manifest reaches what was looked at and nothing else.
 */
export const SAMPLE_DATA: readonly string[] = [
  'vertex-ai/model-evaluation/peft_train_sample.jsonl',
  'vertex-ai/model-evaluation/peft_eval_sample.jsonl',
  'vertex-ai/model-evaluation/peft_test_sample.jsonl',
  'ai-platform/generative_ai/headline_classification.jsonl',
  'ai-platform/generative_ai/sql_create_context.jsonl',
  'ai-platform/embedding/goog-10k-2024/r11/corpus.jsonl',
  'ai-platform/embedding/goog-10k-2024/r11/queries.jsonl',
  'ai-platform/embedding/goog-10k-2024/r11/train.tsv',
  'ai-platform/embedding/goog-10k-2024/r11/test.tsv',
  'ai-platform/generative_ai/gemini-2_0/text/sft_train_data.jsonl',
  'ai-platform/generative_ai/gemini-2_0/text/sft_validation_data.jsonl',
  'ai-platform/generative_ai/gemini/text/sft_train_data.jsonl',
  'ai-platform/generative_ai/gemini/text/sft_validation_data.jsonl',
  'ai-platform/generative_ai/gemini-1_5/text/sft_train_data.jsonl',
  'ai-platform/generative_ai/gemini-1_5/text/sft_validation_data.jsonl',
];

type PlaceLimits = Pick<DeploymentLimits, 'inboxBucket' | 'allowedDataBuckets'>;

/** The buckets that a deployment lets data come from. */
export function dataBuckets({ inboxBucket, allowedDataBuckets }: PlaceLimits): readonly string[] {
  return [inboxBucket, ...allowedDataBuckets];
}

/** Whether a manifest may name an object as data: it lies in the inbox or in a listed bucket, or it is one of Google's samples. */
export function isOpenToManifests(
  { bucket, name }: { bucket: string; name: string },
  limits: PlaceLimits,
): boolean {
  return dataBuckets(limits).includes(bucket) || (bucket === SAMPLE_BUCKET && SAMPLE_DATA.includes(name));
}

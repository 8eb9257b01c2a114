import { gzipSync } from 'node:zlib';
import type { ManifestIssue } from '../../../shared/core/issues/manifest.ts';
import { file, GOOD, keys, type Tried, type Upload } from './upload.ts';

const RIGHT = '{"base_model": "text-bison@002", "dataset_uri": "train.jsonl"}';
const whole = (manifest: Upload['manifest']): Upload => ({ manifest, files: { 'train.jsonl': file(GOOD) } });
const asText = (wrong: Upload['manifest']): Tried => ({ upload: whole(wrong), followed: whole(RIGHT) });
const key = (region: string) => `projects/my-project/locations/${region}/keyRings/r/cryptoKeys/k`;
const KEY = { encryption_spec_key_name: key('us-central1') };
const without = (wrong: Record<string, unknown>): Tried =>
  keys('text', wrong, Object.fromEntries(Object.keys(wrong).map((name) => [name, undefined])));
const managed = (project: string) => `projects/${project}/locations/us-central1/datasets/123`;
const EVALUATED = { evaluation_data_uri: 'eval.jsonl' };
const FROM_FILE = { dataset_name: undefined, dataset_uri: 'train.jsonl' };

/** Remedies of the manifest that a machine can follow. */
export const MANIFEST_REMEDIES: Partial<Record<ManifestIssue['code'], Tried>> = {
  manifest_not_json: asText(RIGHT.replace('}', ',}')),
  manifest_encoding: asText(Buffer.from(`\ufeff${RIGHT}`, 'utf16le')),
  manifest_content_encoding: {
    upload: { ...whole(gzipSync(RIGHT)), encodings: { 'tune.json': 'gzip' } },
    followed: whole(RIGHT),
  },
  manifest_byte_order_mark: asText(`\ufeff${RIGHT}`),
  manifest_duplicate_key: asText(RIGHT.replace('}', ', "dataset_uri": "train.jsonl"}')),
  unknown_key: keys('text', { trainSteps: 100 }, { trainSteps: undefined, train_steps: 100 }),
  missing_key: keys('text', { dataset_uri: undefined }, { dataset_uri: 'train.jsonl' }),
  invalid_value: keys('text', { train_steps: '40' }, { train_steps: 40 }),
  model_unknown: keys('text', { base_model: 'text-bisonn@002' }, { base_model: 'text-bison@002' }),
  model_not_tunable: keys(
    'gemini',
    { base_model: 'gemini-1.5-pro-002' },
    { base_model: 'gemini-3.1-flash-lite' },
  ),
  model_without_version: keys('text', { base_model: 'text-bison' }, { base_model: 'text-bison@002' }),
  model_retired: keys('text', {}, { base_model: 'gemini-3.1-flash-lite' }),
  judge_is_base: keys(
    'gemini',
    { judge: 'gemini-3.1-flash-lite', evaluation_split: 0.1 },
    { judge: 'gemini-3.5-flash' },
  ),
  judge_without_work: without({ judge: 'gemini-3.1-flash-lite' }),
  uri_invalid: keys('text', { dataset_uri: 's3://data/train.jsonl' }, { dataset_uri: 'train.jsonl' }),
  uri_outside_inbox: keys('text', { dataset_uri: '../../../train.jsonl' }, { dataset_uri: 'train.jsonl' }),
  dataset_not_checked: keys(
    'text',
    { dataset_uri: undefined, dataset_name: managed('my-project') },
    FROM_FILE,
    { limits: { allowedDatasets: [managed('my-project')] } },
  ),
  dataset_named_twice: keys('text', { dataset_name: managed('my-project') }, { dataset_name: undefined }),
  dataset_not_found: keys('text', { dataset_uri: 'Train.jsonl' }, { dataset_uri: 'train.jsonl' }),
  label_reserved: keys('text', { labels: { 'managed-by': 'me' } }, { labels: { owner: 'me' } }),
  key_not_for_model: without({ default_context: 'Be short.' }),
  key_named_twice: keys('gemini', { trainingDatasetUri: 'train.jsonl' }, { trainingDatasetUri: undefined }),
  keys_without_counterpart: keys('gemini', { accelerator_type: 'GPU' }, { accelerator_type: undefined }),
  train_steps_not_used: keys('gemini', { train_steps: 100, epoch_count: 3 }, { train_steps: undefined }),
  encryption_key_region: keys(
    'gemini',
    { base_model: 'gemini-2.5-flash-lite', encryption_spec_key_name: key('europe-west4') },
    { pipeline_job_region: 'europe-west4' },
  ),
  encryption_key_global: keys(
    'gemini',
    { ...KEY, base_model: 'qwen/qwen3@qwen3-4b', pipeline_job_region: 'global' },
    { pipeline_job_region: 'us-central1' },
  ),
  evaluation_data_missing: without({ evaluation_interval: 20 }),
  context_length_mismatch: without({ max_context_length: '32k' }),
  cmek_region: keys(
    'text',
    { ...KEY, pipeline_job_region: 'europe-west4' },
    { encryption_spec_key_name: undefined },
  ),
  cmek_accelerator: keys('text', { ...KEY, accelerator_type: 'TPU' }, { accelerator_type: 'GPU' }),
  tensorboard_region: keys(
    'text',
    {
      pipeline_job_region: 'europe-west4',
      tensorboard_resource_id: 'projects/my-project/locations/us-central1/tensorboards/1',
    },
    { pipeline_job_region: 'us-central1' },
  ),
  bucket_not_allowed: keys(
    'text',
    { dataset_uri: 'gs://payroll/train.jsonl' },
    { dataset_uri: 'train.jsonl' },
  ),
  outside_team_folder: keys(
    'text',
    { dataset_uri: '../payroll/train.jsonl' },
    { dataset_uri: 'train.jsonl' },
    { limits: { areTeamsSeparated: true } },
  ),
  dataset_not_allowed: keys('text', { dataset_uri: undefined, dataset_name: managed('other') }, FROM_FILE),
  service_account_not_allowed: without({ service_account: 'owner@my-project.iam.gserviceaccount.com' }),
  kms_key_not_allowed: without(KEY),
  tensorboard_not_allowed: without({ tensorboard_resource_id: '123' }),
  output_not_allowed: without({ output_directory: 'gs://elsewhere/output' }),
  output_in_inbox: without({ output_directory: 'gs://inbox/output' }),
  cost_over_limit: keys('gemini', { max_cost_usd: 0.000001 }, { max_cost_usd: 1000 }),
  cost_unknown: without({ max_cost_usd: 10 }),
  sweep_value_repeated: keys('gemini', { epoch_count: [1, 2, 2] }, { epoch_count: [1, 2] }),
  sweep_too_large: keys(
    'gemini',
    { epoch_count: [1, 2, 3, 4, 5], adapter_size: [1, 4] },
    { adapter_size: undefined },
  ),
  sweep_same_job: keys('gemini', { train_steps: [1, 2] }, { train_steps: [1] }),
  sweep_cost_over_limit: keys('gemini', { epoch_count: [1, 200], max_cost_usd: 0.5 }, { epoch_count: [1] }),
  sweep_tokens_over_limit: keys(
    'gemini',
    { epoch_count: [1, 200] },
    { epoch_count: [1] },
    { limits: { maxTrainingTokens: 10_000 } },
  ),
  train_steps_over_limit: keys(
    'text',
    { train_steps: 100 },
    { train_steps: 50 },
    { limits: { maxTrainSteps: 50 } },
  ),
  training_tokens_over_limit: keys(
    'gemini',
    { epoch_count: 200 },
    { epoch_count: 1 },
    { limits: { maxTrainingTokens: 10_000 } },
  ),
  no_evaluation: keys(
    'text',
    { ...EVALUATED, train_steps: 50, evaluation_interval: 100 },
    { evaluation_interval: 10 },
  ),
  few_evaluations: keys(
    'text',
    { ...EVALUATED, train_steps: 200, evaluation_interval: 100 },
    { evaluation_interval: 20 },
  ),
  less_than_one_epoch: keys('text', { train_steps: 5 }, { train_steps: 15 }),
  many_epochs: keys('text', { train_steps: 9000 }, { train_steps: 100 }),
  learning_rate_unusual: keys('text', { learning_rate_multiplier: 1000 }, { learning_rate_multiplier: 1 }),
  task_steps: keys('text', { task: 'classification', train_steps: 2000 }, { train_steps: 300 }),
  task_model: without({ task: 'chat' }),
};

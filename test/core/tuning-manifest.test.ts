import { describe, expect, it, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { parse } from '../support/manifests.ts';

const TUNED = 'projects/my-project/locations/us-central1/models/123';
const gemini = (over: object = {}) => ({
  base_model: 'gemini-3.1-flash-lite',
  dataset_uri: 'train.jsonl',
  ...over,
});
const gemma = (over: object = {}) => gemini({ base_model: 'google/gemma4@gemma-4-e4b-it', ...over });

describe('a manifest of a Gemini model', () => {
  it('needs a model and data, and nothing else', () => {
    const { issues, manifest } = parse(gemini());
    expect(issues).toEqual([]);
    expect(manifest).toEqual({
      base_model: 'gemini-3.1-flash-lite',
      dataset_uri: 'gs://inbox/team/reviews/train.jsonl',
    });
  });

  it('with the settings of the guide works, and one notice names what has no counterpart', () => {
    const { issues, manifest } = parse(
      gemini({
        train_steps: 300,
        evaluation_data_uri: 'eval.jsonl',
        evaluation_interval: 50,
        enable_early_stopping: true,
        accelerator_type: 'GPU',
        default_context: 'Be brief.',
        task: 'classification',
      }),
    );
    expect(issues).toMatchObject([
      {
        code: 'keys_without_counterpart',
        severity: 'advice',
        fields: { keys: 'evaluation_interval, enable_early_stopping, accelerator_type' },
      },
    ]);
    expect(manifest).toBeDefined();
  });

  it('says that train_steps is not used beside epoch_count', () => {
    expect(parse(gemini({ train_steps: 300, epochCount: 2 })).issues).toMatchObject([
      { code: 'train_steps_not_used', severity: 'advice', fields: { epochs: 'epochCount' } },
    ]);
  });

  test.each([
    ['accelerator_type', 'H100'],
    ['evaluation_interval', '20'],
    ['model_upload_region', 'mars'],
  ])('does not judge the value of %s, which is left out', (key, value) => {
    const { issues, manifest } = parse(gemini({ [key]: value }));
    expect(issues).toMatchObject([{ code: 'keys_without_counterpart', fields: { keys: key } }]);
    expect(manifest).not.toHaveProperty(key);
  });

  test.each([
    ['a method and its beta', { tuning_method: 'preference', beta: 0.1 }, 'tuning_method'],
    ['a mode, whatever it is', { tuning_mode: 'FULL' }, 'tuning_mode'],
    ['a batch size, whatever it is', { batch_size: 'many' }, 'batch_size'],
    ['a managed data set in place of a file', { dataset_uri: undefined, dataset_name: 'x' }, 'dataset_name'],
  ])('tells one fault once: %s', (_name, keys, path) => {
    expect(parse(gemini(keys)).issues).toMatchObject([{ severity: 'error', at: { path } }]);
  });

  it('says which models have preferences', () => {
    const [issue] = parse(gemini({ tuning_method: 'preference' })).issues.map(reportIssue);
    expect(issue?.expected).toBe('supervised, the only one of gemini-3.1-flash-lite');
    expect(issue?.remedy).toContain('gemini-2.5-flash, gemini-2.5-flash-lite');
  });

  it('keeps a method that the model does not have, so that data which was made for it is not judged by another form', () => {
    expect(parse(gemini({ tuning_method: 'preference' })).draft.tuning_method).toBe('preference');
  });

  test.each([
    ['pipeline_job_region', 'us-east1', 'us-central1, europe-west4'],
    ['adapter_size', 'FOURTEEN', '1, 2, 4, 8, 16'],
  ])('offers of %s what the model has, and nothing that the next check would refuse', (key, value, list) => {
    const [issue] = parse(gemini({ [key]: value })).issues;
    expect(issue).toMatchObject({ code: 'invalid_value', fields: { meant: undefined } });
    expect(issue && reportIssue(issue).expected).toContain(`one of ${list} for gemini-3.1-flash-lite`);
  });

  test.each([
    ['adapter_size', 'FOUR', 'ADAPTER_SIZE_FOUR'],
    ['adapter_size', 'adapter_size_four', 'ADAPTER_SIZE_FOUR'],
    ['tuning_method', 'Supervised', 'supervised'],
  ])('knows what %s %j was meant to be', (key, value, meant) => {
    expect(parse(gemini({ [key]: value })).issues).toMatchObject([{ fields: { key, meant } }]);
  });

  it('names the key that was written in what is to be done', () => {
    const [issue] = parse(gemini({ outputUri: 'gs://inbox/out' })).issues.map(reportIssue);
    expect(issue).toMatchObject({ path: 'outputUri', remedy: 'Remove outputUri.' });
  });

  test.each([
    ['an output directory', { output_directory: 'gs://results/output/x' }, 'output_directory'],
    [
      'a key, of the third generation',
      { encryption_spec_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
      'encryption_spec_key_name',
    ],
    ['a tuning mode', { tuning_mode: 'TUNING_MODE_FULL' }, 'tuning_mode'],
    ['queries', { queries_path: 'queries.jsonl' }, 'queries_path'],
  ])('with %s is refused in one issue', (_name, keys, key) => {
    expect(parse(gemini(keys)).issues).toMatchObject([{ code: 'key_not_for_model', fields: { key } }]);
  });

  test.each([
    [{ tuning_method: 'preference' }, 'tuning_method'],
    [{ adapter_size: 32 }, 'adapter_size'],
    [{ adapter_size: 3 }, 'adapter_size'],
    [{ pipeline_job_region: 'asia-northeast1' }, 'pipeline_job_region'],
    [{ pipeline_job_region: 'global' }, 'pipeline_job_region'],
    [{ checkpoint_id: '2' }, 'checkpoint_id'],
    [{ epoch_count: 0 }, 'epoch_count'],
    [{ pre_tuned_model: 'models/123' }, 'pre_tuned_model'],
  ])('with %j is refused by the value', (keys, key) => {
    expect(parse(gemini(keys)).issues).toMatchObject([{ code: 'invalid_value', fields: { key } }]);
  });

  test.each([[4], ['ADAPTER_SIZE_FOUR']])('takes the adapter size %j', (adapter_size) => {
    expect(parse(gemini({ adapter_size })).issues).toEqual([]);
  });

  it('takes beta for preference tuning alone', () => {
    const model = { base_model: 'gemini-2.5-flash', beta: 0.1 };
    expect(parse(gemini({ ...model, tuning_method: 'preference' })).issues).toEqual([]);
    expect(parse(gemini(model)).issues).toMatchObject([{ code: 'invalid_value', fields: { key: 'beta' } }]);
  });
});

describe('names of tuningJobs', () => {
  it('are understood beside a model of tuningJobs, in snake_case and in camelCase', () => {
    const { issues, manifest } = parse({
      baseModel: 'gemini-3.5-flash',
      training_dataset_uri: 'train.jsonl',
      validationDatasetUri: 'eval.jsonl',
      tuned_model_display_name: 'reviews',
      region: 'europe-west4',
      epochCount: 2,
    });
    expect(issues).toEqual([]);
    expect(manifest).toEqual({
      base_model: 'gemini-3.5-flash',
      dataset_uri: 'gs://inbox/team/reviews/train.jsonl',
      evaluation_data_uri: 'gs://inbox/team/reviews/eval.jsonl',
      model_display_name: 'reviews',
      pipeline_job_region: 'europe-west4',
      epoch_count: 2,
    });
  });

  it('are refused once where the same setting stands under two names', () => {
    expect(parse(gemini({ training_dataset_uri: 'other.jsonl' })).issues).toMatchObject([
      { code: 'key_named_twice', at: { line: 4 }, fields: { other: 'dataset_uri' } },
    ]);
  });

  it('are found where they were written', () => {
    const { issues } = parse({
      base_model: 'gemini-3.5-flash',
      region: 'mars',
      training_dataset_uri: 't.jsonl',
    });
    expect(issues).toMatchObject([{ code: 'invalid_value', at: { line: 3, path: 'region' } }]);
  });
});

describe('a manifest that goes on from a tuned model', () => {
  it('may leave the base model out where it is known', () => {
    const content = { pre_tuned_model: TUNED, dataset_uri: 'more.jsonl' };
    expect(parse(content, { baseModel: 'gemini-3.1-flash-lite' }).manifest).toMatchObject({
      base_model: 'gemini-3.1-flash-lite',
      pre_tuned_model: TUNED,
    });
    expect(parse(content).manifest).toBeUndefined();
  });

  it('runs where the model lies', () => {
    const content = gemini({ pre_tuned_model: TUNED, region: 'europe-west4' });
    const [issue, ...others] = parse(content).issues.map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ path: 'region', remedy: expect.stringMatching(/^Remove it/) });
    expect(parse({ ...content, region: 'us-central1' }).issues).toEqual([]);
  });

  it('of a pipeline is said to be impossible, once', () => {
    const content = { base_model: 'text-bison@002', dataset_uri: 'a.jsonl', pre_tuned_model: TUNED };
    expect(parse(content).issues).toMatchObject([
      { code: 'key_not_for_model', fields: { reason: expect.stringContaining('gemini-3.1-flash-lite') } },
    ]);
  });
});

describe('a manifest of an open model', () => {
  it('takes an output directory, a learning rate and a batch size', () => {
    const keys = { learning_rate: 0.0002, batch_size: 8, adapter_size: 16, output_directory: 'gs://out/dir' };
    expect(parse(gemma(keys)).issues).toEqual([]);
  });

  test.each([
    [
      'both rates',
      gemma({ learning_rate: 1, learning_rate_multiplier: 1 }),
      'invalid_value',
      'learning_rate',
    ],
    ['a tuned model', gemma({ pre_tuned_model: TUNED }), 'key_not_for_model', 'pre_tuned_model'],
    [
      'an adapter where all weights are tuned',
      gemma({ base_model: 'qwen/qwen3@qwen3-4b', adapter_size: 4 }),
      'invalid_value',
      'adapter_size',
    ],
    [
      'an adapter beside TUNING_MODE_FULL',
      gemma({ base_model: 'qwen/qwen3@qwen3-32b', adapter_size: 4, tuning_mode: 'TUNING_MODE_FULL' }),
      'invalid_value',
      'adapter_size',
    ],
    [
      'a mode that the model does not have',
      gemma({ tuning_mode: 'TUNING_MODE_FULL' }),
      'invalid_value',
      'tuning_mode',
    ],
  ])('with %s is refused', (_name, content, code, key) => {
    expect(parse(content).issues).toMatchObject([{ code, fields: { key } }]);
  });
});

test('a pipeline runs in the regions of the guide alone', () => {
  const content = { base_model: 'text-bison@002', dataset_uri: 't.jsonl', pipeline_job_region: 'global' };
  expect(parse(content).issues).toMatchObject([
    { code: 'invalid_value', fields: { key: 'pipeline_job_region' } },
  ]);
});

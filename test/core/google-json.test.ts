import { describe, expect, it, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { parse } from '../support/manifests.ts';

const TRAIN = 'gs://inbox/team/reviews/train.jsonl';
const KEY = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
const TUNED = 'projects/p/locations/us-central1/models/123';

describe('the JSON of tuningJobs, as Google’s pages have it', () => {
  test.each([
    [
      'a supervised job',
      {
        baseModel: 'gemini-3.5-flash',
        supervisedTuningSpec: {
          trainingDatasetUri: 'train.jsonl',
          validationDatasetUri: 'eval.jsonl',
          hyperParameters: {
            epochCount: '3',
            adapterSize: 'ADAPTER_SIZE_FOUR',
            learningRateMultiplier: '1.0',
          },
          exportLastCheckpointOnly: true,
        },
        tunedModelDisplayName: 'N',
        description: 'D',
      },
      {
        base_model: 'gemini-3.5-flash',
        tuning_method: 'supervised',
        dataset_uri: TRAIN,
        evaluation_data_uri: 'gs://inbox/team/reviews/eval.jsonl',
        epoch_count: 3,
        adapter_size: 'ADAPTER_SIZE_FOUR',
        learning_rate_multiplier: 1,
        export_last_checkpoint_only: true,
        model_display_name: 'N',
        description: 'D',
      },
    ],
    [
      'one in snake_case, with what is not given',
      {
        base_model: 'gemini-3.5-flash',
        supervised_tuning_spec: {
          training_dataset_uri: 'train.jsonl',
          validation_dataset_uri: '',
          hyper_parameters: { epoch_count: null, adapter_size: 'ADAPTER_SIZE_UNSPECIFIED', beta: null },
        },
        preference_optimization_spec: null,
        tuned_model_display_name: '',
        labels: null,
      },
      { base_model: 'gemini-3.5-flash', tuning_method: 'supervised', dataset_uri: TRAIN },
    ],
    [
      'preferences with a key',
      {
        baseModel: 'gemini-2.5-flash',
        preferenceOptimizationSpec: { trainingDatasetUri: 'train.jsonl', hyperParameters: { beta: 0.1 } },
        encryptionSpec: { kmsKeyName: KEY },
      },
      {
        base_model: 'gemini-2.5-flash',
        tuning_method: 'preference',
        dataset_uri: TRAIN,
        beta: 0.1,
        encryption_spec_key_name: KEY,
      },
    ],
    [
      'a job that goes on',
      {
        preTunedModel: { tunedModelName: TUNED, checkpointId: 2, baseModel: 'gemini-2.5-flash' },
        supervisedTuningSpec: { trainingDatasetUri: 'train.jsonl' },
      },
      {
        base_model: 'gemini-2.5-flash',
        pre_tuned_model: TUNED,
        checkpoint_id: '2',
        tuning_method: 'supervised',
        dataset_uri: TRAIN,
      },
    ],
    [
      'an open model',
      {
        baseModel: 'google/gemma4@gemma-4-e4b-it',
        supervisedTuningSpec: {
          trainingDatasetUri: 'train.jsonl',
          hyperParameters: { batchSize: '8', learningRate: 0.0002 },
          tuningMode: 'TUNING_MODE_PEFT_ADAPTER',
        },
        outputUri: 'gs://out/dir',
      },
      {
        base_model: 'google/gemma4@gemma-4-e4b-it',
        tuning_method: 'supervised',
        dataset_uri: TRAIN,
        batch_size: 8,
        learning_rate: 0.0002,
        tuning_mode: 'TUNING_MODE_PEFT_ADAPTER',
        output_directory: 'gs://out/dir',
      },
    ],
    [
      'names of the SDKs at the top',
      {
        base_model: 'gemini-2.5-flash',
        method: 'PREFERENCE_TUNING',
        dataset_uri: 'train.jsonl',
        hyperParameters: { epochCount: '2' },
        location: 'europe-west4',
        adapter_size: '4',
      },
      {
        base_model: 'gemini-2.5-flash',
        tuning_method: 'preference',
        dataset_uri: TRAIN,
        epoch_count: 2,
        pipeline_job_region: 'europe-west4',
        adapter_size: 4,
      },
    ],
  ])('is understood: %s', (_name, content, manifest) => {
    expect(parse(content)).toMatchObject({ issues: [], manifest });
    expect(parse(content).manifest).toEqual(manifest);
  });

  const spec = (over: object) => ({
    baseModel: 'gemini-3.1-flash-lite',
    supervisedTuningSpec: { trainingDatasetUri: 'train.jsonl', ...over },
  });

  it('is refused where it stands, under the name that was written', () => {
    const [issue, ...others] = parse(spec({ hyperParameters: { epochCount: '0' } })).issues.map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      line: 6,
      path: 'supervisedTuningSpec.hyperParameters.epochCount',
      found: 'supervisedTuningSpec.hyperParameters.epochCount: 0',
      remedy: 'Write a whole number from 1 to 240.',
    });
  });

  test.each([
    ['a setting under two names', { ...spec({}), dataset_uri: 'other.jsonl' }, 'dataset_uri'],
    [
      'two specs',
      {
        ...spec({}),
        preferenceOptimizationSpec: { trainingDatasetUri: 'x.jsonl', hyperParameters: { beta: 1 } },
      },
      'preferenceOptimizationSpec',
    ],
    ['a spec beside another method', { ...spec({}), tuning_method: 'preference' }, 'tuning_method'],
  ])('is told once of %s', (_name, content, path) => {
    expect(parse(content).issues).toMatchObject([{ code: 'key_named_twice', at: { path } }]);
  });

  it('takes a method that says what its spec says', () => {
    expect(parse({ ...spec({}), tuning_method: 'supervised' }).issues).toEqual([]);
  });

  test.each([
    ['evaluationConfig', spec({ evaluationConfig: {} }), /evaluation_data_uri/],
    ['distillationSpec', { ...spec({}), distillationSpec: {} }, /dataset_uri/],
    ['reinforcement_tuning_spec', { ...spec({}), reinforcement_tuning_spec: {} }, /preference/],
  ])('says what there is instead of %s', (name, content, instead) => {
    const [issue, ...others] = parse(content).issues.map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      code: 'unknown_key',
      found: `"${name}"`,
      remedy: expect.stringMatching(instead),
    });
    expect(issue?.remedy).toContain('is not offered');
  });

  it('names a file: what Vertex AI keeps as a data set cannot be checked', () => {
    const resource = 'projects/1/locations/us-central1/datasets/2';
    expect(parse(spec({ trainingDatasetUri: resource })).issues).toMatchObject([
      { code: 'uri_invalid', fields: { problem: expect.stringContaining('export it') } },
    ]);
  });

  it('is not understood beside a model of the guide', () => {
    const content = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl', supervisedTuningSpec: {} };
    expect(parse(content).issues).toMatchObject([{ code: 'unknown_key' }]);
    expect(parse({ base_model: 'text-bison@002', dataset_uri: 'a', train_steps: null }).issues).toMatchObject(
      [{ code: 'invalid_value' }],
    );
  });
});

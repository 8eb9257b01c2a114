import { describe, expect, it, test } from 'vitest';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { parse, someLimits } from '../support/manifests.ts';
import { tuningPlan } from '../support/plans.ts';

const RUN_ID = `r${'a'.repeat(40)}`;

function planOf(
  keys: object,
  { limits = {}, trainExamples }: { limits?: Partial<DeploymentLimits>; trainExamples?: number } = {},
) {
  const { manifest, locate } = parse({
    base_model: 'gemini-3.1-flash-lite',
    dataset_uri: 'train.jsonl',
    ...keys,
  });
  if (!manifest) throw new Error('the manifest of the test is right');
  const planned = planRun({
    ...{ manifest, locate, trainExamples },
    folderName: 'reviews',
    runId: RUN_ID,
    limits: someLimits(limits),
  });
  return { ...planned, plan: tuningPlan(planned.plan) };
}

describe('the plan of a tuning job', () => {
  it('makes everything explicit that the smallest manifest leaves open', () => {
    const { plan, issues } = planOf({}, { trainExamples: 240 });
    expect(issues).toEqual([]);
    expect(plan).toEqual({
      backend: 'tuningJobs',
      runId: RUN_ID,
      project: 'my-project',
      baseModel: 'gemini-3.1-flash-lite',
      modelDisplayName: 'reviews',
      apiVersion: 'v1',
      region: 'us-central1',
      method: 'supervised',
      training: { epochs: 3, examples: 240 },
      trainingDatasetUri: 'gs://inbox/team/reviews/train.jsonl',
      hyperParameters: { epochCount: 3 },
      labels: {},
      deployment: 'results',
      isDryRun: false,
      notes: [
        expect.stringMatching(/passed over 3 times.*epoch_count/),
        'The job runs in the region that this deployment has set for its kind of model.',
        'The model has the name of the manifest’s folder.',
        'adapter_size is not sent; Vertex AI chooses it.',
        'No service account is sent; Vertex AI then takes its own service agent for tuning.',
      ],
    });
  });

  test.each([
    ['300 steps of 8 over 240 examples', { train_steps: 300 }, 240, 10],
    ['300 steps of 24 on TPU', { train_steps: 300, accelerator_type: 'TPU' }, 240, 30],
    [
      '300 steps of 8 on TPU with a long context',
      { train_steps: 300, accelerator_type: 'TPU', max_context_length: '32k' },
      240,
      10,
    ],
    ['fewer steps than one pass', { train_steps: 10 }, 500, 1],
    ['half a pass more', { train_steps: 45 }, 240, 2],
  ])('makes epochs of %s', (_name, keys, trainExamples, epochs) => {
    const { plan } = planOf(keys, { trainExamples });
    expect(plan.training).toMatchObject({ epochs, fromTrainSteps: keys.train_steps });
    expect(plan.hyperParameters.epochCount).toBe(epochs);
    expect(plan.notes.join(' ')).toContain('train_steps was made into passes');
  });

  it('takes epoch_count before train_steps', () => {
    const { plan } = planOf({ train_steps: 300, epoch_count: 2 }, { trainExamples: 240 });
    expect(plan.training).toEqual({ epochs: 2, examples: 240 });
  });

  test.each([
    ['as many as Google’s samples ask for at most', { epoch_count: 20 }, 240, []],
    ['more than that', { epochCount: 21 }, 240, ['many_epochs: epochCount']],
    ['steps of the guide over few examples', { train_steps: 1000 }, 243, ['many_epochs: train_steps']],
    ['the most passes that there are', { train_steps: 300 }, 10, ['many_epochs: train_steps']],
    ['steps that are more passes than that', { train_steps: 301 }, 10, ['invalid_value: train_steps']],
    ['steps of the guide over many examples', { train_steps: 300 }, 240, []],
  ])('warns of passes that are paid for in vain: %s', (_name, keys, trainExamples, expected) => {
    const { issues } = planOf(keys, { trainExamples });
    expect(issues.map(({ code, fields }) => `${code}: ${'key' in fields ? fields.key : ''}`)).toEqual(
      expected,
    );
  });

  it('says that steps wait for the examples to be counted', () => {
    const { plan } = planOf({ train_steps: 300 });
    expect(plan.training).toEqual({ epochs: 3 });
    expect(plan.notes[0]).toMatch(/^train_steps becomes passes over the data once the examples are counted/);
  });

  it('keeps the name of the model that it goes on from, which gets a version, unless the manifest names a new one', () => {
    const keys = { pre_tuned_model: 'projects/my-project/locations/us-central1/models/1' };
    const { plan } = planOf(keys);
    expect(plan.modelDisplayName).toBeUndefined();
    expect(plan.notes.join(' ')).toContain('keeps its name and gets a new version');
    expect(plan.notes.join(' ')).toContain('where the model lies');
    expect(planOf({ ...keys, model_display_name: 'second' }).plan.modelDisplayName).toBe('second');
  });

  test.each([
    ['one way', 'qwen/qwen3@qwen3-4b', {}, undefined],
    ['two', 'qwen/qwen3@qwen3-32b', {}, 'TUNING_MODE_PEFT_ADAPTER'],
    ['two, and a word', 'qwen/qwen3@qwen3-32b', { tuning_mode: 'TUNING_MODE_FULL' }, 'TUNING_MODE_FULL'],
    ['one, and a word', 'qwen/qwen3@qwen3-4b', { tuning_mode: 'TUNING_MODE_FULL' }, 'TUNING_MODE_FULL'],
  ])('sends the mode where there is a choice or a word: %s', (_name, base_model, keys, expected) => {
    const { plan } = planOf({ base_model, ...keys });
    expect(plan.tuningMode).toBe(expected);
    const saysAdapter = plan.notes.some((note) => note.startsWith('adapter_size is not sent'));
    expect(saysAdapter).toBe(expected === 'TUNING_MODE_PEFT_ADAPTER');
  });

  test.each([
    ['the manifest says', { pipeline_job_region: 'europe-west4' }, {}, 'europe-west4'],
    ['the deployment says', {}, { tuningRegions: { gemini: 'europe-west4' } }, 'europe-west4'],
    ['the deployment is', {}, { defaultRegion: 'europe-west4' }, 'europe-west4'],
    [
      'the model is tuned at all, where the deployment is elsewhere',
      {},
      { defaultRegion: 'asia-northeast3' },
      'us-central1',
    ],
    [
      'the model lies that it goes on from',
      { pre_tuned_model: 'projects/my-project/locations/europe-west4/models/1' },
      {},
      'europe-west4',
    ],
  ] as const)('runs where %s', (_name, keys, limits, region) => {
    expect(planOf(keys, { limits }).plan.region).toBe(region);
  });

  it('of an open model says where its weights go and how it is tuned', () => {
    const { plan } = planOf({ base_model: 'qwen/qwen3@qwen3-4b' });
    expect(plan).toMatchObject({
      apiVersion: 'v1beta1',
      outputDirectory: `gs://results/output/${RUN_ID}`,
    });
  });
});

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

  it('warns of passes that are surely a slip', () => {
    expect(planOf({ epoch_count: 300 }).issues).toMatchObject([{ code: 'many_epochs' }]);
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
      tuningMode: 'TUNING_MODE_FULL',
      outputDirectory: `gs://results/output/${RUN_ID}`,
    });
  });
});

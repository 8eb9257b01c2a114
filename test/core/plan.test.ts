import { describe, expect, it } from 'vitest';
import { locateIn, type Manifest } from '../../shared/core/manifest/manifest.ts';
import type { PlanInput } from '../../shared/core/tuning/plan-input.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { someLimits } from '../support/manifests.ts';
import { pipelinePlan } from '../support/plans.ts';

const locate = locateIn('gs://inbox/reviews/tune.json');
const RUN_ID = `r${'a'.repeat(40)}`;

const aManifest = (keys: Partial<Manifest> = {}): Manifest => ({
  base_model: 'text-bison@002',
  dataset_uri: 'gs://inbox/reviews/train.jsonl',
  ...keys,
});

const EMBEDDING: Manifest = {
  base_model: 'text-embedding-005',
  queries_path: 'gs://inbox/e/q.jsonl',
  corpus_path: 'gs://inbox/e/c.jsonl',
  train_label_path: 'gs://inbox/e/l.tsv',
};

const plan = (keys: Partial<Manifest> = {}, input: Partial<PlanInput> = {}) => {
  const made = planRun({
    manifest: aManifest(keys),
    folderName: 'reviews',
    runId: RUN_ID,
    limits: someLimits(),
    locate,
    ...input,
  });
  return { ...made, plan: pipelinePlan(made.plan) };
};

describe('planRun', () => {
  it('makes everything explicit that the smallest manifest leaves open', () => {
    const { plan: made, issues } = plan({}, { trainExamples: 240 });
    expect(issues).toEqual([]);
    expect(made).toEqual({
      backend: 'pipelineJobs',
      runId: RUN_ID,
      project: 'my-project',
      baseModel: 'text-bison@002',
      modelDisplayName: 'reviews',
      templateUri:
        'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v2.0.0',
      pipelineName: 'tune-large-model',
      regions: { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'us-central1' },
      accelerator: '8 NVIDIA A100 80 GB GPUs in us-central1',
      training: { steps: 300, batchSize: 8, examples: 240, epochs: 10 },
      parameters: {
        project: 'my-project',
        location: 'us-central1',
        model_display_name: 'reviews',
        large_model_reference: 'text-bison@002',
        dataset_uri: 'gs://inbox/reviews/train.jsonl',
      },
      templateDefaults: { train_steps: 300, learning_rate_multiplier: 1, accelerator_type: 'GPU' },
      outputDirectory: `gs://results/output/${RUN_ID}`,
      labels: {},
      deployment: 'results',
      isDryRun: false,
      notes: [
        'The pipeline job runs in the region that this deployment has set.',
        'The model is uploaded to the region where the pipeline job runs.',
        'The model has the name of the manifest’s folder.',
        'accelerator_type is not sent; the guide says that Vertex AI then takes GPU.',
        'No service account is sent; the guide says that Vertex AI then takes the Compute Engine default service account.',
      ],
    });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  it.each([
    ['the guide’s example on TPU', { accelerator_type: 'TPU', train_steps: 20 }, 240, 24, 2],
    ['the guide’s example on GPU', { accelerator_type: 'GPU', train_steps: 15 }, 240, 8, 0.5],
    [
      'a 32k model on TPU',
      { base_model: 'text-bison-32k@002', accelerator_type: 'TPU', train_steps: 30 },
      240,
      8,
      1,
    ],
    ['an uneven number', { train_steps: 100 }, 300, 8, 2.67],
  ] as const)('counts the epochs of %s', (_name, keys, trainExamples, batchSize, epochs) => {
    expect(plan(keys, { trainExamples }).plan.training).toMatchObject({ batchSize, epochs });
  });

  it.each([
    ['nothing', {}, { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'us-central1' }],
    [
      'TPU',
      { accelerator_type: 'TPU' },
      { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'europe-west4' },
    ],
    [
      'a job region',
      { pipeline_job_region: 'asia-northeast1' },
      { pipelineJob: 'asia-northeast1', modelUpload: 'asia-northeast1', training: 'us-central1' },
    ],
    [
      'both',
      { pipeline_job_region: 'europe-west4', model_upload_region: 'us-west1' },
      { pipelineJob: 'europe-west4', modelUpload: 'us-west1', training: 'us-central1' },
    ],
  ] as const)('derives three regions from %s', (_name, keys, regions) => {
    const { plan: made } = plan(keys);
    expect(made.regions).toEqual(regions);
    expect(made.parameters.location).toBe(regions.modelUpload);
  });

  it('trains on the staged copies and counts evaluations', () => {
    const { plan: made } = plan(
      { evaluation_data_uri: 'gs://inbox/reviews/eval.jsonl', evaluation_interval: 50 },
      {
        stagedUris: { dataset_uri: 'gs://results/s/t.jsonl', evaluation_data_uri: 'gs://results/s/e.jsonl' },
      },
    );
    expect(made.parameters).toMatchObject({
      dataset_uri: 'gs://results/s/t.jsonl',
      evaluation_data_uri: 'gs://results/s/e.jsonl',
    });
    expect(made.training.evaluations).toBe(6);
    expect(made.templateDefaults).toMatchObject({ enable_early_stopping: true });
    expect(made.templateDefaults).not.toHaveProperty('evaluation_interval');
  });

  it('sends the full name of a TensorBoard that is named by its number', () => {
    const { plan: made } = plan({ tensorboard_resource_id: '123', pipeline_job_region: 'europe-west4' });
    expect(made.parameters.tensorboard_resource_id).toBe(
      'projects/my-project/locations/europe-west4/tensorboards/123',
    );
  });

  it('sends the accelerator that the deployment names, and the service account', () => {
    const limits = someLimits({
      defaultAcceleratorType: 'TPU',
      defaultServiceAccount: 'a@b.iam.gserviceaccount.com',
    });
    const { plan: made } = plan({}, { limits });
    expect(made.parameters.accelerator_type).toBe('TPU');
    expect(made.serviceAccount).toBe('a@b.iam.gserviceaccount.com');
    expect(made.regions.training).toBe('europe-west4');
    expect(made.notes.join()).not.toMatch(/accelerator|service account/);
  });

  it('lets nothing into the parameters that the template does not have', () => {
    const chat = aManifest({
      base_model: 'chat-bison@002',
      default_context: 'x',
      evaluation_data_uri: 'gs://inbox/e',
      batch_size: 3,
    });
    const { parameters } = plan({}, { manifest: chat }).plan;
    expect(Object.keys(parameters).sort()).toEqual([
      'dataset_uri',
      'default_context',
      'large_model_reference',
      'location',
      'model_display_name',
      'project',
    ]);
  });

  it('plans embedding tuning without what its template lacks', () => {
    const { plan: made, issues } = plan({}, { manifest: EMBEDDING });
    expect(issues).toEqual([]);
    expect(made.parameters).toEqual({
      model_display_name: 'reviews',
      base_model_version_id: 'text-embedding-005',
      queries_path: 'gs://inbox/e/q.jsonl',
      corpus_path: 'gs://inbox/e/c.jsonl',
      train_label_path: 'gs://inbox/e/l.tsv',
    });
    expect(made.templateDefaults).toEqual({
      batch_size: 128,
      train_steps: 1000,
      task_type: 'DEFAULT',
      learning_rate_multiplier: 1,
      machine_type: 'n1-standard-16',
      accelerator_type: 'NVIDIA_TESLA_V100',
      accelerator_count: 4,
    });
    expect(made.training).toEqual({ steps: 1000, batchSize: 128 });
  });

  it('sends the machine of an embedding model, and never the deployment’s accelerator', () => {
    const limits = someLimits({ defaultAcceleratorType: 'TPU' });
    expect(plan({}, { manifest: EMBEDDING, limits }).plan.parameters).not.toHaveProperty('accelerator_type');
    const machine = {
      machine_type: 'g2-standard-16',
      accelerator_type: 'NVIDIA_L4',
      accelerator_count: 1,
    } as const;
    const { plan: made } = plan({}, { manifest: { ...EMBEDDING, ...machine }, limits });
    expect(made.parameters).toMatchObject(machine);
    expect(made.accelerator).toBe('1 × NVIDIA_L4 on g2-standard-16');
  });

  it('sends a managed data set by its name, and no file', () => {
    const dataset_name = 'projects/p/locations/l/datasets/1';
    const manifest: Manifest = { base_model: 'text-bison@002', dataset_name };
    const { plan: made, issues } = plan({}, { manifest });
    expect(issues).toEqual([]);
    expect(made.parameters).toMatchObject({ dataset_name });
    expect(made.parameters).not.toHaveProperty('dataset_uri');
    expect(made.training).toEqual({ steps: 300, batchSize: 8 });
  });

  it.each([
    ['レビュー', 'レビュー'],
    ['🐕'.repeat(200), '🐕'.repeat(128)],
    ['a\u0000b\nc', 'a b c'],
    ['', `text-bison@002 ${RUN_ID}`],
    [' \u2028 ', `text-bison@002 ${RUN_ID}`],
  ])('names the model after the folder %j', (folderName, expected) => {
    expect(plan({}, { folderName }).plan.modelDisplayName).toBe(expected);
  });

  const evaluated = { evaluation_data_uri: 'gs://inbox/reviews/e.jsonl' };
  it.each([
    ['the highest learning rate that is no slip', { learning_rate_multiplier: 100 }, undefined, []],
    [
      'a learning rate beyond it',
      { learning_rate_multiplier: 101 },
      undefined,
      [['learning_rate_unusual', 'advice']],
    ],
    ['less than one pass', { train_steps: 29 }, 240, [['less_than_one_epoch', 'warning']]],
    ['exactly one pass', { train_steps: 30 }, 240, []],
    ['the most that the guide’s table leads to', { accelerator_type: 'TPU', train_steps: 500 }, 100, []],
    ['as many passes as nobody recommends', { train_steps: 3000 }, 100, []],
    ['a zero too many', { train_steps: 3010 }, 100, [['many_epochs', 'warning']]],
    [
      'no evaluation',
      { ...evaluated, train_steps: 100, evaluation_interval: 101 },
      undefined,
      [['no_evaluation', 'warning']],
    ],
    [
      'the guide’s two evaluations',
      { ...evaluated, train_steps: 200, evaluation_interval: 100 },
      undefined,
      [['few_evaluations', 'advice']],
    ],
    ['three evaluations', { ...evaluated, train_steps: 300, evaluation_interval: 100 }, undefined, []],
    ['steps in the range of the task', { task: 'classification', train_steps: 500 }, undefined, []],
    [
      'steps below the range of the task',
      { task: 'summarization', train_steps: 199 },
      undefined,
      [['task_steps', 'advice']],
    ],
    [
      'steps above the range of the task',
      { task: 'extractive_qa', train_steps: 501 },
      undefined,
      [['task_steps', 'advice']],
    ],
    ['chat with its steps', { task: 'chat', base_model: 'chat-bison@002', train_steps: 1000 }, undefined, []],
    [
      'chat with the template’s steps',
      { task: 'chat', base_model: 'chat-bison@002' },
      undefined,
      [['task_steps', 'advice']],
    ],
    ['chat with a text model', { task: 'chat', train_steps: 1000 }, undefined, [['task_model', 'advice']]],
    [
      'summarization with a chat model',
      { task: 'summarization', base_model: 'chat-bison@002' },
      undefined,
      [['task_model', 'advice']],
    ],
  ] as const)('says what it thinks of %s', (_name, keys, trainExamples, expected) => {
    const { issues } = plan(keys, { trainExamples });
    expect(issues.map(({ code, severity }) => [code, severity])).toEqual(expected);
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { PIPELINE_MODELS } from '../../shared/core/models/pipeline-models.ts';
import { REGIONS } from '../../shared/core/models/regions.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { FINGERPRINT_LABEL, fingerprintOfRequest } from '../../shared/core/tuning/job-labels.ts';
import { buildPipelineJobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { PipelinePlan } from '../../shared/core/tuning/plan.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { pipelinePlan } from '../support/plans.ts';

const RUN_ID = runIdOf({ bucket: 'inbox', name: 'reviews/tune.json', generation: '1' });

const LIMITS: DeploymentLimits = {
  project: 'my-project',
  /** As the captured name of a managed data set has it. */
  projectNumber: 'p',
  inboxBucket: 'inbox',
  resultsBucket: 'results',
  allowedDataBuckets: ['my-bucket', 'b'],
  allowedServiceAccounts: [],
  allowedDatasets: ['projects/p/locations/l/datasets/1'],
  allowedKmsKeys: ['projects/my-project/locations/us-central1/keyRings/r/cryptoKeys/k'],
  allowedTensorboards: ['us-central1', 'europe-west4'].map(
    (region) => `projects/my-project/locations/${region}/tensorboards/123`,
  ),
  allowedOutputRoots: ['gs://my-bucket', 'gs://my-project-vertex-pipelines-europe-west4/output_artifacts/'],
  defaultRegion: 'us-central1',
  retiredModels: 'warn',
};

/** From the text of a manifest to the request, through every check; errors fail the test. */
function planOf(content: unknown, limits = LIMITS): PipelinePlan {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const { manifest, issues, locate } = parseManifest(bytes, { uri: 'gs://inbox/reviews/tune.json' });
  const errors = [...issues, ...checkDeployment(manifest ?? {}, limits, { locate })].filter(
    (issue) => issue.severity === 'error',
  );
  expect(errors).toEqual([]);
  if (manifest === undefined) throw new Error('no manifest');
  return pipelinePlan(planRun({ manifest, folderName: 'reviews', runId: RUN_ID, limits, locate }).plan);
}

const requestOf = (content: unknown, limits = LIMITS) => buildPipelineJobRequest(planOf(content, limits));
const right = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' };

interface Captured {
  method: string;
  url: string;
  query: { pipelineJobId: string };
  body: {
    templateUri: string;
    runtimeConfig: { gcsOutputDirectory: string; parameterValues: Record<string, unknown> };
  };
}

const payload = readFileSync(new URL('../payloads/sdk-bodies.json', import.meta.url), 'utf8');
const captured = (JSON.parse(payload) as { sdkBodies: Record<string, Captured> }).sdkBodies;

/** The manifest that asks for what each captured request asks for. */
const MANIFESTS: Record<string, Record<string, unknown>> = {
  'text-bison@002 minimal': {
    base_model: 'text-bison@002',
    model_display_name: 'text-bison@002 tuned on gs://my-bucket/train.jsonl',
    dataset_uri: 'gs://my-bucket/train.jsonl',
    output_directory: 'gs://my-bucket',
  },
  'text-bison@002 full': {
    base_model: 'text-bison@002',
    model_display_name: 'my-tuned',
    dataset_uri: 'gs://my-bucket/train.jsonl',
    evaluation_data_uri: 'gs://my-bucket/eval.jsonl',
    train_steps: 300,
    learning_rate_multiplier: 1,
    evaluation_interval: 20,
    enable_early_stopping: true,
    enable_checkpoint_selection: true,
    accelerator_type: 'TPU',
    max_context_length: '8k',
    pipeline_job_region: 'europe-west4',
    model_upload_region: 'us-central1',
    tensorboard_resource_id: '123',
    output_directory: 'gs://my-bucket',
  },
  'chat-bison@002': {
    base_model: 'chat-bison@002',
    model_display_name: 'chat-bison@002 tuned for 1000 steps on gs://my-bucket/train.jsonl',
    dataset_uri: 'gs://my-bucket/train.jsonl',
    default_context: 'ctx',
    train_steps: 1000,
    accelerator_type: 'GPU',
    tensorboard_resource_id: 'projects/my-project/locations/us-central1/tensorboards/123',
    output_directory: 'gs://my-bucket',
  },
  'code-bison@002': {
    base_model: 'code-bison@002',
    model_display_name: 'code-bison@002 tuned on gs://my-bucket/train.jsonl',
    dataset_uri: 'gs://my-bucket/train.jsonl',
    evaluation_data_uri: 'gs://my-bucket/eval.jsonl',
    output_directory: 'gs://my-bucket',
  },
  'textembedding-gecko@001 minimal': {
    base_model: 'textembedding-gecko@001',
    model_display_name: 'textembedding-gecko@001 tuned on gs://b/train.tsv',
    queries_path: 'gs://b/queries.jsonl',
    corpus_path: 'gs://b/corpus.jsonl',
    train_label_path: 'gs://b/train.tsv',
    output_directory: 'gs://my-bucket',
  },
  'dataset_name (managed dataset)': {
    base_model: 'text-bison@002',
    model_display_name: 'text-bison@002 tuned on projects/p/locations/l/datasets/1',
    dataset_name: 'projects/p/locations/l/datasets/1',
    output_directory: 'gs://my-bucket',
  },
  'no staging bucket': {
    base_model: 'text-bison@002',
    model_display_name: 'text-bison@002 tuned on gs://my-bucket/train.jsonl',
    dataset_uri: 'gs://my-bucket/train.jsonl',
    pipeline_job_region: 'europe-west4',
    model_upload_region: 'us-central1',
    output_directory: 'gs://my-project-vertex-pipelines-europe-west4/output_artifacts/',
  },
};

describe('the request beside the one that Google’s SDK sends', () => {
  it('is compared for every captured request', () => {
    expect(Object.keys(MANIFESTS)).toEqual(Object.keys(captured));
  });

  it.each(Object.entries(MANIFESTS))('%s: the same parameters and the same envelope', (name, content) => {
    const theirs = captured[name];
    const ours = requestOf(content);
    expect(ours.method).toBe(theirs?.method);
    expect(ours.url).toBe(theirs?.url);
    expect(ours.body.runtimeConfig).toEqual(theirs?.body.runtimeConfig);
    expect(ours.body.templateUri).toBe(theirs?.body.templateUri);
    const prefix = theirs?.query.pipelineJobId.replace(/-\d{14}$/, '');
    expect(ours.query.pipelineJobId).toBe(`${prefix}-${RUN_ID}`);
  });
});

describe('buildPipelineJobRequest', () => {
  it('sends these keys and no others', () => {
    const key = 'projects/my-project/locations/us-central1/keyRings/r/cryptoKeys/k';
    const limits = { ...LIMITS, defaultServiceAccount: 'tuner@my-project.iam.gserviceaccount.com' };
    const { body } = requestOf(
      { ...right, encryption_spec_key_name: key, labels: { team: 'search' } },
      limits,
    );
    expect(body).toEqual({
      displayName: 'reviews',
      runtimeConfig: {
        gcsOutputDirectory: `gs://results/output/${RUN_ID}`,
        parameterValues: {
          project: 'my-project',
          location: 'us-central1',
          model_display_name: 'reviews',
          large_model_reference: 'text-bison@002',
          dataset_uri: 'gs://inbox/reviews/train.jsonl',
          encryption_spec_key_name: key,
        },
      },
      templateUri:
        'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v2.0.0',
      labels: {
        team: 'search',
        'managed-by': 'tunedrop',
        'tunedrop-run': RUN_ID,
        'tunedrop-deployment': 'results',
        'tunedrop-fingerprint': expect.stringMatching(/^[a-z2-7]{52}$/),
      },
      encryptionSpec: { kmsKeyName: key },
      serviceAccount: 'tuner@my-project.iam.gserviceaccount.com',
    });
  });

  it('writes its own labels last, whatever a plan holds', () => {
    const plan = planOf(right);
    const labels = { 'managed-by': 'me', 'tunedrop-run': 'other', 'tunedrop-fingerprint': 'f' };
    const made = buildPipelineJobRequest({ ...plan, labels });
    expect(made.body.labels).toMatchObject({ 'managed-by': 'tunedrop', 'tunedrop-run': RUN_ID });
    expect(made.body.labels[FINGERPRINT_LABEL]).toBe(fingerprintOfRequest(made));
  });

  it('gives every attempt an id of its own and one fingerprint', () => {
    const plan = planOf(right);
    const [first, second] = [buildPipelineJobRequest(plan), buildPipelineJobRequest(plan, 2)];
    expect(first.pipelineJobId).toBe(`tune-large-model-${RUN_ID}`);
    expect(second.pipelineJobId).toBe(`tune-large-model-${RUN_ID}-a2`);
    expect(second.body).toEqual(first.body);
  });

  it('refuses an id that Vertex AI would refuse', () => {
    const plan = planOf(right);
    for (const runId of ['R', 'a/b', 'a b', 'x'.repeat(120), '']) {
      expect(() => buildPipelineJobRequest({ ...plan, runId })).toThrow(RangeError);
    }
  });

  it('has legal ids for every model', () => {
    const ids = PIPELINE_MODELS.map(({ pipelineName }) => `${pipelineName}-${RUN_ID}-a99`);
    expect(ids.filter((id) => id.length > 127 || !/^[a-z][-a-z0-9]*[a-z0-9]$/.test(id))).toEqual([]);
  });

  it.each([
    ['a parameter', { train_steps: 301 }],
    ['the model', { base_model: 'code-bison@002' }],
    ['a region', { pipeline_job_region: 'us-west1' }],
    ['a label', { labels: { team: 'x' } }],
    ['the name', { model_display_name: 'other' }],
  ])('another fingerprint for %s', (_name, keys) => {
    expect(fingerprintOfRequest(requestOf({ ...right, ...keys }))).not.toBe(
      fingerprintOfRequest(requestOf(right)),
    );
  });

  it('one fingerprint wherever the keys stand', () => {
    const made = requestOf(right);
    const turned = JSON.parse(
      JSON.stringify(made.body, (_key, value: unknown) =>
        typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      ),
    ) as typeof made.body;
    expect(Object.keys(turned)).not.toEqual(Object.keys(made.body));
    expect(fingerprintOfRequest({ url: made.url, body: turned })).toBe(fingerprintOfRequest(made));
  });

  it('goes to a host of Google and names one of six templates, whatever the manifest says', () => {
    const templates = new Set<string>(PIPELINE_MODELS.map((model) => model.templateUri));
    const content = fc.record(
      {
        base_model: fc.constantFrom(...PIPELINE_MODELS.map((model) => model.reference)),
        dataset_uri: fc.string(),
        pipeline_job_region: fc.oneof(fc.constantFrom(...REGIONS), fc.webUrl(), fc.string()),
        model_upload_region: fc.oneof(fc.constantFrom(...REGIONS), fc.string()),
        model_display_name: fc.string({ unit: 'binary' }),
        labels: fc.dictionary(fc.string(), fc.string()),
        templateUri: fc.webUrl(),
      },
      { requiredKeys: ['base_model', 'dataset_uri'] },
    );
    let planned = 0;
    fc.assert(
      fc.property(content, (value) => {
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        const { manifest, locate } = parseManifest(bytes, { uri: 'gs://inbox/reviews/tune.json' });
        if (manifest === undefined) return;
        planned += 1;
        const { plan } = planRun({ manifest, folderName: 'f', runId: RUN_ID, limits: LIMITS, locate });
        const { url, body } = buildPipelineJobRequest(pipelinePlan(plan));
        expect(new URL(url).hostname).toMatch(/^[a-z0-9-]+-aiplatform\.googleapis\.com$/);
        expect(templates.has(body.templateUri)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(planned).toBeGreaterThan(0);
  });
});

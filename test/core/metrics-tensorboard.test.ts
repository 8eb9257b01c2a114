import { describe, expect, test } from 'vitest';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { ConfigError, readConfig } from '../../shared/runtime/config.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';
import { pipelinePlan } from '../support/plans.ts';

const US = 'projects/my-project/locations/us-central1/tensorboards/7';
const EUROPE = 'projects/my-project/locations/europe-west4/tensorboards/8';
const OTHER = 'projects/my-project/locations/us-central1/tensorboards/9';

const TEXT = { base_model: 'text-bison@002', dataset_uri: 'gs://inbox/a/train.jsonl' } as const;
const EMBEDDING = {
  base_model: 'text-embedding-005',
  queries_path: 'gs://inbox/a/q.jsonl',
  corpus_path: 'gs://inbox/a/c.jsonl',
  train_label_path: 'gs://inbox/a/l.tsv',
} as const;

describe('the TensorBoard of a plan', () => {
  const limits = (over: Partial<DeploymentLimits> = {}) =>
    someLimits({ defaultTensorboards: [EUROPE, US], ...over });
  const planned = (manifest: Parameters<typeof planRun>[0]['manifest'], deployment: DeploymentLimits) =>
    planRun({
      ...{ manifest, folderName: 'a', runId: `r${'a'.repeat(40)}`, limits: deployment },
      locate: locateIn(MANIFEST_URI),
    }).plan;

  test.each([
    { name: 'is the deployment’s in the region of the job', manifest: TEXT, sent: US },
    {
      name: 'follows the region of the manifest',
      manifest: { ...TEXT, pipeline_job_region: 'europe-west4' },
      sent: EUROPE,
    },
    {
      name: 'is none in a region without one',
      manifest: { ...TEXT, pipeline_job_region: 'us-west1' },
      sent: undefined,
    },
    {
      name: 'is the manifest’s when it names one',
      manifest: { ...TEXT, tensorboard_resource_id: OTHER },
      sent: OTHER,
    },
    { name: 'is none for a template that takes none', manifest: EMBEDDING, sent: undefined },
  ] as const)('$name', ({ manifest, sent }) => {
    const { parameters, notes } = pipelinePlan(planned({ ...manifest }, limits()));
    expect(parameters.tensorboard_resource_id).toBe(sent);
    const isDefault = sent !== undefined && !('tensorboard_resource_id' in manifest);
    expect(notes.some((note) => note.includes('TensorBoard'))).toBe(isDefault);
  });

  test('is none in a deployment that has none', () => {
    expect(pipelinePlan(planned({ ...TEXT }, someLimits())).parameters).not.toHaveProperty(
      'tensorboard_resource_id',
    );
  });

  test('may be named by a manifest without being listed, when it is the deployment’s own', () => {
    const check = (name: string) =>
      checkDeployment({ ...TEXT, tensorboard_resource_id: name }, limits(), {
        locate: locateIn(MANIFEST_URI),
        today: '2024-01-01',
      }).map(({ code }) => code);
    expect(check(US)).toEqual([]);
    expect(check(OTHER)).toEqual(['tensorboard_not_allowed']);
  });
});

describe('DEFAULT_TENSORBOARDS', () => {
  const environment = {
    NODE_ENV: 'production',
    GOOGLE_CLOUD_PROJECT: 'p',
    INBOX_BUCKET: 'i',
    RESULTS_BUCKET: 'r',
  };
  const read = (value: string) => readConfig({ ...environment, DEFAULT_TENSORBOARDS: value }).limits;

  test('is a list of full names', () => {
    expect(read(`${US}, ${EUROPE}`).defaultTensorboards).toEqual([US, EUROPE]);
    expect(readConfig(environment).limits.defaultTensorboards).toEqual([]);
  });

  test.each(['7', 'projects/p/tensorboards/7', `${US}/experiments/e`])('refuses %s', (value) => {
    expect(() => read(value)).toThrow(ConfigError);
    expect(() => read(value)).toThrow(/DEFAULT_TENSORBOARDS must be full names/);
  });
});

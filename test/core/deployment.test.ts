import { describe, expect, it } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { locateIn, type Manifest } from '../../shared/core/manifest/manifest.ts';
import { someLimits } from '../support/manifests.ts';

const locate = locateIn('gs://inbox/reviews/tune.json');

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

describe('checkDeployment', () => {
  const KEY = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
  const ACCOUNT = 'tuner@my-project.iam.gserviceaccount.com';
  const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/1';
  const check = (keys: Partial<Manifest>, limits: Partial<DeploymentLimits> = {}, today = '2020-01-01') =>
    checkDeployment(aManifest(keys), someLimits(limits), { locate, today }).map(({ code, at, severity }) => [
      code,
      at.path,
      severity,
    ]);

  it.each([
    ['data in another bucket', { dataset_uri: 'gs://secret/x' }, ['bucket_not_allowed', 'dataset_uri']],
    [
      'data in a bucket that begins like the inbox',
      { dataset_uri: 'gs://inbox2/x' },
      ['bucket_not_allowed', 'dataset_uri'],
    ],
    ['data in no bucket at all', { dataset_uri: 'gs://Inbox/x' }, ['bucket_not_allowed', 'dataset_uri']],
    [
      'evaluation data elsewhere',
      { evaluation_data_uri: 'gs://secret/x' },
      ['bucket_not_allowed', 'evaluation_data_uri'],
    ],
    ...['other', 'my-project'].map((project): [string, object, string[]] => [
      `a managed data set of ${project}`,
      { dataset_name: `projects/${project}/locations/us-central1/datasets/1` },
      ['dataset_not_allowed', 'dataset_name'],
    ]),
    ['embedding data elsewhere', { corpus_path: 'gs://secret/x' }, ['bucket_not_allowed', 'corpus_path']],
    ...['', 'other.jsonl', 'x/vertex-ai/model-evaluation/peft_train_sample.jsonl'].map(
      (name): [string, object, string[]] => [
        `Google’s samples that no guide names: "${name}"`,
        { dataset_uri: `gs://cloud-samples-data/${name}` },
        ['bucket_not_allowed', 'dataset_uri'],
      ],
    ),
    [
      'a sample by its name in another bucket',
      { dataset_uri: 'gs://secret/vertex-ai/model-evaluation/peft_train_sample.jsonl' },
      ['bucket_not_allowed', 'dataset_uri'],
    ],
    ['an account', { service_account: ACCOUNT }, ['service_account_not_allowed', 'service_account']],
    ['a key', { encryption_spec_key_name: KEY }, ['kms_key_not_allowed', 'encryption_spec_key_name']],
    [
      'a TensorBoard',
      { tensorboard_resource_id: TENSORBOARD },
      ['tensorboard_not_allowed', 'tensorboard_resource_id'],
    ],
    [
      'a TensorBoard by number',
      { tensorboard_resource_id: '1' },
      ['tensorboard_not_allowed', 'tensorboard_resource_id'],
    ],
    ['an output directory', { output_directory: 'gs://out/dir' }, ['output_not_allowed', 'output_directory']],
    [
      'the results bucket',
      { output_directory: 'gs://results/staging' },
      ['output_not_allowed', 'output_directory'],
    ],
    ['the inbox as output', { output_directory: 'gs://inbox/out' }, ['output_in_inbox', 'output_directory']],
  ])('allows nothing that is not listed: %s', (_name, keys, expected) => {
    expect(check(keys)).toEqual([[...expected, 'error']]);
  });

  it.each([
    [
      'the samples of Google’s guide',
      {
        dataset_uri: 'gs://cloud-samples-data/vertex-ai/model-evaluation/peft_train_sample.jsonl',
        evaluation_data_uri: 'gs://cloud-samples-data/vertex-ai/model-evaluation/peft_eval_sample.jsonl',
      },
      {},
    ],
    ['a listed bucket', { dataset_uri: 'gs://shared/x' }, { allowedDataBuckets: ['shared'] }],
    [
      'a listed managed data set',
      { dataset_name: 'projects/my-project/locations/us-central1/datasets/1' },
      { allowedDatasets: ['projects/my-project/locations/us-central1/datasets/1'] },
    ],
    [
      'the same by the project’s number',
      { dataset_name: 'projects/42/locations/us-central1/datasets/1' },
      { allowedDatasets: ['projects/my-project/locations/us-central1/datasets/1'], projectNumber: '42' },
    ],
    [
      'data in a bucket of one letter, if it is listed',
      { dataset_uri: 'gs://b/x' },
      { allowedDataBuckets: ['b'] },
    ],
    ['a listed account', { service_account: ACCOUNT }, { allowedServiceAccounts: [ACCOUNT] }],
    ['the default account', { service_account: ACCOUNT }, { defaultServiceAccount: ACCOUNT }],
    ['a listed key', { encryption_spec_key_name: KEY }, { allowedKmsKeys: [KEY] }],
    [
      'a listed TensorBoard',
      { tensorboard_resource_id: TENSORBOARD },
      { allowedTensorboards: [TENSORBOARD] },
    ],
    ['its number', { tensorboard_resource_id: '1' }, { allowedTensorboards: [TENSORBOARD] }],
    [
      'its name with the project’s number',
      { tensorboard_resource_id: '1' },
      {
        projectNumber: '42',
        allowedTensorboards: ['projects/42/locations/us-central1/tensorboards/1'],
      },
    ],
    ['a listed directory', { output_directory: 'gs://out/dir' }, { allowedOutputRoots: ['gs://out/dir'] }],
    [
      'a directory with a slash',
      { output_directory: 'gs://out/dir/' },
      { allowedOutputRoots: ['gs://out/dir'] },
    ],
    [
      'a directory below',
      { output_directory: 'gs://out/dir/sub' },
      { allowedOutputRoots: ['gs://out/dir/'] },
    ],
    ['a listed bucket for output', { output_directory: 'gs://out' }, { allowedOutputRoots: ['gs://out'] }],
  ])('allows what is listed: %s', (_name, keys, limits) => {
    expect(check(keys, limits)).toEqual([]);
  });

  const TEAMS = { areTeamsSeparated: true, allowedDataBuckets: ['shared'] };
  const inTeam = (keys: Partial<Manifest>, manifest = 'reviews/daily/tune.json') =>
    checkDeployment(aManifest(keys), someLimits(TEAMS), {
      locate: locateIn(`gs://inbox/${manifest}`),
      today: '2020-01-01',
    }).map(({ code, at }) => [code, at.path]);

  it.each<[string, Partial<Manifest>, string?]>([
    ['in its own folder', { dataset_uri: 'gs://inbox/reviews/daily/train.jsonl' }],
    ['elsewhere in its team’s', { dataset_uri: 'gs://inbox/reviews/shared/train.jsonl' }],
    ['in a bucket that is listed for all', { dataset_uri: 'gs://shared/payroll/train.jsonl' }],
    ['at the top, of a manifest at the top', { dataset_uri: 'gs://inbox/train.jsonl' }, 'tune.json'],
  ])('lets a team name what lies %s', (_name, keys, manifest) => {
    expect(inTeam(keys, manifest)).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, string?]>([
    ['the folder of another', { dataset_uri: 'gs://inbox/payroll/train.jsonl' }],
    ['a folder that begins like its own', { dataset_uri: 'gs://inbox/reviews2/train.jsonl' }],
    ['a folder of other capitals', { dataset_uri: 'gs://inbox/Reviews/train.jsonl' }],
    ['the top', { dataset_uri: 'gs://inbox/train.jsonl' }],
    ['a folder, of a manifest at the top', { dataset_uri: 'gs://inbox/reviews/train.jsonl' }, 'tune.json'],
  ])('keeps a team out of %s', (_name, keys, manifest) => {
    expect(inTeam(keys, manifest)).toEqual([['outside_team_folder', 'dataset_uri']]);
  });

  it.each([
    'evaluation_data_uri',
    'queries_path',
    'corpus_path',
    'train_label_path',
    'custom_base_model',
  ] as const)('keeps a team out of the folder of another by %s, too', (key) => {
    const found = inTeam({ dataset_uri: 'gs://inbox/reviews/train.jsonl', [key]: 'gs://inbox/payroll/x' });
    expect(found).toContainEqual(['outside_team_folder', key]);
  });

  it.each([
    ['beside the root', { output_directory: 'gs://out/directory' }, { allowedOutputRoots: ['gs://out/dir'] }],
    ['above the root', { output_directory: 'gs://out' }, { allowedOutputRoots: ['gs://out/dir'] }],
    [
      'in a bucket that begins alike',
      { output_directory: 'gs://out2/x' },
      { allowedOutputRoots: ['gs://out'] },
    ],
    ['dots', { output_directory: 'gs://out/dir/../x' }, { allowedOutputRoots: ['gs://out/dir'] }],
  ])('keeps output inside its roots: %s', (_name, keys, limits) => {
    expect(check(keys, limits)).toEqual([['output_not_allowed', 'output_directory', 'error']]);
  });

  it('refuses output in the inbox even when a root lists it', () => {
    const limits = { allowedOutputRoots: ['gs://inbox/out'] };
    expect(check({ output_directory: 'gs://inbox/out' }, limits)).toEqual([
      ['output_in_inbox', 'output_directory', 'error'],
    ]);
  });

  it.each([
    ['warn', '2024-10-09', [['model_retired', 'base_model', 'warning']]],
    ['error', '2024-10-09', [['model_retired', 'base_model', 'error']]],
    ['error', '2024-10-08', []],
  ] as const)('with retiredModels %s on %s', (retiredModels, today, expected) => {
    expect(check({}, { retiredModels }, today)).toEqual(expected);
  });

  it.each([
    ['2026-10-20', 'retired on 2026-10-20; only projects that used it before go on, until 2027-03-31'],
    ['2027-03-31', 'closed to new tuning jobs since 2026-10-20'],
  ])('on %s a model that ends in steps is said to be %s', (today, found) => {
    const manifest = aManifest({ base_model: 'gemini-2.5-flash' });
    const [issue] = checkDeployment(manifest, someLimits(), { locate, today });
    expect(issue && reportIssue(issue)).toMatchObject({
      code: 'model_retired',
      found: `gemini-2.5-flash, ${found}`,
      expected: expect.stringContaining('such as gemini-3.5-flash'),
    });
  });

  it('counts the template’s steps against the limit too', () => {
    expect(check({}, { maxTrainSteps: 299 })).toEqual([['train_steps_over_limit', 'train_steps', 'error']]);
    expect(check({ train_steps: 300 }, { maxTrainSteps: 300 })).toEqual([]);
  });

  const encrypted = { encryption_spec_key_name: KEY };
  const elsewhere = 'projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k';
  it.each([
    ['us-central1 throughout', encrypted, []],
    ['GPU by name', { ...encrypted, accelerator_type: 'GPU' }, []],
    ['TPU', { ...encrypted, accelerator_type: 'TPU' }, [['cmek_accelerator', 'accelerator_type']]],
    [
      'another job region',
      { ...encrypted, pipeline_job_region: 'europe-west4', model_upload_region: 'us-central1' },
      [['cmek_region', 'pipeline_job_region']],
    ],
    [
      'another upload region',
      { ...encrypted, model_upload_region: 'europe-west4' },
      [['cmek_region', 'model_upload_region']],
    ],
    [
      'a key elsewhere',
      { encryption_spec_key_name: elsewhere },
      [['cmek_region', 'encryption_spec_key_name']],
    ],
  ] as const)('a customer-managed key with %s', (_name, keys, expected) => {
    const found = check(keys, { allowedKmsKeys: [KEY, elsewhere] });
    expect(found.map(([code, path]) => [code, path])).toEqual(expected);
  });

  it('asks no accelerator of an embedding model, which has its own', () => {
    const limits = someLimits({ allowedKmsKeys: [KEY], defaultAcceleratorType: 'TPU' });
    const today = '2026-09-01';
    expect(checkDeployment({ ...EMBEDDING, ...encrypted }, limits, { locate, today })).toEqual([]);
  });

  it('judges a key by the deployment’s region where the manifest names none', () => {
    const found = check(encrypted, { allowedKmsKeys: [KEY], defaultRegion: 'europe-west4' });
    expect(found.map(([code]) => code)).toEqual(['cmek_region', 'cmek_region']);
  });

  it('wants the TensorBoard in the region of the pipeline job', () => {
    const limits = { allowedTensorboards: [TENSORBOARD] };
    const keys = { tensorboard_resource_id: TENSORBOARD, pipeline_job_region: 'europe-west4' } as const;
    expect(check(keys, limits)).toEqual([['tensorboard_region', 'tensorboard_resource_id', 'error']]);
  });

  it('checks what there is of a manifest that has errors', () => {
    const draft = { dataset_uri: 'gs://secret/x', output_directory: 'gs://inbox/x' };
    const issues = checkDeployment(draft, someLimits(), { locate });
    expect(issues.map(({ code }) => code)).toEqual(['bucket_not_allowed', 'output_in_inbox']);
  });

  it('has nothing to say about local files', () => {
    expect(check({ dataset_uri: 'examples/review/train.jsonl' })).toEqual([]);
  });
});

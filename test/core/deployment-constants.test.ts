import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { DATA_KEYS } from '../../shared/core/models/data-keys.ts';
import { findModel, MODEL_REFERENCES } from '../../shared/core/models/models.ts';
import { LOCATIONS } from '../../shared/core/models/regions.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';

/** What an accepted manifest steers is the deployment's own or listed by it, whatever stands in the manifest. */

const RUN_ID = `r${'a'.repeat(40)}`;
const own = (kind: string, id: string | number, region = 'us-central1') =>
  `projects/my-project/locations/${region}/${kind}/${id}`;
const key = (name: string) => own('keyRings', `r/cryptoKeys/${name}`);
const account = (name: string, project = 'my-project') => `${name}@${project}.iam.gserviceaccount.com`;

const LISTED = {
  accounts: [account('tuning'), account('other')],
  datasets: [own('datasets', 7)],
  keys: [key('ours')],
  models: [own('models', 7)],
  tensorboards: [own('tensorboards', 7), own('tensorboards', 8, 'europe-west4')],
};
const LIMITS = someLimits({
  allowedDataBuckets: ['shared'],
  allowedServiceAccounts: [account('other')],
  defaultServiceAccount: account('tuning'),
  allowedKmsKeys: LISTED.keys,
  allowedTensorboards: [own('tensorboards', 7)],
  defaultTensorboards: [own('tensorboards', 8, 'europe-west4')],
  allowedOutputRoots: ['gs://out/models'],
  allowedTunedModels: LISTED.models,
  allowedDatasets: LISTED.datasets,
});

/** Values that are right in themselves: what an uploader may write, listed or not. */
const oneOf = (...values: unknown[]) => fc.constantFrom(...values);
const directory = oneOf(
  ...[
    'gs://out/models',
    'gs://out/models/a',
    'gs://out/models2',
    'gs://out/models/../x',
    'gs://results/output/a',
  ],
  ...[
    'gs://results/output/../runs/a',
    'gs://results/runs',
    'gs://inbox/a',
    'gs://shared/w',
    'gs://secret/w',
    'gs://shared.evil/w',
  ],
);
const file = oneOf(
  'train.jsonl',
  '../../x.jsonl',
  'gs://shared/x',
  'gs://secret/x',
  'gs://inbox2/x',
  'gs://inbox/x',
);
const STEERING: Record<string, fc.Arbitrary<unknown>> = {
  pipeline_job_region: oneOf(...LOCATIONS, 'x.evil.com/#', 'us-central1@evil.com'),
  model_upload_region: oneOf('us-central1', 'europe-west4'),
  output_directory: directory,
  custom_base_model: directory,
  service_account: oneOf(account('tuning'), account('other'), account('owner'), account('tuning', 'evil')),
  encryption_spec_key_name: oneOf(key('ours'), key('theirs')),
  tensorboard_resource_id: oneOf('7', '9', own('tensorboards', 7), own('tensorboards', 9)),
  pre_tuned_model: oneOf(own('models', 7), own('models', 9), 'projects/evil/locations/us-central1/models/7'),
  dataset_name: oneOf(
    own('datasets', 7),
    own('datasets', 9),
    'projects/evil/locations/us-central1/datasets/7',
  ),
  labels: oneOf({ 'managed-by': 'me' }, { owner: 'me' }),
  ...Object.fromEntries(DATA_KEYS.map((name) => [name, file])),
};

/** A whole manifest of each model, with up to three keys that steer something written into it. */
const MANIFEST = fc
  .tuple(
    fc.constantFrom(...MODEL_REFERENCES),
    fc.subarray(Object.keys(STEERING), { maxLength: 3 }),
    fc.record(STEERING),
  )
  .map(([base_model, names, values]) => ({
    base_model,
    ...(findModel(base_model)?.kind === 'embedding'
      ? { queries_path: 'q.jsonl', corpus_path: 'c.jsonl', train_label_path: 'l.tsv' }
      : names.includes('dataset_name')
        ? {}
        : { dataset_uri: 'train.jsonl' }),
    ...Object.fromEntries(names.map((name) => [name, values[name]])),
  }));

/** The request of a manifest that is accepted; undefined for one that is refused. */
function requestOf(content: Record<string, unknown>) {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const parsed = parseManifest(bytes, { uri: MANIFEST_URI });
  const issues = [...parsed.issues, ...checkDeployment(parsed.draft, LIMITS, { locate: parsed.locate })];
  const { manifest, locate } = parsed;
  if (!manifest || issues.some(({ severity }) => severity === 'error')) return undefined;
  const named = DATA_KEYS.filter((name) => manifest[name] !== undefined);
  const stagedUris = Object.fromEntries(
    named.map((name) => [name, `gs://results/staging/${RUN_ID}/${name}`]),
  );
  const { plan } = planRun({
    ...{ manifest, locate, limits: LIMITS, runId: RUN_ID, folderName: 'reviews', stagedUris },
    trainExamples: 100,
  });
  return buildJobRequest(plan);
}

const HOST =
  /^https:\/\/(?:[a-z]+-[a-z]+\d+-)?aiplatform\.googleapis\.com\/v1(?:beta1)?\/projects\/my-project\//;
const TEMPLATE =
  /^https:\/\/us-kfp\.pkg\.dev\/(?:ml-pipeline\/(?:large-language-model-pipelines|llm-text-embedding)\/tune-[a-z-]+\/v[\d.]+)$/;
const PLACES = [
  'gs://results/staging/',
  'gs://results/output/',
  'gs://out/models/',
  'gs://shared/',
  'gs://inbox/',
];

/** Every text in a request, with the key that it stands under. */
function textsIn(value: unknown, at = ''): [key: string, text: string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name));
}

function isAllowed([name, text]: [key: string, text: string]): boolean {
  if (name === 'templateUri') return TEMPLATE.test(text);
  if (text.startsWith('gs://')) {
    const isInPlace = PLACES.some((place) => `${text}/`.startsWith(place));
    const isOutput = name === 'gcsOutputDirectory' || name === 'outputUri';
    return isInPlace && !text.includes('/../') && !(isOutput && /^gs:\/\/(?:shared|inbox)\//.test(text));
  }
  if (text.startsWith('projects/')) {
    const { datasets, keys, models, tensorboards } = LISTED;
    return [...datasets, ...keys, ...models, ...tensorboards].includes(text);
  }
  if (text.includes('@') && text.includes('gserviceaccount')) return LISTED.accounts.includes(text);
  return !text.includes('://');
}

it('every request of an accepted manifest names what is the deployment’s or listed by it, and nothing else', () => {
  let accepted = 0;
  fc.assert(
    fc.property(MANIFEST, (content) => {
      const request = requestOf(content);
      if (request === undefined) return;
      accepted += 1;
      expect(request.url).toMatch(HOST);
      expect(textsIn(request.body).filter((found) => !isAllowed(found))).toEqual([]);
      expect(LISTED.accounts).toContain(request.body.serviceAccount);
      const model = request.backend === 'tuningJobs' ? request.body.baseModel : undefined;
      if (model !== undefined) expect(MODEL_REFERENCES).toContain(model);
    }),
    { numRuns: 4_000, seed: 16 },
  );
  expect(accepted).toBeGreaterThan(400);
});

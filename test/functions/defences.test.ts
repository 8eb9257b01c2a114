import { describe, expect, test } from 'vitest';
import { isAtVertex } from '../../shared/core/models/regions.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { MESSAGE_PUBLISHED } from '../../shared/runtime/events.ts';
import { pathTricks } from '../support/hostile-texts.ts';
import { aManifest, createWorld, examples } from '../support/world.ts';

/** What a deployment sets at least. */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  GOOGLE_CLOUD_PROJECT: 'p',
  INBOX_BUCKET: 'i',
  RESULTS_BUCKET: 'r',
};

test.each([
  'https://us-central1-aiplatform.googleapis.com',
  'http://example.com',
  'http://127.0.0.1.example.com:80',
  'http://127.0.0.1:80@example.com',
  'http://localhost:1/',
  'http://169.254.169.254:80',
  'http://0.0.0.0:9103',
])('a token is never sent to the endpoint %s', (url) => {
  expect(() => readConfig({ ...ENVIRONMENT, VERTEX_AI_ENDPOINT: url })).toThrow('VERTEX_AI_ENDPOINT');
  expect(isAtVertex(`${url}/v1/`) && !url.startsWith('https://us-central1-aiplatform.googleapis.com')).toBe(
    false,
  );
});

test('the embedded cloud may be the endpoint, and functions run as in production alone', () => {
  const endpoint = 'http://127.0.0.1:9103';
  expect(readConfig({ ...ENVIRONMENT, VERTEX_AI_ENDPOINT: endpoint }).vertexEndpoint).toBe(endpoint);
  expect(() => readConfig({ ...ENVIRONMENT, NODE_ENV: 'development' })).toThrow('NODE_ENV');
});

describe('a message', () => {
  const asked = (runId: unknown) => ({
    ...{ id: '1', type: MESSAGE_PUBLISHED },
    data: { message: { data: Buffer.from(JSON.stringify({ runId })).toString('base64') } },
  });

  test.each([
    '',
    'r',
    'a/b',
    '../runs',
    `R${'a'.repeat(40)}`,
    `r${'a'.repeat(41)}`,
    `r${'1'.repeat(40)}`,
    `x\nr${'a'.repeat(40)}`,
    7,
    null,
    ['r'],
  ])('that names %j is refused before anything is looked for', async (runId) => {
    const world = createWorld();
    const { claim } = world.runs;
    let looked = 0;
    world.runs.claim = (...call) => {
      looked += 1;
      return claim(...call);
    };
    await expect(world.event(asked(runId))).rejects.toMatchObject({ retryable: false });
    expect(looked).toBe(0);
  });
});

test('an upload to another bucket is no upload, though it is there', async () => {
  const world = createWorld();
  await world.finalized(world.objects.put({ bucket: 'elsewhere', name: 'a/tune.json' }, aManifest()));
  await world.finalized(world.objects.put({ bucket: 'results', name: 'a/tune.json' }, aManifest()));
  expect(world.runs.documents.size).toBe(0);
  expect(world.objects.reads).toEqual([]);
});

describe('a bucket that the deployment does not list', () => {
  test.each(pathTricks('decoy', 'train.jsonl'))('is not even looked into: %j', async (trick) => {
    for (const manifest of [
      { dataset_uri: trick.replace('INBOX', 'inbox'), evaluation_data_uri: trick.replace('INBOX', 'inbox') },
      { base_model: 'gemini-3.1-flash-lite', dataset_uri: trick.replace('INBOX', 'inbox') },
    ]) {
      const world = createWorld({ config: { datasetWaitMs: 0 } });
      world.objects.put({ bucket: 'decoy', name: 'train.jsonl' }, examples(120));
      world.upload('a/train.jsonl', examples(120));
      await world.finalized(world.upload('a/tune.json', aManifest(manifest)));
      expect(world.objects.reads.filter((read) => /^\w+ gs:\/\/decoy/i.test(read))).toEqual([]);
      expect(world.objects.names('results').filter((name) => name.startsWith('staging/'))).toEqual([]);
    }
  });
});

test('a sample of Google’s is copied and checked; what lies beside it is not even looked at', async () => {
  const world = createWorld({ config: { datasetWaitMs: 0 } });
  const sample = 'vertex-ai/model-evaluation/peft_train_sample.jsonl';
  for (const name of [sample, 'vertex-ai/other.jsonl'])
    world.objects.put({ bucket: 'cloud-samples-data', name }, examples(120));
  for (const name of [sample, 'vertex-ai/other.jsonl'])
    await world.finalized(
      world.upload(`${name}/tune.json`, aManifest({ dataset_uri: `gs://cloud-samples-data/${name}` })),
    );
  const states = [...world.runs.documents.values()].map(({ status }) => status.state);
  expect(states).toEqual(['VALIDATED', 'REJECTED']);
  expect(world.objects.reads.filter((read) => read.includes('cloud-samples-data/vertex-ai/other'))).toEqual(
    [],
  );
});

import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { temporaryFolder } from '../support/service-options.ts';

const TEXT = 'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v2.0.0';
const CODE = 'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v3.0.0';
const CHAT = 'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-chat-model/v3.0.0';
const EMBEDDING = 'https://us-kfp.pkg.dev/ml-pipeline/llm-text-embedding/tune-text-embedding-model/v1.1.3';

type Parameters = Record<string, unknown>;

interface Example {
  folder: string;
  templateUri: string;
  jobId: RegExp;
  /** What is sent to the template beside the files and the name of the model: all of it. */
  parameters: Parameters;
  /** Files that are sent, by parameter. */
  files: string[];
  region: string;
  /** Too little data to tune well with, and told so. */
  isSlice?: true;
}

const LARGE = /^tune-large-model-[a-z0-9-]+$/;
const LARGE_CHAT = /^tune-large-chat-model-[a-z0-9-]+$/;
const US = { project: expect.any(String), location: 'us-central1' };
const EUROPE = { project: expect.any(String), location: 'europe-west4' };
/** Of every model of these templates; the embedded Vertex AI tunes them all the same. */
const RETIRED = 'model_retired';
const COFFEE_SHOP = 'You take orders for a coffee shop. Be brief and repeat the order back.';

/** What Google's templates are and take, from Google's SDK and guide: not from the product's own tables. */
const EXAMPLES: Example[] = [
  {
    folder: 'text-bison',
    templateUri: TEXT,
    jobId: LARGE,
    parameters: {
      ...{ ...US, large_model_reference: 'text-bison@002' },
      ...{ train_steps: 100, evaluation_interval: 20, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri', 'evaluation_data_uri'],
    region: 'us-central1',
  },
  {
    folder: 'banking-intent',
    templateUri: TEXT,
    jobId: LARGE,
    parameters: {
      ...{ ...EUROPE, large_model_reference: 'text-bison@002' },
      ...{ train_steps: 100, evaluation_interval: 20, accelerator_type: 'TPU' },
      ...{ enable_early_stopping: false, enable_checkpoint_selection: true },
    },
    files: ['dataset_uri', 'evaluation_data_uri'],
    region: 'europe-west4',
  },
  {
    folder: 'text-bison-32k',
    templateUri: TEXT,
    jobId: LARGE,
    parameters: {
      ...{ ...US, large_model_reference: 'text-bison-32k@002', max_context_length: '32k' },
      ...{ train_steps: 40, evaluation_interval: 10, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri', 'evaluation_data_uri'],
    region: 'us-central1',
    isSlice: true,
  },
  {
    folder: 'python-code',
    templateUri: CODE,
    jobId: LARGE,
    parameters: {
      ...{ ...US, large_model_reference: 'code-bison@002' },
      ...{ train_steps: 200, evaluation_interval: 20, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri', 'evaluation_data_uri'],
    region: 'us-central1',
  },
  {
    folder: 'code-bison-32k',
    templateUri: CODE,
    jobId: LARGE,
    parameters: {
      ...{ ...US, large_model_reference: 'code-bison-32k@002', max_context_length: '32k' },
      ...{ train_steps: 40, evaluation_interval: 10, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri', 'evaluation_data_uri'],
    region: 'us-central1',
    isSlice: true,
  },
  {
    folder: 'coffee-chat',
    templateUri: CHAT,
    jobId: LARGE_CHAT,
    parameters: {
      ...{ ...US, large_model_reference: 'chat-bison@002', default_context: COFFEE_SHOP },
      ...{ train_steps: 1000, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri'],
    region: 'us-central1',
  },
  {
    folder: 'chat-bison-32k',
    templateUri: CHAT,
    jobId: LARGE_CHAT,
    parameters: {
      ...{ ...US, large_model_reference: 'chat-bison-32k@002', default_context: COFFEE_SHOP },
      ...{ train_steps: 40, max_context_length: '32k', accelerator_type: 'GPU' },
    },
    files: ['dataset_uri'],
    region: 'us-central1',
    isSlice: true,
  },
  {
    folder: 'codechat-bison',
    templateUri: CHAT,
    jobId: LARGE_CHAT,
    parameters: {
      ...{ ...US, large_model_reference: 'codechat-bison@002' },
      ...{ train_steps: 40, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri'],
    region: 'us-central1',
    isSlice: true,
  },
  {
    folder: 'codechat-bison-32k',
    templateUri: CHAT,
    jobId: LARGE_CHAT,
    parameters: {
      ...{ ...US, large_model_reference: 'codechat-bison-32k@002', max_context_length: '32k' },
      ...{ train_steps: 40, accelerator_type: 'GPU' },
    },
    files: ['dataset_uri'],
    region: 'us-central1',
    isSlice: true,
  },
  {
    folder: 'banking-embedding',
    templateUri: EMBEDDING,
    jobId: /^tune-text-embedding-model-[a-z0-9-]+$/,
    // The template has no project and no location.
    parameters: { base_model_version_id: 'textembedding-gecko@001', train_steps: 300, batch_size: 64 },
    files: ['queries_path', 'corpus_path', 'train_label_path', 'test_label_path'],
    region: 'us-central1',
  },
];

interface Job {
  name: string;
  templateUri: string;
  runtimeConfig: { parameterValues: Parameters };
}

let stack: Stack;
const ends = new Map<string, Promise<Run>>();

beforeAll(async () => {
  stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20 });
  for (const { folder } of EXAMPLES) ends.set(folder, dropAndFollow(folder));
});
afterAll(() => stack.close());

const dropAndFollow = async (folder: string) => stack.follow(await stack.drop(`examples/${folder}`, folder));
const endOf = (folder: string) => ends.get(folder) ?? Promise.reject(new Error(`${folder} was not dropped`));

function jobOf({ status }: Run): Job {
  const job = stack.cloud.vertex.jobs().find(({ name }) => name === status.job?.name) as Job | undefined;
  if (!job) throw new Error(`Vertex AI has no ${status.job?.name}`);
  return job;
}

describe.each(EXAMPLES)('$folder', ({ folder, templateUri, jobId, parameters, files, region, isSlice }) => {
  test('succeeds, with a model and nothing to be said of its data', async () => {
    const { status } = await endOf(folder);
    expect(status).toMatchObject({ state: 'SUCCEEDED', reason: 'JobSucceeded' });
    expect(status.issues?.map(({ code }) => code)).toEqual(
      isSlice ? [RETIRED, 'dataset_few_examples'] : [RETIRED],
    );
    expect(status.model).toMatch(new RegExp(`^projects/\\d+/locations/${region}/models/\\d+@1$`));
    const isDeployed = templateUri !== EMBEDDING;
    if (isDeployed)
      expect(status.endpoint).toMatch(new RegExp(`^projects/\\d+/locations/${region}/endpoints/\\d+$`));
    else expect(status.endpoint).toBeUndefined();
  });

  test('is submitted to its template, with what the template takes and nothing else', async () => {
    const run = await endOf(folder);
    const { name, templateUri: sentTo, runtimeConfig } = jobOf(run);
    expect(sentTo).toBe(templateUri);
    expect(name.split('/').at(-1)).toMatch(jobId);
    expect(name).toContain(`/locations/${region}/`);
    const staged = files.map((key) => [key, expect.stringMatching(/^gs:\/\/.+/)]);
    expect(runtimeConfig.parameterValues).toEqual({
      ...parameters,
      model_display_name: folder,
      ...Object.fromEntries(staged),
    });
  });
});

test('banking-embedding tells what is in each of its files', async () => {
  const { status } = await endOf('banking-embedding');
  expect(status.datasets).toMatchObject({
    queries_path: { examples: 1200, unusableExamples: 0, duplicateIds: 0 },
    corpus_path: { examples: 77, unusableExamples: 0, recordsWithTitle: 77 },
    train_label_path: { examples: 1000, queries: 1000, relevant: 1000, unknownQueries: 0 },
    test_label_path: { examples: 200, queries: 200, relevant: 200, unknownDocuments: 0 },
  });
});

test('labels of a query that does not exist are refused before anything is submitted', async () => {
  const folder = temporaryFolder();
  cpSync('examples/banking-embedding', folder, { recursive: true });
  appendFileSync(join(folder, 'test.tsv'), 'q9999\tintent_1\t1\n');
  const { status } = await stack.follow(await stack.drop(folder, 'unknown-query'));
  expect(status.state).toBe('REJECTED');
  expect(status.issues?.filter(({ severity }) => severity === 'error')).toMatchObject([
    {
      code: 'labels_query_unknown',
      line: 202,
      path: 'query-id',
      found: 'an id that no line of the queries has',
    },
  ]);
});

test('each drop that was right made one job', async () => {
  await Promise.all(ends.values());
  expect(stack.cloud.vertex.jobs()).toHaveLength(EXAMPLES.length);
});

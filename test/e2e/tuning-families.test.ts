import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, jobsIn, resultText, type SomeJob } from './example-folders.ts';

interface Example {
  folder: string;
  /** What is changed in its manifest, if anything: for a folder of the guide its base model. */
  changed?: Record<string, unknown>;
  /** What is sent beside files, labels and the name of the model, as Google’s pages and clients have it. */
  sent: Record<string, unknown>;
  spec: Record<string, unknown>;
  region: string;
  /** What is said of the upload. */
  issues: string[];
}

const ON_GEMINI = { base_model: 'gemini-3.1-flash-lite' };
const CONVERTED = 'dataset_converted';
const LEFT_OUT = 'keys_without_counterpart';

const EXAMPLES: Example[] = [
  {
    folder: 'medical-specialty',
    sent: { baseModel: 'gemini-3.1-flash-lite' },
    spec: { hyperParameters: { epochCount: '4', adapterSize: 'ADAPTER_SIZE_FOUR' } },
    region: 'us-central1',
    issues: [CONVERTED, CONVERTED],
  },
  {
    folder: 'openai-chat',
    sent: { baseModel: 'gemini-3.1-flash-lite' },
    spec: { hyperParameters: { epochCount: '3' } },
    region: 'us-central1',
    issues: [CONVERTED, CONVERTED],
  },
  {
    folder: 'gemini-contents',
    sent: { baseModel: 'gemini-3.5-flash' },
    spec: { hyperParameters: { epochCount: '3', adapterSize: 'ADAPTER_SIZE_FOUR' } },
    region: 'us-central1',
    issues: [],
  },
  {
    folder: 'gemini-preference',
    sent: { baseModel: 'gemini-2.5-flash' },
    spec: { hyperParameters: { epochCount: '2' } },
    region: 'us-central1',
    issues: ['model_retired'],
  },
  {
    folder: 'gemma',
    sent: { baseModel: 'google/gemma4@gemma-4-e4b-it' },
    spec: {
      hyperParameters: { epochCount: '3', adapterSize: 'ADAPTER_SIZE_EIGHT' },
      tuningMode: 'TUNING_MODE_PEFT_ADAPTER',
    },
    region: 'global',
    issues: [],
  },
  {
    folder: 'text-bison',
    changed: ON_GEMINI,
    sent: { baseModel: 'gemini-3.1-flash-lite' },
    // 100 steps of eight examples over 100 examples.
    spec: { hyperParameters: { epochCount: '8' } },
    region: 'us-central1',
    issues: [LEFT_OUT, CONVERTED, CONVERTED],
  },
  {
    folder: 'coffee-chat',
    changed: ON_GEMINI,
    sent: { baseModel: 'gemini-3.1-flash-lite' },
    // 1,000 steps of eight examples over 240 examples.
    spec: { hyperParameters: { epochCount: '33' } },
    region: 'us-central1',
    issues: [LEFT_OUT, 'many_epochs', CONVERTED],
  },
  {
    folder: 'python-code',
    changed: ON_GEMINI,
    sent: { baseModel: 'gemini-3.1-flash-lite' },
    // 200 steps of eight examples over 134 examples.
    spec: { hyperParameters: { epochCount: '12' } },
    region: 'us-central1',
    issues: [LEFT_OUT, CONVERTED, CONVERTED],
  },
];

let stack: Stack;
const ends = new Map<string, Promise<Run>>();

beforeAll(async () => {
  stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20 });
  for (const { folder, changed = {} } of EXAMPLES)
    ends.set(folder, drop(changedExample(folder, changed), folder));
});
afterAll(() => stack.close());

const drop = async (folder: string, as: string) => stack.follow(await stack.drop(folder, as));
const endOf = (folder: string) => ends.get(folder) ?? Promise.reject(new Error(`${folder} was not dropped`));

async function jobOf({ status }: Run): Promise<SomeJob> {
  const job = (await jobsIn(stack)).find(({ name }) => name === status.job?.name);
  if (!job) throw new Error(`Vertex AI has no ${status.job?.name}`);
  return job;
}

describe.each(EXAMPLES)('$folder', { timeout: 120_000 }, ({ folder, sent, spec, region, issues }) => {
  const isOpen = folder === 'gemma';
  const method = folder === 'gemini-preference' ? 'preferenceOptimizationSpec' : 'supervisedTuningSpec';

  test('succeeds, and what was done with its upload is said', async () => {
    const { status } = await endOf(folder);
    expect(status).toMatchObject({ state: 'SUCCEEDED', reason: 'JobSucceeded' });
    expect((status.issues ?? []).map(({ code }) => code).sort()).toEqual([...issues].sort());
    if (isOpen) expect(status.endpoint).toBeUndefined();
    else expect(status.endpoint).toMatch(new RegExp(`^projects/\\d+/locations/${region}/endpoints/\\d+$`));
  });

  test('is submitted with what its model takes, and epochs are always sent', async () => {
    const run = await endOf(folder);
    const { name, tunedModelDisplayName, outputUri, ...job } = await jobOf(run);
    expect(name).toContain(`/locations/${region}/tuningJobs/`);
    expect(job).toMatchObject(sent);
    expect(tunedModelDisplayName).toBe(
      JSON.parse(readFileSync(`examples/${folder}/tune.json`, 'utf8')).model_display_name,
    );
    const { dataset_uri: training, evaluation_data_uri: evaluation } = run.spec.datasets ?? {};
    const sentSpec = job[method] as Record<string, unknown>;
    expect(sentSpec).toMatchObject(spec);
    expect(sentSpec.trainingDatasetUri).toBe(training?.convertedUri ?? training?.stagedUri);
    expect(sentSpec.validationDatasetUri).toBe(evaluation?.convertedUri ?? evaluation?.stagedUri);
    if (isOpen) expect(outputUri).toMatch(/^gs:\/\/tunedrop-local-results\/output\//);
    else expect(outputUri).toBeUndefined();
  });
});

test('the folders of the guide keep their files: what is uploaded, staged and converted are three things', async () => {
  const { spec } = await endOf('coffee-chat');
  const { stagedUri, convertedUri } = spec.datasets?.dataset_uri ?? {};
  expect(await resultText(stack, stagedUri)).toBe(readFileSync('examples/coffee-chat/train.jsonl', 'utf8'));
  const [first = ''] = (await resultText(stack, convertedUri)).split('\n');
  expect(JSON.parse(first)).toMatchObject({
    systemInstruction: { parts: [{ text: expect.stringContaining('You take orders for a coffee shop.') }] },
    contents: [{ role: 'user' }, { role: 'model' }, { role: 'user' }, { role: 'model' }],
  });
});

describe('gemini-continued', { timeout: 120_000 }, () => {
  test('is refused as it is: its model is a placeholder, and what to write is said', async () => {
    const { status } = await drop('examples/gemini-continued', 'placeholder');
    expect(status).toMatchObject({
      state: 'REJECTED',
      issues: [{ code: 'pre_tuned_model_not_allowed', path: 'pre_tuned_model', severity: 'error' }],
    });
  });

  test('goes on from the model that gemini-contents left, once that is written into it', async () => {
    const { status } = await endOf('gemini-contents');
    const folder = join(temporaryFolder(), 'gemini-continued');
    cpSync('examples/gemini-continued', folder, { recursive: true });
    const path = join(folder, 'tune.json');
    const placeholder = JSON.parse(readFileSync(path, 'utf8')).pre_tuned_model;
    writeFileSync(path, readFileSync(path, 'utf8').replace(placeholder, status.model ?? ''));
    const run = await drop(folder, 'gemini-continued');
    expect(run.status.state).toBe('SUCCEEDED');
    expect(run.status.model).not.toBe(status.model);
    expect(await jobOf(run)).toMatchObject({
      preTunedModel: { tunedModelName: status.model, baseModel: 'gemini-3.5-flash' },
    });
  });
});

test('each drop that was right made one job', { timeout: 120_000 }, async () => {
  await Promise.all(ends.values());
  const jobs = await jobsIn(stack);
  expect(jobs).toHaveLength(EXAMPLES.length + 1);
});

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { jobsIn, resultText } from './example-folders.ts';

const dataDir = temporaryFolder();
let stack: Stack;
const runs = new Map<string, Run>();

beforeAll(async () => {
  stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 400 });
  stack.watch((run) => runs.set(run.runId, run));
});
afterAll(() => stack.close());

const stateOf = (uri: string) => [...runs.values()].find(({ spec }) => spec.source.uri === uri)?.status.state;

test('medical-specialty is tuned: a model, an endpoint, and what was trained on is what was dropped, in the form of Gemini', async () => {
  const run = await stack.follow(await stack.drop('examples/medical-specialty', 'medical-specialty'));
  expect(run.status).toMatchObject({ state: 'SUCCEEDED', reason: 'JobSucceeded' });
  expect(run.status.model).toMatch(/^projects\/\d+\/locations\/us-central1\/models\/\d+@1$/);
  expect(run.status.endpoint).toMatch(/^projects\/\d+\/locations\/us-central1\/endpoints\/\d+$/);
  expect(run.status.datasets?.dataset_uri?.examples).toBe(415);
  expect(run.status.datasets?.evaluation_data_uri?.examples).toBe(50);
  expect(run.spec.plan?.training).toEqual({ epochs: 4, examples: 415 });
  expect(run.status.issues?.map(({ code }) => code)).toEqual(['dataset_converted', 'dataset_converted']);

  const { stagedUri, convertedUri } = run.spec.datasets?.dataset_uri ?? {};
  const dropped = readFileSync('examples/medical-specialty/train.jsonl', 'utf8');
  expect(await resultText(stack, stagedUri)).toBe(dropped);
  const converted = (await resultText(stack, convertedUri)).trim().split('\n');
  expect(converted.map((line) => JSON.parse(line))).toEqual(
    dropped
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ input_text, output_text }) => ({
        contents: [
          { role: 'user', parts: [{ text: input_text }] },
          { role: 'model', parts: [{ text: output_text }] },
        ],
      })),
  );
  const [job, ...others] = await jobsIn(stack);
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    baseModel: 'gemini-3.1-flash-lite',
    tunedModelDisplayName: 'medical-specialty',
    supervisedTuningSpec: {
      trainingDatasetUri: convertedUri,
      hyperParameters: { epochCount: '4', adapterSize: 'ADAPTER_SIZE_FOUR' },
    },
  });
});

test('its history tells every state, and status.json says what the document says', async () => {
  const run = [...runs.values()].find(({ status }) => status.state === 'SUCCEEDED');
  if (!run) throw new Error('no run has succeeded yet');
  expect(run.status.history.map(({ to }) => to)).toEqual([
    'RECEIVED',
    'VALIDATED',
    'SUBMITTING',
    'SUBMITTED',
    'RUNNING',
    'SUCCEEDED',
  ]);
  const file = JSON.parse(await resultText(stack, `${run.status.folder}status.json`));
  const { work: _work, ...shown } = run;
  expect(file).toEqual(shown);
  const pointers = await stack.firestore.collection('manifests').get();
  expect(pointers.docs.map((doc) => doc.get('runId'))).toContain(run.runId);
});

test('what its document says to call it, pasted into a shell, reaches the tuned model', async (context) => {
  const run = [...runs.values()].find(({ status }) => status.state === 'SUCCEEDED');
  const asked = promisify(execFile)('sh', ['-c', run?.status.howToCall?.curl ?? 'exit 1']);
  const { stdout } = await asked.catch((failed: { code?: number }) => {
    // The shell's code for a command that is not there.
    if (failed.code === 127) context.skip('SKIPPED: there is no curl here');
    throw failed;
  });
  const { message } = JSON.parse(stdout).error;
  expect(message).toContain('no model was trained');
  expect(message).toContain(run?.status.result?.model);
});

test('a function warns of nothing while it works', () => {
  expect(readFileSync(join(dataDir, 'cloud.log'), 'utf8')).not.toContain('Warning');
});

test('waits-for-data waits, visibly, and goes on when its data is dropped', async () => {
  const uri = await stack.drop('examples/waits-for-data', 'waits-for-data');
  const ended = stack.follow(uri);
  await until('the run waits', () => stateOf(uri) === 'WAITING');
  const waiting = [...runs.values()].find(({ spec }) => spec.source.uri === uri);
  expect(waiting?.status.message).toContain('waits-for-data/train.jsonl');
  expect(waiting?.work.nextActionAt).not.toBeNull();
  // By hand, as anybody would.
  mkdirSync(join(stack.inbox, 'waits-for-data'), { recursive: true });
  copyFileSync('examples/medical-specialty/train.jsonl', join(stack.inbox, 'waits-for-data', 'train.jsonl'));
  expect((await ended).status.state).toBe('SUCCEEDED');
});

test('has-mistakes is rejected with all of its mistakes at once, and nothing is submitted', async () => {
  const jobs = (await jobsIn(stack)).length;
  const run = await stack.follow(await stack.drop('examples/has-mistakes', 'has-mistakes'));
  expect(run.status.state).toBe('REJECTED');
  const errors = (run.status.issues ?? []).filter(({ severity }) => severity === 'error');
  expect(
    errors
      .map(({ file, line, path, code }) => `${file.split('/').at(-1)}:${line ?? ''}:${path ?? ''} ${code}`)
      .sort(),
  ).toMatchInlineSnapshot(`
    [
      "eval.jsonl:: dataset_too_few_examples",
      "train.jsonl:12:input_text field_wrong_type",
      "train.jsonl:3: line_not_json",
      "train.jsonl:6:output_text field_missing",
      "tune.json:6:trainSteps unknown_key",
      "tune.json:7:["accelerator_type:"] unknown_key",
      "tune.json:8:pipeline_job_region invalid_value",
    ]
  `);
  const lines = (await resultText(stack, run.status.issuesFile)).trim().split('\n');
  const total = Object.values(run.status.issueCount ?? {}).reduce((sum, count) => sum + count, 0);
  expect(lines).toHaveLength(total);
  expect(await jobsIn(stack)).toHaveLength(jobs);
});

test('the same folder dropped again is reported as the same bytes and not paid twice', async () => {
  const first = [...runs.values()].find(({ spec }) => spec.source.uri.includes('/medical-specialty/'));
  const jobs = (await jobsIn(stack)).length;
  const uri = await stack.drop('examples/medical-specialty', 'medical-specialty');
  const again = await stack.follow(uri, { isNew: ({ runId }) => runId !== first?.runId });
  expect(again.status).toMatchObject({
    state: 'SKIPPED',
    reason: 'SameBytes',
    sameAs: `runs/${first?.runId}`,
  });
  expect(await jobsIn(stack)).toHaveLength(jobs);
});

test('files that are neither manifest nor data are ignored', async () => {
  const before = runs.size;
  const folder = temporaryFolder();
  copyFileSync('package.json', join(folder, 'notes.txt'));
  await stack.drop(folder, 'unrelated');
  const marker = await stack.follow(await stack.drop('examples/has-mistakes', 'after-unrelated'));
  expect(marker.status.state).toBe('REJECTED');
  expect(runs.size).toBe(before + 1);
});

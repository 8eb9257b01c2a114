import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.close();
  stack = undefined;
});

const EXAMPLE = 'examples/text-bison';
const STAND_IN = ['--trainer', 'stand-in'];

describe('kill -9 during a run loses nothing', () => {
  const CASES: [victim: string, when: RunState][] = [
    ['validate', 'RECEIVED'],
    ['submit', 'VALIDATED'],
    ['poll', 'SUBMITTED'],
    ['validate', 'RUNNING'],
    ['poll', 'RUNNING'],
  ];

  test.each(CASES)('of %s while the run is %s', async (victim, when) => {
    const started = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 300 });
    stack = started;
    let killed = false;
    const kill = () => {
      const pid = started.functions.find(({ name }) => name === victim)?.pid;
      if (killed || pid === undefined) return;
      killed = true;
      process.kill(pid, 'SIGKILL');
    };
    const run = await started.follow(await started.drop(EXAMPLE, 'killed'), {
      // A listener is told of the newest state alone: on a busy machine it may hear of one when the next is there.
      onChange: ({ status }) => {
        if (status.history.some(({ to }) => to === when)) kill();
      },
    });
    expect(killed).toBe(true);
    expect(run.status.state).toBe('SUCCEEDED');
    expect(started.cloud.vertex.jobs()).toHaveLength(1);
    const restarts = () => started.functions.find(({ name }) => name === victim)?.restarts;
    await until(`${victim} was started again`, () => restarts() === 1);
  });
});

test('a cloud that stops in the middle of a run goes on after the next start', async () => {
  const dataDir = temporaryFolder();
  const first = await startStack({ trainer: 'stand-in', dataDir, taskMs: 300 });
  stack = first;
  const uri = await first.drop(EXAMPLE, 'interrupted');
  await new Promise<void>((resolve) => {
    const stop = first.watch(({ status }) => {
      if (!status.history.some(({ to }) => to === 'SUBMITTED')) return;
      stop();
      resolve();
    });
  });
  await first.close();
  stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 50 });
  const run = await stack.follow(uri);
  expect(run.status.state).toBe('SUCCEEDED');
  expect(stack.cloud.vertex.jobs()).toHaveLength(1);
});

test('kill -9 of the whole cloud leaves no process behind, and the run ends after the next start', async () => {
  const dataDir = temporaryFolder();
  const host = spawn(
    process.execPath,
    ['cli/tunedrop.mjs', 'start', '--once', EXAMPLE, ...STAND_IN, '--data-dir', dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let shown = '';
  host.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  // What is shown is the newest state, so that SUBMITTED may be left out.
  await until('the run is submitted', () => /SUBMITTED|RUNNING|SUCCEEDED/.test(shown));
  host.kill('SIGKILL');
  await until('the functions ended with it', () => functionsOf(dataDir) === 0);

  stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 50 });
  const run = await stack.follow(`gs://${stack.cloud.buckets.inbox}/text-bison/tune.json`);
  expect(run.status.state).toBe('SUCCEEDED');
  expect(stack.cloud.vertex.jobs()).toHaveLength(1);
});

/** Function processes that keep their compile cache in this folder; told only where the system lists processes as files. */
function functionsOf(dataDir: string): number {
  if (!existsSync('/proc')) return 0;
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return processes.filter((pid) => {
    try {
      return readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(`NODE_COMPILE_CACHE=${dataDir}`);
    } catch {
      return false;
    }
  }).length;
}

test('a permission that is missing at first is named in the log once, with what grants it, and the run goes on', async () => {
  const dataDir = temporaryFolder();
  stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 50 });
  const { firestore } = stack.cloud.faults;
  // The first tick writes down since when uploads are its affair; from then on the drop alone writes.
  const since = stack.firestore.doc('deployment/inbox');
  await until('the first tick is over', async () => (await since.get()).exists);
  const denied = { kind: 'error', status: 403, message: 'Missing or insufficient permissions.' } as const;
  firestore.script('Commit', [denied, denied]);
  const run = await stack.follow(await stack.drop(EXAMPLE, 'denied'));
  expect(run.status.state).toBe('SUCCEEDED');
  expect(firestore.remaining()).toEqual({});
  const lines = readFileSync(join(dataDir, 'cloud.log'), 'utf8').split('\n');
  const named = lines.filter((line) => line.includes('the deployment lacks something'));
  expect(named).toHaveLength(1);
  expect(named[0]).toContain('"reason":"FirestoreDenied"');
  expect(named[0]).toContain(
    '--member serviceAccount:tunedrop-validate@tunedrop-local.iam.gserviceaccount.com --role roles/datastore.user',
  );
  expect(named[0]).toContain(' onManifest (');
});

describe('Vertex AI that does not answer as it should', () => {
  test('a 429, a 503 and a lost answer are waited out, and one job is made', async () => {
    stack = await startStack({
      trainer: 'stand-in',
      dataDir: temporaryFolder(),
      taskMs: 50,
      environment: { RETRY_SCALE: '0.005' },
    });
    const { vertex, faults } = stack.cloud;
    faults.vertex.script('pipelineJobs.create', [
      { kind: 'error', status: 503 },
      { kind: 'error', status: 429 },
      { kind: 'reset', afterEffect: true },
    ]);
    const reasons = new Set<string>();
    const run = await stack.follow(await stack.drop(EXAMPLE, 'stormy'), {
      onChange: ({ status }) => reasons.add(status.reason),
    });
    expect(run.status.state).toBe('SUCCEEDED');
    expect(reasons).toContain('QuotaExceeded');
    expect(reasons).toContain('VertexUnavailable');
    expect(faults.vertex.remaining()).toEqual({});
    expect(vertex.jobs()).toHaveLength(1);
  });

  test('a refusal ends the run with Vertex AI’s own words', async () => {
    stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 50 });
    const refusal = {
      kind: 'error',
      status: 400,
      message: 'Invalid value for parameter train_steps.',
    } as const;
    // On a busy machine the request is sent again before the first answer is there, and meets the same.
    stack.cloud.faults.vertex.script('pipelineJobs.create', Array(10).fill(refusal));
    const run = await stack.follow(await stack.drop(EXAMPLE, 'refused'));
    expect(run.status).toMatchObject({ state: 'FAILED', reason: 'RequestRefused' });
    expect(run.status.message).toContain('Invalid value for parameter train_steps.');
  });

  test('a job that fails carries the failed task’s own words', async () => {
    stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 50 });
    stack.cloud.vertex.failNextJob({
      task: 'large-language-model-tuner',
      code: 'INVALID_ARGUMENT',
      message: 'No example has a target.',
    });
    const run = await stack.follow(await stack.drop(EXAMPLE, 'failing'));
    expect(run.status).toMatchObject({
      state: 'FAILED',
      job: { failedTask: 'large-language-model-tuner', state: 'PIPELINE_STATE_FAILED' },
    });
    expect(run.status.message).toContain('No example has a target.');
  });

  test('a job that fails for want of quota is made anew when the wait is over, under another id', async () => {
    stack = await startStack({
      ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 50, scheduleMs: 100 },
      environment: { RETRY_SCALE: '0.005' },
    });
    stack.cloud.vertex.failNextJob({
      task: 'large-language-model-tuner',
      code: 'RESOURCE_EXHAUSTED',
      message: 'The following quota metrics exceed quota limits.',
    });
    const waits: (string | undefined)[] = [];
    const run = await stack.follow(await stack.drop(EXAMPLE, 'without-quota'), {
      onChange: ({ status }) => {
        if (status.reason === 'QuotaExceeded') waits.push(status.job?.nextAttemptAt);
      },
    });
    expect(waits).toEqual([expect.any(String)]);
    expect(run.status).toMatchObject({ state: 'SUCCEEDED', job: { attempt: 2 } });
    expect(run.status.job?.name).toMatch(/-a2$/);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { temporaryFolder } from '../support/service-options.ts';

const EXAMPLE = 'examples/text-bison';
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 20, scheduleMs: 200 },
    environment: { RETRY_SCALE: '0.005' },
  });
});
afterAll(() => stack.close());

test('every call of a run is known by the function that made it', async () => {
  const run = await stack.follow(await stack.drop(EXAMPLE, 'known'));
  expect(run.status.state).toBe('SUCCEEDED');
  const calls = stack.cloud.history.since();
  const methodsOf = (caller: string) =>
    new Set(calls.filter((call) => call.caller === caller).map(({ method }) => method));
  expect(methodsOf('validate')).toContain('storage.objects.media');
  expect(methodsOf('validate')).toContain('Commit');
  expect(methodsOf('submit')).toContain('pipelineJobs.create');
  expect(methodsOf('poll')).toContain('pipelineJobs.get');
  expect(methodsOf('vertex')).toContain('storage.objects.media');
  const created = calls.filter(({ method, outcome }) => method === 'pipelineJobs.create' && outcome === 'ok');
  expect(created).toMatchObject([{ caller: 'submit', run: run.runId, outcome: 'ok' }]);
});

test('faults of the functions’ reads are met by the functions, whatever the stand-in reads', async () => {
  const { storage, pubsub } = stack.cloud.faults;
  storage.script('storage.objects.get', [{ kind: 'error', status: 503 }], { caller: 'submit' });
  storage.script('download', [{ kind: 'break', afterBytes: 100 }], {
    caller: 'validate',
    run: 'train.jsonl',
  });
  pubsub.script('Message', [{ kind: 'duplicate', id: 'same' }], { run: 'broken/tune.json' });
  const run = await stack.follow(await stack.drop(EXAMPLE, 'broken'));
  expect(run.status.state).toBe('SUCCEEDED');
  expect(storage.remaining()).toEqual({});
  expect(pubsub.remaining()).toEqual({});
});

test('a function that is killed by its own call is started again, and the run goes on', async () => {
  const { vertex } = stack.cloud.faults;
  vertex.script('pipelineJobs.create', [{ kind: 'kill', afterEffect: true }], { caller: 'submit' });
  const run = await stack.follow(await stack.drop(EXAMPLE, 'killed'));
  expect(run.status.state).toBe('SUCCEEDED');
  expect(vertex.remaining()).toEqual({});
  expect(stack.functions.find(({ name }) => name === 'submit')?.restarts).toBe(1);
  expect(stack.cloud.vertex.jobs().filter((job) => JSON.stringify(job).includes(run.runId))).toHaveLength(1);
});

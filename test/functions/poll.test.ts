import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { SomeTask } from '../support/some-jobs.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const MODEL = 'projects/123/locations/us-central1/models/456@1';
const ENDPOINT = 'projects/123/locations/us-central1/endpoints/789';

const UPLOADED: SomeTask[] = [
  {
    name: 'upload-llm-model',
    state: 'SUCCEEDED',
    metadata: { 'output:model_resource_name': `${MODEL} `, 'output:endpoint_resource_name': ENDPOINT },
  },
];

async function submitted(): Promise<{ world: World; job: string }> {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.deliver();
  return { world, job: world.theRun().status.job?.name ?? '' };
}

test('with nothing under way no job is looked at', async () => {
  const world = createWorld();
  await world.poll();
  expect(world.backend.calls).toEqual({ create: 0, find: 0, observe: 0, cancel: 0 });
});

describe('a submitted run', () => {
  let world: World;
  let job: string;
  beforeEach(async () => {
    ({ world, job } = await submitted());
  });

  test('follows its job to the model and its endpoint', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING', startTime: '2026-03-01T12:01:00Z' });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'RUNNING', startTime: '2026-03-01T12:01:00Z' });
    world.backend.set(job, {
      state: 'PIPELINE_STATE_SUCCEEDED',
      endTime: '2026-03-01T14:00:00Z',
      tasks: UPLOADED,
    });
    world.pass(60);
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'SUCCEEDED',
      model: MODEL,
      endpoint: ENDPOINT,
      endTime: '2026-03-01T14:00:00Z',
    });
    expect(world.statusFile(world.theRun()).status.state).toBe('SUCCEEDED');
  });

  test('costs no write on a tick that brings nothing new', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    await world.poll();
    const { writes } = world.runs;
    for (let tick = 0; tick < 5; tick++) {
      world.pass(60);
      await world.poll();
    }
    expect(world.runs.writes).toBe(writes);
    expect(world.backend.calls.observe).toBe(6);
  });

  test('costs six document writes from upload to success, and one for the model that it made', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    await world.poll();
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    expect(world.runs.models.size).toBe(1);
    expect(world.runs.writes - world.runs.models.size).toBe(6);
  });

  test('leaves its model in the mirror of the registry, and says how to call it', async () => {
    world.registry.set(MODEL, {
      displayName: 'reviews',
      version: '1',
      createTime: 'then',
      labels: { a: 'b' },
    });
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    const { runId, status } = world.theRun();
    expect(world.runs.models.get('456')).toEqual({
      model: MODEL.replace('@1', ''),
      version: '1',
      versions: ['1'],
      displayName: 'reviews',
      baseModel: 'text-bison@002',
      runId,
      endpoint: ENDPOINT,
      region: 'us-central1',
      createTime: 'then',
      labels: { a: 'b' },
    });
    expect(status.result).toMatchObject({
      model: MODEL.replace('@1', ''),
      modelVersion: MODEL,
      endpoint: ENDPOINT,
    });
    expect(status.howToCall?.curl).toContain(`${ENDPOINT}:predict`);
  });

  test('that failed leaves no model', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_FAILED', tasks: UPLOADED });
    await world.poll();
    expect(world.runs.models.size).toBe(0);
    expect(world.theRun().status.howToCall).toBeUndefined();
  });

  test('is no longer looked at once it has ended', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    const { observe } = world.backend.calls;
    await world.poll();
    expect(world.backend.calls.observe).toBe(observe);
  });

  test('that failed carries the failed task’s own words, not that "the DAG failed"', async () => {
    world.backend.set(job, {
      state: 'PIPELINE_STATE_FAILED',
      error: 'The DAG failed because some tasks failed.',
      tasks: [
        { name: 'root', state: 'FAILED', schemaTitle: 'system.Run', error: 'The DAG failed.', metadata: {} },
        {
          name: 'large-language-model-tuner',
          state: 'FAILED',
          error: 'code=INVALID_ARGUMENT, message=no target',
          metadata: {},
        },
      ],
    });
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'FAILED',
      job: { failedTask: 'large-language-model-tuner', error: 'code=INVALID_ARGUMENT, message=no target' },
    });
    expect(world.theRun().status.message).toContain('no target');
  });

  test('whose time was up says so, and what to change', async () => {
    world.backend.set(job, { state: 'JOB_STATE_EXPIRED' });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'EXPIRED', reason: 'JobExpired' });
    expect(world.theRun().status.message).toBe('Vertex AI ended the job because its time was up.');
    expect(world.theRun().status.remedy).toContain('fewer train_steps');
  });

  test('that came to part of its results says so before it names them', async () => {
    world.backend.set(job, { state: 'JOB_STATE_PARTIALLY_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    expect(world.theRun().status.state).toBe('PARTIAL');
    expect(world.theRun().status.message).toMatch(/^Vertex AI finished the job with part of its results\. /);
  });

  test.each([
    ['PIPELINE_STATE_QUEUED', 'SUBMITTED', 'JobQueued'],
    ['PIPELINE_STATE_PENDING', 'SUBMITTED', 'JobCreated'],
    ['PIPELINE_STATE_RUNNING', 'RUNNING', 'JobRunning'],
    ['PIPELINE_STATE_PAUSED', 'RUNNING', 'JobPaused'],
    ['PIPELINE_STATE_CANCELLING', 'RUNNING', 'JobCancelling'],
    ['PIPELINE_STATE_CANCELLED', 'CANCELLED', 'JobCancelled'],
    ['PIPELINE_STATE_DREAMING', 'SUBMITTED', 'JobStateUnknown'],
    ['JOB_STATE_PARTIALLY_SUCCEEDED', 'PARTIAL', 'JobPartiallySucceeded'],
    ['JOB_STATE_EXPIRED', 'EXPIRED', 'JobExpired'],
  ])('whose job is %s is %s, because %s', async (state, runState, reason) => {
    world.backend.set(job, { state });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: runState, reason });
  });

  test('whose job is in a state that nobody knows is told so once, with what to do, and goes on when it is known', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_DREAMING' });
    await world.poll();
    const { writes } = world.runs;
    world.pass(24 * 3600);
    await world.poll();
    expect(world.runs.writes).toBe(writes);
    expect(world.theRun().status.message).toContain('PIPELINE_STATE_DREAMING');
    expect(world.theRun().status.remedy).toContain('"cancel": true');
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED' });
    expect(world.theRun().status.remedy).toBeUndefined();
  });

  test('never goes back: a late look at a running job changes nothing after success', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    const before = world.theRun();
    await world.poll();
    const ended = world.theRun();
    await world.runs.apply(
      before.runId,
      {
        type: 'JobRunning',
        reason: 'JobRunning',
        message: 'late',
        next: { action: 'observe', at: '2026-03-01T12:00:00.000Z' },
      },
      '2026-03-01T15:00:00.000Z',
    );
    expect(world.theRun()).toEqual(ended);
  });

  test('whose job is not found is looked for again before it counts as lost', async () => {
    world.backend.jobs.clear();
    const states: string[] = [];
    for (let look = 0; look < 4; look++) {
      await world.poll();
      states.push(world.theRun().status.state);
      world.pass(300);
    }
    expect(states).toEqual(['SUBMITTED', 'SUBMITTED', 'SUBMITTED', 'LOST']);
  });

  test('whose job was found again after all goes on', async () => {
    const jobs = [...world.backend.jobs];
    world.backend.jobs.clear();
    await world.poll();
    for (const [name, found] of jobs)
      world.backend.jobs.set(name, { ...found, state: 'PIPELINE_STATE_RUNNING' });
    world.pass(300);
    await world.poll();
    expect(world.theRun().status.state).toBe('RUNNING');
    expect(world.theRun().work.attempts).toBe(0);
  });
});

describe('one thing that cannot be looked at', () => {
  const two = async () => {
    const world = createWorld();
    for (const folder of ['one', 'two']) {
      world.upload(`${folder}/train.jsonl`, examples(120, folder));
      await world.finalized(world.upload(`${folder}/tune.json`, aManifest()));
    }
    await world.deliver();
    const [one, two] = [...world.runs.documents.values()].map(({ status }) => status.job?.name ?? '');
    return { world, one: one ?? '', two: two ?? '' };
  };

  test('is told in its own run, and keeps no other from being followed', async () => {
    const { world, one, two: other } = await two();
    world.backend.set(other, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    const { observe } = world.backend;
    world.backend.observe = async (names) => {
      const look = await observe(names);
      return async (name) => {
        if (name !== one) return look(name);
        throw new TuneError('environment', 'no permission to read jobs', { reason: 'PermissionDenied' });
      };
    };
    await world.poll();
    const states = [...world.runs.documents.values()].map(({ status }) => [status.state, status.reason]);
    expect(states).toEqual([
      ['SUBMITTED', 'PermissionDenied'],
      ['SUCCEEDED', 'JobSucceeded'],
    ]);
    const { writes } = world.runs;
    await world.poll();
    expect(world.runs.writes).toBe(writes);
  });
});

test('more runs than fit into one page are all followed in one tick', async () => {
  const { world } = await submitted();
  const [first] = world.runs.documents.values();
  if (!first) throw new Error('no run');
  for (let serial = 0; serial < 600; serial++) {
    const runId = `r${String(serial).padStart(40, 'a')}`;
    const name = `projects/123/locations/us-central1/pipelineJobs/job-${serial}`;
    const job = { name, state: 'PIPELINE_STATE_PENDING', region: 'us-central1', attempt: 1 };
    const source = { ...first.spec.source, generation: String(serial) };
    const run = { ...structuredClone(first), runId, status: { ...first.status, job } };
    world.runs.documents.set(runId, { ...run, spec: { ...first.spec, source } });
    world.backend.jobs.set(name, { name, state: 'PIPELINE_STATE_RUNNING', labels: {}, tasks: [] });
  }
  await world.poll();
  const waiting = [...world.runs.documents.values()].filter(({ status }) => status.state === 'SUBMITTED');
  expect(waiting.map(({ runId }) => runId)).toEqual([first.runId]);
});

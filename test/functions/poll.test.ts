import { beforeEach, describe, expect, test } from 'vitest';
import type { JobObservation } from '../../shared/core/job-state.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const MODEL = 'projects/123/locations/us-central1/models/456@1';
const ENDPOINT = 'projects/123/locations/us-central1/endpoints/789';

const UPLOADED: JobObservation['tasks'] = [
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

  test('costs ten document writes from upload to success', async () => {
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    await world.poll();
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: UPLOADED });
    await world.poll();
    expect(world.runs.writes).toBe(10);
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
          error: 'code=RESOURCE_EXHAUSTED, message=no GPUs',
          metadata: {},
        },
      ],
    });
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'FAILED',
      job: { failedTask: 'large-language-model-tuner', error: 'code=RESOURCE_EXHAUSTED, message=no GPUs' },
    });
    expect(world.theRun().status.message).toContain('no GPUs');
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

describe('what was not done is asked for again', () => {
  test('a message to submit that got lost', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.published.splice(0);
    await world.poll();
    expect(world.published).toEqual([]);
    world.pass(60);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('a validate function that died: another takes over when its lease is over', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    const manifest = world.upload('reviews/tune.json', aManifest());
    const { copy } = world.objects;
    world.objects.copy = () => Promise.reject(new Error('killed'));
    await expect(world.finalized(manifest)).rejects.toThrow('killed');
    world.objects.copy = copy;
    world.pass(601);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('and given up, visibly, when nobody ever comes', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    for (let minute = 0; minute < 200 && world.theRun().status.state === 'VALIDATED'; minute++) {
      world.published.splice(0);
      world.pass(60);
      await world.poll();
    }
    expect(world.theRun().status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'TooManyRequests' });
  });
});

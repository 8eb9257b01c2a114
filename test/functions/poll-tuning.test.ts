import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { ConfigError, readConfig } from '../../shared/runtime/config.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { at } from '../support/runs.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const MANIFEST = JSON.stringify({ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' });
const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';
const HOUR = 3600;
const steps = (step: number): MetricSeries[] => [
  { name: '/train_total_loss', points: step > 0 ? [{ step, value: 1 }] : [] },
];

/** A job of `tuningJobs` that says what a test tells it, and the run that follows it. */
async function tuning(options: { maxTuningHours?: number } = {}) {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend, ...options });
  world.upload('reviews/train.jsonl', examples(20));
  await world.finalized(world.upload('reviews/tune.json', MANIFEST));
  await world.deliver();
  const says: Partial<JobObservation> = { stage: 'TUNING', experiment: 'contexts/e' };
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_RUNNING', phase: 'running', labels: {}, outputs: {} },
    ...says,
  });
  return { world, says: (change: Partial<JobObservation>) => Object.assign(says, change) };
}

async function lookAfter(world: World, seconds: number) {
  world.pass(seconds);
  await world.poll();
  return world.theRun().status;
}

describe('a job that makes no step', () => {
  let world: World;
  let says: (change: Partial<JobObservation>) => void;
  beforeEach(async () => {
    ({ world, says } = await tuning());
  });

  test('for two hours is named as such, with since when and what can be done; when it goes on, the words go back', async () => {
    world.metrics.series = steps(0);
    expect(await lookAfter(world, 0)).toMatchObject({ reason: 'JobRunning' });
    expect(await lookAfter(world, 2 * HOUR)).toMatchObject({ reason: 'JobRunning' });
    const { writes } = world.runs;
    expect(await lookAfter(world, 60)).toMatchObject({
      state: 'RUNNING',
      reason: 'JobMakesNoStep',
      message: expect.stringContaining(`made no step since ${at(0)}, for more than 2 hours`),
      remedy: expect.stringContaining('"cancel": true'),
    });
    for (let look = 0; look < 20; look++) await lookAfter(world, HOUR);
    expect(world.runs.writes).toBe(writes + 1);
    world.metrics.series = steps(1);
    const status = await lookAfter(world, 60);
    expect(status).toMatchObject({ state: 'RUNNING', reason: 'JobRunning' });
    expect(status.remedy).toBeUndefined();
    expect(world.runs.writes).toBe(writes + 2);
  });

  test('any more is named from its last step on', async () => {
    world.metrics.series = steps(7);
    await lookAfter(world, HOUR);
    expect(await lookAfter(world, 2 * HOUR + 60)).toMatchObject({
      reason: 'JobMakesNoStep',
      message: expect.stringContaining(`since ${at(HOUR)}`),
    });
  });

  test('but completes passes over the data goes on, where no step is said; one that completes none is named so', async () => {
    says({ experiment: undefined });
    for (const epochs of [0, 1, 2]) {
      says({ completed: { epochs } });
      expect(await lookAfter(world, 1.5 * HOUR)).toMatchObject({ reason: 'JobRunning' });
    }
    expect(await lookAfter(world, 2 * HOUR + 60)).toMatchObject({
      reason: 'JobMakesNoStep',
      message: expect.stringMatching(/completed no pass over the data since .* nothing of its steps/),
    });
  });

  test.each<[string, Partial<JobObservation>]>([
    ['where nothing is said of steps at all', { experiment: undefined }],
    ['where not even a stage is said', { experiment: undefined, stage: undefined }],
    ['while it waits for quota', { stage: 'WAITING_FOR_QUOTA', completed: { epochs: 0 } }],
    ['while it uploads', { stage: 'POST_PROCESSING', completed: { epochs: 4 } }],
    [
      'once every step is made',
      {
        completed: { epochs: 4, steps: 9 },
        dataStats: { steps: 9, truncatedSample: [], droppedSample: [], droppedReasons: [] },
      },
    ],
  ])('is not said to make none %s', async (_name, change) => {
    says(change);
    const { reason } = await lookAfter(world, 60);
    expect(await lookAfter(world, 30 * HOUR)).toMatchObject({ reason });
    expect(reason).not.toBe('JobMakesNoStep');
  });

  test('keeps its words where its curves cannot be read for a while', async () => {
    world.metrics.series = steps(0);
    await lookAfter(world, 0);
    await lookAfter(world, 3 * HOUR);
    const { writes } = world.runs;
    world.metrics.fault = new TuneError('environment', 'denied', { reason: 'PermissionDenied' });
    expect(await lookAfter(world, 60)).toMatchObject({ reason: 'JobMakesNoStep' });
    expect(world.runs.writes).toBe(writes);
  });
});

test('a run that stands still keeps its words in the ticks in which others have their turn', async () => {
  const world = createWorld({ limits: { defaultTensorboards: [TENSORBOARD] } });
  for (let index = 0; index < 40; index++) {
    world.upload(`f${index}/train.jsonl`, examples(120, `word ${index}`));
    await world.finalized(world.upload(`f${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  for (const name of world.backend.jobs.keys()) world.backend.set(name, { state: 'PIPELINE_STATE_RUNNING' });
  world.metrics.series = steps(5);
  for (const seconds of [60, 60, 3 * HOUR, 60]) {
    world.pass(seconds);
    await world.poll();
  }
  const reasons = () => [...world.runs.documents.values()].map(({ status }) => status.reason);
  expect(new Set(reasons())).toEqual(new Set(['JobMakesNoStep']));
  const { writes } = world.runs;
  for (let tick = 0; tick < 4; tick++) {
    world.pass(60);
    await world.poll();
  }
  expect(world.runs.writes).toBe(writes);
});

describe('a pipeline', () => {
  async function running(maxTuningHours?: number) {
    const world = createWorld({
      limits: { defaultTensorboards: [TENSORBOARD] },
      ...(maxTuningHours === undefined ? {} : { maxTuningHours }),
    });
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const job = world.theRun().status.job?.name ?? '';
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING', startTime: at(0) });
    return { world, job };
  }

  test('may be at anything before its first step, and is named once it made some and stands', async () => {
    const { world } = await running();
    world.metrics.series = [];
    await lookAfter(world, 60);
    expect(await lookAfter(world, 5 * HOUR)).toMatchObject({ reason: 'JobRunning' });
    world.metrics.series = steps(20);
    await lookAfter(world, 60);
    expect(await lookAfter(world, 3 * HOUR)).toMatchObject({ reason: 'JobMakesNoStep' });
  });

  test('that has made all of its steps is not said to stand', async () => {
    const { world } = await running();
    world.metrics.series = steps(300);
    await lookAfter(world, 60);
    expect(await lookAfter(world, 9 * HOUR)).toMatchObject({ reason: 'JobRunning' });
  });

  test('is cancelled when it takes longer than the deployment allows, counted from its start', async () => {
    const { world, job } = await running(3);
    world.metrics.series = steps(20);
    expect(await lookAfter(world, 3 * HOUR)).toMatchObject({ reason: 'JobRunning' });
    expect(await lookAfter(world, 60)).toMatchObject({ state: 'RUNNING', reason: 'TuningTimeOver' });
    expect(world.backend.cancelled).toEqual([job]);
  });
});

test('where metrics lie in Cloud Storage is named once the job has ended, with or without curves', async () => {
  const { world, says } = await tuning();
  says({ phase: 'failed', gcsMetricsUri: 'gs://bucket/metrics' });
  expect(await lookAfter(world, 60)).toMatchObject({
    metrics: { gcsMetricsUri: 'gs://bucket/metrics', absent: expect.stringContaining('no metrics') },
  });
});

describe('the time of tuning that a deployment allows', () => {
  test('is counted from the stage TUNING; then the job is cancelled, and the run says why it ended', async () => {
    const { world, says } = await tuning({ maxTuningHours: 4 });
    says({ stage: 'WAITING_FOR_QUOTA' });
    await lookAfter(world, 60);
    await lookAfter(world, 40 * HOUR);
    says({ stage: 'TUNING' });
    world.metrics.series = steps(3);
    await lookAfter(world, 60);
    const since = at(40 * HOUR + 120);
    const { writes } = world.runs;
    world.metrics.series = steps(30);
    expect(await lookAfter(world, 4 * HOUR)).toMatchObject({ reason: 'JobRunning' });
    expect(world.backend.cancelled).toEqual([]);

    const status = await lookAfter(world, 60);
    expect(status).toMatchObject({
      ...{ state: 'RUNNING', reason: 'TuningTimeOver' },
      message: `The job was tuning since ${since}, and this deployment allows 4 hours (MAX_TUNING_HOURS). It is being cancelled, and may still succeed first.`,
      cancelRequested: { by: 'MAX_TUNING_HOURS', limit: { hours: 4, since } },
    });
    const name = status.job?.name ?? '';
    expect(world.backend.cancelled).toEqual([name]);
    for (let tick = 0; tick < 5; tick++) await lookAfter(world, 60);
    // That its end was asked for, and that this was published.
    expect(world.runs.writes).toBe(writes + 2);

    says({ state: 'JOB_STATE_CANCELLED', phase: 'cancelled', endTime: at(50 * HOUR) });
    expect(await lookAfter(world, 60)).toMatchObject({
      ...{ state: 'CANCELLED', reason: 'TuningTimeOver' },
      message: expect.stringContaining(`since ${since}, and this deployment allows 4 hours`),
      remedy: expect.stringContaining('fewer epochs'),
    });
  });

  test('ends no upload', async () => {
    const { world, says } = await tuning({ maxTuningHours: 1 });
    await lookAfter(world, 60);
    says({ stage: 'POST_PROCESSING' });
    await lookAfter(world, 9 * HOUR);
    expect(world.backend.cancelled).toEqual([]);
  });

  test('does not end what nobody limits, however long it takes', async () => {
    const { world } = await tuning();
    await lookAfter(world, 60);
    await lookAfter(world, 900 * HOUR);
    expect(world.backend.cancelled).toEqual([]);
  });

  test('that a manifest has asked to end first is the manifest’s', async () => {
    const { world } = await tuning({ maxTuningHours: 1 });
    await lookAfter(world, 60);
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
    world.pass(2 * HOUR);
    await world.poll();
    const [run] = [...world.runs.documents.values()];
    expect(run?.status).toMatchObject({ reason: 'CancelRequested' });
    expect(run?.status.cancelRequested?.limit).toBeUndefined();
  });

  test('is a positive number of hours in MAX_TUNING_HOURS, or none', () => {
    const environment = {
      NODE_ENV: 'production',
      GOOGLE_CLOUD_PROJECT: 'p',
      INBOX_BUCKET: 'i',
      RESULTS_BUCKET: 'r',
    };
    expect(readConfig(environment).maxTuningHours).toBeUndefined();
    expect(readConfig({ ...environment, MAX_TUNING_HOURS: '1.5' }).maxTuningHours).toBe(1.5);
    for (const wrong of ['0', '-1', '', 'two']) {
      expect(() => readConfig({ ...environment, MAX_TUNING_HOURS: wrong })).toThrow(ConfigError);
    }
  });
});

import { expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { aManifest, createWorld, examples } from '../support/world.ts';

const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';
const RUNS = 100;

test('of 100 runs at once each has its curve and its progress moved every five minutes, by twenty calls a minute', async () => {
  const world = createWorld({ limits: { defaultTensorboards: [TENSORBOARD] } });
  for (let index = 0; index < RUNS; index++) {
    world.upload(`folder-${index}/train.jsonl`, examples(120, `word ${index}`));
    await world.finalized(world.upload(`folder-${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  for (const name of world.backend.jobs.keys()) world.backend.set(name, { state: 'PIPELINE_STATE_RUNNING' });
  const { metrics, runs } = world;
  const minute = async (step: number) => {
    metrics.series = [{ name: '/train_total_loss', points: [{ step, value: 1 }] }];
    const before = { asked: metrics.asked.length, reads: metrics.reads.length };
    world.pass(60);
    await world.poll();
    return { asked: metrics.asked.length - before.asked, reads: metrics.reads.length - before.reads };
  };

  for (let step = 1; step <= 5; step++) expect(await minute(step)).toEqual({ asked: 20, reads: 20 });
  expect(runs.progress.size).toBe(RUNS);
  const { writes } = runs;
  for (let step = 6; step <= 25; step++) {
    expect(await minute(step)).toEqual({ asked: 0, reads: 20 });
    const steps = [...runs.progress.values()].map((progress) => progress.step ?? 0);
    expect(Math.min(...steps)).toBe(step - 4);
  }
  // The sixth time round the names are looked up again: still so many runs a tick.
  for (let step = 26; step <= 30; step++) await minute(step);
  expect(await minute(31)).toEqual({ asked: 20, reads: 20 });
  expect(runs.writes).toBe(writes);
});

test('a run whose curves cannot be read keeps its progress, and keeps no other from being looked at', async () => {
  const world = createWorld({ limits: { defaultTensorboards: [TENSORBOARD] } });
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.deliver();
  const { runId, status } = world.theRun();
  world.backend.set(status.job?.name ?? '', { state: 'PIPELINE_STATE_RUNNING' });
  world.metrics.series = [{ name: '/train_total_loss', points: [{ step: 30, value: 1 }] }];
  await world.poll();
  world.metrics.fault = new TuneError('environment', 'denied', { reason: 'PermissionDenied' });
  const { progressWrites } = world.runs;
  world.pass(60);
  await world.poll();
  expect(world.theRun().status).toMatchObject({ state: 'RUNNING', reason: 'JobRunning' });
  expect(world.runs.progress.get(runId)).toMatchObject({ step: 30, percent: 10 });
  expect(world.runs.progressWrites).toBe(progressWrites);
});

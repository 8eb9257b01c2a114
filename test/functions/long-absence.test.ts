import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../shared/core/run/run.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const busy = classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'asking');

async function quarters(world: World, count: number): Promise<void> {
  for (let quarter = 0; quarter < count; quarter++) {
    world.pass(901);
    await world.poll();
    await world.deliver();
  }
}

test('a day without Cloud Storage ends no upload', async () => {
  const world = createWorld();
  const { stat } = world.objects;
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = world.upload('reviews/tune.json', aManifest());
  world.objects.stat = async (object) => {
    if (object.bucket === 'inbox') throw busy;
    return stat(object);
  };
  await world.finalized(manifest);
  await quarters(world, 96);
  world.objects.stat = stat;
  await quarters(world, 3);
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('a function that was asked in vain for long is named in the document, with since when and how often', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  for (let asks = 0; asks < 5; asks++) {
    world.pass(901);
    await world.poll();
    world.published.length = 0;
  }
  expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'NoAnswer' });
  expect(world.theRun().status.message).toContain(
    'The submit function was asked 5 times since 2026-03-01T12:',
  );
  expect(world.theRun().status.remedy).toContain('logs of the submit function');
});

test('a job that is there only after its run was cancelled is published by no change that no history has', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  const { create } = world.backend;
  const { promise, resolve } = Promise.withResolvers<void>();
  world.backend.create = async (plan, attempt) => {
    await promise;
    return create(plan, attempt);
  };
  const delivering = world.deliver();
  for (let turn = 0; turn < 60; turn++) await new Promise((done) => setImmediate(done));
  await world.finalized(world.upload('reviews/tune.json', aManifest({ cancel: true })));
  for (let next = world.published.shift(); next; next = world.published.shift())
    await world.submit(next.runId);
  resolve();
  await delivering;
  const run = [...world.runs.documents.values()].find(({ spec }) => spec.plan);
  const changes = world.changes.filter(({ data }) => data.runId === run?.runId);
  const idOf = ({ from, to }: HistoryEntry) => `${run?.runId}-${from === to ? 'CancelRequested' : to}`;
  expect([...new Set(changes.map(({ id }) => id))]).toEqual(run?.status.history.map(idOf));
  expect(changes.at(-1)?.data.state).toBe('CANCELLED');
});

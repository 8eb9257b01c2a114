import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aRun } from '../support/runs.ts';
import { createWorld, examples, type World } from '../support/world.ts';

const DAY = 86_400;
/** The base of these models ends on 2027-01-28. */
const END = '2027-01-28';
const FAULT = new TuneError('ambiguous', 'lost', { reason: 'Lost' });

const RUN = aRun({
  spec: {
    manifest: {
      base_model: 'gemini-2.5-flash-lite',
      dataset_uri: 'gs://inbox/reviews/train.jsonl',
      epoch_count: 4,
      encryption_spec_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k',
    },
  },
  work: { nextAction: null, nextActionAt: null },
});

/** As a version that knew nothing of ends has left it. */
function aModel(over: Partial<ModelDocument> = {}): ModelDocument {
  return {
    ...{ model: 'projects/1/locations/us-central1/models/456', version: '1', displayName: 'reviews' },
    ...{ baseModel: 'gemini-2.5-flash-lite', runId: RUN.runId, region: 'us-central1' },
    ...{ createTime: '2026-02-01T00:00:00Z', labels: {}, ...over },
  };
}

describe('a tuned model whose base ends', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
    world.runs.documents.set(RUN.runId, RUN);
    register(aModel());
  });

  function register(model: ModelDocument) {
    world.runs.models.set(modelId(model.model), model);
    world.registry.set(model.model, { displayName: model.displayName, labels: {} });
  }
  const document = (id = '456') => world.runs.models.get(id);
  const ids = () => world.notices.map(({ id }) => id);
  /** So many days before the end, at noon. */
  async function tickBefore(days: number) {
    const noon = Date.parse(`${END}T12:00:00Z`) - days * DAY * 1000;
    world.pass((noon - world.clock.now().getTime()) / 1000);
    await world.poll();
  }

  test('30 days away is marked with the manifest that replaces it, and told once', async () => {
    await tickBefore(30);
    const ending = {
      ...{ day: END, daysLeft: 30, asOf: '2026-12-29', successor: 'gemini-3.1-flash-lite' },
      source: expect.stringContaining('notice to customers'),
      message: expect.stringMatching(/reviews ends in 30 days, on 2027-01-28.*Upload retuneManifest/),
      retuneManifest: {
        base_model: 'gemini-3.1-flash-lite',
        dataset_uri: 'gs://inbox/reviews/train.jsonl',
        epoch_count: 4,
      },
      leftOut: ['encryption_spec_key_name'],
    };
    expect(document()).toMatchObject({
      ending,
      told: { day: END, notice: 30, time: '2026-12-29T12:00:00.000Z' },
      nextNoticeAt: '2027-01-21T00:00:00.000Z',
    });
    const { asOf, ...said } = ending;
    expect(world.notices).toMatchObject([
      {
        type: 'dev.tunedrop.model.ending.v1',
        subject: 'models/456',
        id: `model-456-${END}-30`,
        data: { ...said, model: aModel().model, notice: 30, runId: RUN.runId },
      },
    ]);
    for (const days of [29.5, 29, 20, 8]) await tickBefore(days);
    expect(world.notices).toHaveLength(1);
  });

  test('is told of 90, 30 and 7 days before and when it has ended, each once, in a tick a minute or a day', async () => {
    for (let days = 100; days > -20; days--) {
      await tickBefore(days);
      world.pass(60);
      await world.poll();
    }
    expect(ids()).toEqual([90, 30, 7, 0].map((notice) => `model-456-${END}-${notice}`));
    expect(world.notices.at(-1)?.data.message).toContain(`has ended on ${END}`);
    expect(document()?.nextNoticeAt).toBeUndefined();
  });

  test.each<[string, number, number]>([
    ['10 days before is told of once, not thrice', 10, 30],
    ['after its end is told to have ended, once', -3, 0],
  ])('and that is found %s', async (_name, days, notice) => {
    for (const later of [0, 0.5, 1, 2]) await tickBefore(days - later);
    expect(ids()).toEqual([`model-456-${END}-${notice}`]);
  });

  test('is marked, and not told of, while its end is far; a tick writes that once', async () => {
    await tickBefore(200);
    expect(document()).toMatchObject({ ending: { daysLeft: 200 }, nextNoticeAt: '2026-10-30T00:00:00.000Z' });
    for (const days of [199, 198, 120]) await tickBefore(days);
    expect(world.notices).toEqual([]);
    expect(world.tunedModels.writes).toBe(1);
  });

  test('is told under the same id where the answer got lost, and in the end it is noted', async () => {
    world.noticeFaults.push(FAULT, { lost: FAULT });
    await tickBefore(30);
    expect(world.notices).toEqual([]);
    expect(document()?.told).toBeUndefined();
    for (const hours of [1, 2]) await tickBefore(30 - hours / 24);
    expect(ids()).toEqual([`model-456-${END}-30`, `model-456-${END}-30`]);
    expect(document()?.told).toMatchObject({ notice: 30 });
    await tickBefore(29);
    expect(world.notices).toHaveLength(2);
  });

  test('is told of by one id when two ticks overlap, and both notes say the same', async () => {
    await Promise.all([tickBefore(30), world.poll()]);
    expect(new Set(ids()).size).toBe(1);
    expect(document()?.told).toMatchObject({ notice: 30 });
  });

  test('keeps the manifest that was made of a run whose document is gone by now', async () => {
    await tickBefore(90);
    const before = document()?.ending;
    world.runs.documents.delete(RUN.runId);
    await tickBefore(30);
    expect(document()?.ending).toEqual({
      ...before,
      ...{ daysLeft: 30, asOf: '2026-12-29' },
      message: expect.stringContaining('Upload retuneManifest'),
    });
  });

  test('is not told of once the registry has it no more', async () => {
    world.registry.clear();
    await tickBefore(30);
    await tickBefore(7);
    expect(world.notices).toEqual([]);
    expect(document()).toMatchObject({ goneTime: '2026-12-29T12:00:00.000Z' });
    expect(document()?.ending).toBeUndefined();
  });

  test('without a successor says so', async () => {
    register(aModel({ model: 'projects/1/locations/us-central1/models/9', baseModel: 'text-embedding-005' }));
    await tickBefore(0);
    expect(document('9')?.ending).toMatchObject({
      day: '2027-04-01',
      message: expect.stringContaining('No model is known that comes after it'),
    });
    expect(document('9')?.ending?.retuneManifest).toBeUndefined();
    const [notice] = world.notices.filter(({ subject }) => subject === 'models/9');
    expect(notice?.data).toMatchObject({ notice: 90, successor: undefined });
  });

  test('keeps no other from being told: what one meets is tried again an hour later', async () => {
    register(aModel({ model: 'projects/1/locations/us-central1/models/9' }));
    world.noticeFaults.push(FAULT);
    await tickBefore(30);
    expect(world.notices).toHaveLength(1);
    await tickBefore(30 - 1 / 24);
    expect(new Set(ids())).toEqual(new Set([`model-456-${END}-30`, `model-9-${END}-30`]));
    expect(world.notices).toHaveLength(2);
  });

  test('is found among hundreds, a page of them a tick', async () => {
    for (let index = 0; index < 250; index++) {
      const model = `projects/1/locations/us-central1/models/${1000 + index}`;
      register(aModel({ model, baseModel: 'gemini-3.1-flash-lite' }));
    }
    await tickBefore(30);
    expect(world.notices).toEqual([]);
    world.pass(60);
    await world.poll();
    world.pass(60);
    await world.poll();
    expect(world.notices).toHaveLength(1);
    expect(world.tunedModels.writes).toBe(1);
  });
});

test('a model is marked as soon as its run ends, with the manifest of that run, and told of in time', async () => {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend });
  world.upload('reviews/train.jsonl', examples(20));
  const manifest = { base_model: 'gemini-2.5-flash-lite', dataset_uri: 'train.jsonl' };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  await world.deliver();
  const model = 'projects/1/locations/us-central1/models/7';
  world.registry.set(model, { displayName: 'reviews', labels: {} });
  // It was thought to be gone.
  world.runs.models.set('7', aModel({ model, goneTime: '2026-02-02T00:00:00Z' }));
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_SUCCEEDED', phase: 'succeeded', endTime: '2026-03-01T13:00:00Z' },
    ...{ labels: {}, outputs: { model: `${model}@1` } },
  });
  await world.poll();
  expect(world.theRun().status.state).toBe('SUCCEEDED');
  expect(world.runs.models.get('7')).toMatchObject({
    ending: {
      ...{ day: END, daysLeft: 333, asOf: '2026-03-01', successor: 'gemini-3.1-flash-lite' },
      retuneManifest: {
        base_model: 'gemini-3.1-flash-lite',
        dataset_uri: 'gs://inbox/reviews/train.jsonl',
      },
    },
    nextNoticeAt: '2026-10-30T00:00:00.000Z',
  });
  expect(world.runs.models.get('7')?.goneTime).toBeUndefined();
  expect(world.tunedModels.writes).toBe(0);
  world.pass((Date.parse('2026-10-30T00:01:00Z') - world.clock.now().getTime()) / 1000);
  await world.poll();
  expect(world.notices.map(({ id }) => id)).toEqual([`model-7-${END}-90`]);
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { deployBadly } from '../support/faults.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const away = () =>
  new TuneError('ambiguous', 'Vertex AI answered reading the job with 503', { reason: 'VertexUnavailable' });

/** So many runs whose jobs run, seen a minute ago. */
async function following(count = 1): Promise<World> {
  const world = createWorld();
  for (let index = 0; index < count; index++) {
    world.upload(`reviews-${index}/train.jsonl`, examples(10, `set ${index}`));
    await world.finalized(world.upload(`reviews-${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  for (const job of world.backend.jobs.keys()) world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
  await world.poll();
  return world;
}

const allAway = (world: World) =>
  deployBadly(world.backend, { observe: async () => () => Promise.reject(away()) });

/** So many ticks, a minute apart, each in an instance that remembers nothing. */
async function newInstances(world: World, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    world.pass(60);
    await world.newInstances().poll();
  }
}

async function sameInstance(world: World, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    world.pass(60);
    await world.poll();
  }
}

const reasons = (world: World) => [...world.runs.documents.values()].map(({ status }) => status.reason);

describe('a job that answers 503 for ever, where no instance of poll lives longer than a tick', () => {
  test('is told after an hour, since when it does', async () => {
    const world = await following();
    allAway(world);
    await newInstances(world, 60);
    expect(reasons(world)).toEqual(['JobRunning']);
    await newInstances(world, 1);
    expect(reasons(world)).toEqual(['JobUnanswered']);
    expect(world.theRun().status.message).toContain('since 2026-03-01T12:01:00.000Z');
  });

  test('is told no longer once it answers, and its hour begins anew', async () => {
    const world = await following();
    const repair = allAway(world);
    await newInstances(world, 61);
    repair();
    await newInstances(world, 1);
    expect(reasons(world)).toEqual(['JobRunning']);
    allAway(world);
    await newInstances(world, 60);
    expect(reasons(world)).toEqual(['JobRunning']);
  });

  test('is noted once for all runs when it begins and once when it is over; each run is written once at either', async () => {
    const world = await following(5);
    const { writes } = world.runs;
    const repair = allAway(world);
    await newInstances(world, 3 * 60);
    expect(world.deployment.unansweredWrites).toBe(1);
    expect(world.runs.writes).toBe(writes + 5);
    repair();
    await newInstances(world, 60);
    expect(world.deployment.unansweredWrites).toBe(2);
    expect(world.runs.writes).toBe(writes + 10);
  });

  test('is forgotten with its run', async () => {
    const world = await following(2);
    allAway(world);
    await newInstances(world, 1);
    const [gone = '', left = ''] = world.runs.documents.keys();
    world.runs.documents.delete(gone);
    await newInstances(world, 1);
    expect(Object.keys(await world.deployment.unanswered())).toEqual([left]);
  });
});

describe('an instance of poll that lives on', () => {
  test('notes nothing of a job that answers at the next tick', async () => {
    const world = await following();
    const repair = allAway(world);
    await sameInstance(world, 1);
    repair();
    await sameInstance(world, 1);
    expect(world.deployment.unansweredWrites).toBe(0);
  });

  test('leaves to the next one what it has seen for longer', async () => {
    const world = await following();
    allAway(world);
    await sameInstance(world, 30);
    await newInstances(world, 31);
    expect(reasons(world)).toEqual(['JobUnanswered']);
    expect(world.deployment.unansweredWrites).toBe(1);
  });

  test('goes on where its notes cannot be read or written, and does it at the next tick', async () => {
    const world = await following();
    allAway(world);
    await newInstances(world, 30);
    const refused = async () => Promise.reject(away());
    const allow = deployBadly(world.deployment, { unanswered: refused, noteUnanswered: refused });
    const { poll } = world.newInstances();
    await poll();
    allow();
    world.pass(31 * 60);
    await poll();
    expect(reasons(world)).toEqual(['JobUnanswered']);
    expect(world.theRun().status.message).toContain('since 2026-03-01T12:01:00.000Z');
  });
});

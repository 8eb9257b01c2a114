import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { LookAtJob } from '../../shared/ports.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { minutes } from '../support/faults.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

/** Dependencies that never answer. */

const never = () => new Promise<never>(() => {});

/** So many runs whose jobs run; `of` gives them in the order of their upload. */
async function following(count: number, options?: WorldOptions) {
  const world = createWorld(options);
  for (let index = 0; index < count; index++) await uploadTo(world, index);
  await world.deliver();
  await run(world);
  const runs = () => [...world.runs.documents.values()];
  const jobOf = (run: Run | undefined) => run?.status.job?.name ?? '';
  return { world, runs, jobOf, of: (index: number) => runs()[index] };
}

/** Every job begins to run, and poll sees it. */
async function run(world: World) {
  for (const name of world.backend.jobs.keys()) world.backend.set(name, { state: 'PIPELINE_STATE_RUNNING' });
  await world.poll();
}

async function uploadTo(world: World, index: number) {
  world.upload(`folder-${index}/train.jsonl`, examples(10, `set ${index}`));
  await world.finalized(world.upload(`folder-${index}/tune.json`, aManifest()));
}

/** Looks at these jobs are never answered, or late; gives every look that was begun. */
function stall(world: World, isStalled: (jobName: string) => boolean, stalled: LookAtJob = never): string[] {
  const looked: string[] = [];
  const { observe } = world.backend;
  world.backend.observe = async (names) => {
    const look: LookAtJob = await observe(names);
    return (name) => {
      looked.push(name);
      return isStalled(name) ? stalled(name) : look(name);
    };
  };
  return looked;
}

/** Everything goes on as far as it can while no time passes. */
async function someTurns() {
  for (let turns = 0; turns < 50; turns++) await turn();
}

/** Begins a tick, and lets it come as far as it can while no time passes. */
async function begin(world: World): Promise<{ ended: () => boolean; tick: Promise<void> }> {
  let hasEnded = false;
  const tick = world.poll().then(() => {
    hasEnded = true;
  });
  await someTurns();
  return { tick, ended: () => hasEnded };
}

/** A tick whose time has to be over before it ends. */
async function tickUntilItsEnd(world: World): Promise<void> {
  const { tick, ended } = await begin(world);
  for (let seconds = 0; seconds < 240 && !ended(); seconds += 15) {
    world.pass(15);
    await someTurns();
  }
  expect(ended()).toBe(true);
  await tick;
}

const failAll = (world: World) => {
  for (const name of world.backend.jobs.keys())
    world.backend.set(name, { state: 'PIPELINE_STATE_FAILED', tasks: [] });
};
const states = (runs: Run[]) => runs.map(({ status }) => status.state);

describe('a job whose look is never answered', () => {
  test('holds up no other run, and the tick ends', async () => {
    const { world, runs, of, jobOf } = await following(3);
    stall(world, (name) => name === jobOf(of(0)));
    failAll(world);
    const { tick, ended } = await begin(world);
    expect(states(runs())).toEqual(['RUNNING', 'FAILED', 'FAILED']);
    expect(ended()).toBe(false);
    world.pass(240);
    await tick;
    expect(world.log).toContainEqual(
      expect.objectContaining({ severity: 'WARNING', fields: { stage: 'runs' } }),
    );
  });

  test('keeps no job from being made for those that wait for their turn', async () => {
    const { world, runs, of, jobOf } = await following(1, { maxActiveJobs: { pipelines: 2 } });
    await world.deliver();
    await run(world);
    await uploadTo(world, 1);
    expect(of(1)?.work.nextAction).toBe('admit');
    stall(world, (name) => name === jobOf(of(0)));
    await tickUntilItsEnd(world);
    await world.deliver();
    expect(states(runs())).toEqual(['RUNNING', 'SUBMITTED']);
  });

  test('is looked at again by the tick that follows', async () => {
    const { world, runs, of, jobOf } = await following(1);
    let isStalled = true;
    stall(world, (name) => isStalled && name === jobOf(of(0)));
    await tickUntilItsEnd(world);
    isStalled = false;
    failAll(world);
    await world.poll();
    expect(states(runs())).toEqual(['FAILED']);
  });
});

test('a region that gives no answer holds up no job of another, however many are in it', async () => {
  const { world, runs } = await following(60);
  const away = runs().slice(0, 59);
  for (const { runId } of away) inRegion(world, runId, 'europe-west4');
  stall(world, (name) => name.includes('europe-west4'));
  failAll(world);
  await tickUntilItsEnd(world);
  expect(states(runs()).filter((state) => state === 'FAILED')).toHaveLength(1);
});

/** Moves a job of a run to another region. */
function inRegion(world: World, runId: string, region: string) {
  const run = world.runs.documents.get(runId);
  const { job } = run?.status ?? {};
  if (!run || !job) throw new Error(`${runId} has no job`);
  const name = job.name.replace('us-central1', region);
  world.runs.documents.set(runId, { ...run, status: { ...run.status, job: { ...job, name, region } } });
}

test('what a tick did not reach is first in the next, so that every run is looked at in turn', async () => {
  const { world, runs, jobOf } = await following(100);
  const looked = stall(world, () => true);
  const ticks: string[][] = [];
  for (let tick = 0; tick < 5; tick++) {
    await tickUntilItsEnd(world);
    ticks.push(looked.splice(0));
  }
  expect(ticks.map(({ length }) => length)).toEqual([20, 20, 20, 20, 20]);
  expect(ticks.flat().toSorted()).toEqual(runs().map(jobOf).toSorted());
  await tickUntilItsEnd(world);
  expect(looked).toEqual(ticks[0]);
});

test('a look that is answered when its tick is over begins no other', async () => {
  const { world } = await following(30);
  const { promise: late, resolve: answer } = Promise.withResolvers<undefined>();
  const looked = stall(
    world,
    () => true,
    () => late,
  );
  await tickUntilItsEnd(world);
  answer(undefined);
  await someTurns();
  expect(looked).toHaveLength(20);
});

test('a publisher that gives no answer holds up no look at a job', async () => {
  const { world, runs, of } = await following(2);
  for (let index = 2; index < 42; index++) await uploadTo(world, index);
  world.published.splice(0);
  world.pass(60);
  const before = world.backend.calls.observe;
  Object.assign(world.publisher, { publish: never });
  failAll(world);
  await tickUntilItsEnd(world);
  expect(world.backend.calls.observe).toBe(before + 2);
  expect([of(0), of(1)].map((run) => run?.status.state)).toEqual(['FAILED', 'FAILED']);
  expect(states(runs()).filter((state) => state === 'VALIDATED')).toHaveLength(40);
});

test.each([
  ['the list of due runs', (world: World) => Object.assign(world.runs, { listDue: never })],
  [
    'an answer of the queues',
    (world: World) => Object.assign(world.queues, { isAnyWaiting: never, learnt: never }),
  ],
  ['the list of all unfinished jobs', (world: World) => Object.assign(world.backend, { unfinished: never })],
])('a tick ends though %s never comes', async (_, take) => {
  const { world } = await following(1, { backend: createFakeBackend() });
  take(world);
  world.pass(15 * 60);
  await tickUntilItsEnd(world);
});

describe('a job that answers 503 for ever', () => {
  const away = () =>
    new TuneError('ambiguous', 'Vertex AI answered reading the job with 503: try later', {
      reason: 'VertexUnavailable',
    });

  /** A run whose job answers 503 until it is repaired. */
  async function unanswered() {
    const { world, of } = await following(1);
    const { observe } = world.backend;
    world.backend.observe = async () => () => Promise.reject(away());
    return { world, status: () => of(0)?.status, repair: () => Object.assign(world.backend, { observe }) };
  }

  test('is no news for an hour, and nothing is written', async () => {
    const { world, status } = await unanswered();
    const { writes } = world.runs;
    await minutes(world, 60);
    expect(status()?.reason).toBe('JobRunning');
    expect(world.runs.writes).toBe(writes);
  });

  test('is told in the document then, since when and what is done about it, in one write', async () => {
    const { world, status } = await unanswered();
    const { writes } = world.runs;
    await minutes(world, 24 * 60);
    expect(status()).toMatchObject({ state: 'RUNNING', reason: 'JobUnanswered' });
    expect(status()?.message).toBe(
      'The job could not be followed since 2026-03-01T12:01:00.000Z. It goes on meanwhile, or has ended: it is looked at again at every poll, and neither cancelled nor made anew. What was met: Vertex AI answered reading the job with 503: try later',
    );
    expect(status()?.remedy).toContain('Nothing to do');
    expect(world.runs.writes).toBe(writes + 1);
  });

  test('is told no longer once it answers, and the hour begins anew', async () => {
    const { world, status, repair } = await unanswered();
    await minutes(world, 61);
    repair();
    await minutes(world, 1);
    expect(status()).toMatchObject({ state: 'RUNNING', reason: 'JobRunning' });
    world.backend.observe = async () => () => Promise.reject(away());
    await minutes(world, 60);
    expect(status()?.reason).toBe('JobRunning');
  });
});

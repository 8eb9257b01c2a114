import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../shared/core/run/run.ts';
import type { LookAtJob } from '../../shared/ports.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
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

/** Looks at these jobs are never answered; gives every look that was begun. */
function stall(world: World, isStalled: (jobName: string) => boolean): string[] {
  const looked: string[] = [];
  const { observe } = world.backend;
  world.backend.observe = async (names) => {
    const look: LookAtJob = await observe(names);
    return (name) => {
      looked.push(name);
      return isStalled(name) ? never() : look(name);
    };
  };
  return looked;
}

/** Begins a tick, and lets it come as far as it can while no time passes. */
async function begin(world: World): Promise<{ ended: () => boolean; tick: Promise<void> }> {
  let hasEnded = false;
  const tick = world.poll().then(() => {
    hasEnded = true;
  });
  for (let turns = 0; turns < 50; turns++) await turn();
  return { tick, ended: () => hasEnded };
}

/** A tick whose time has to be over before it ends. */
async function tickUntilItsEnd(world: World): Promise<void> {
  const { tick, ended } = await begin(world);
  for (let seconds = 0; seconds < 240 && !ended(); seconds += 15) {
    world.pass(15);
    for (let turns = 0; turns < 50; turns++) await turn();
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

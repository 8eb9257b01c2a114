import { describe, expect, test } from 'vitest';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { deployBadly } from '../support/faults.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const storageBusy = classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'asking');
const killed = () => Promise.reject(new Error('killed'));

/** The function has claimed the run, and is killed before it says anything. */
async function dies(world: World, call: () => Promise<void>): Promise<void> {
  const parts = [deployBadly(world.objects, { copy: killed }), deployBadly(world.runs, { apply: killed })];
  await expect(call()).rejects.toThrow('killed');
  for (const repair of parts) repair();
}

type Validate = World['validate'];

/** Minutes in which whatever poll asks of validate kills it. */
async function deadlyHours(world: World, hours: number, validate: Validate = world.validate): Promise<void> {
  for (let minute = 0; minute < hours * 60; minute++) {
    world.pass(60);
    await world.poll();
    for (const { runId } of world.published.splice(0)) await dies(world, () => validate(runId));
  }
}

async function uploaded(): Promise<World> {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = world.upload('reviews/tune.json', aManifest());
  await dies(world, () => world.finalized(manifest));
  return world;
}

describe('a run over which the validate function dies every time', () => {
  test('ends after a day, and its document and its file say why and what to do', async () => {
    const world = await uploaded();
    await deadlyHours(world, 23);
    expect(world.theRun().status).toMatchObject({ state: 'RECEIVED', reason: 'NoAnswer' });
    expect(world.theRun().status.message).toMatch(/took this run up \d+ times since/);
    await deadlyHours(world, 2);
    const run = world.theRun();
    expect(run.status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'FunctionDied' });
    expect(run.status.remedy).toContain('more memory');
    expect(run.work.nextAction).toBeNull();
    expect(world.statusFile(run).status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'FunctionDied' });
    expect(world.backend.jobs.size).toBe(0);
  });

  test('keeps no other from being checked', async () => {
    const world = await uploaded();
    const poison = world.theRun().runId;
    world.upload('other/train.jsonl', examples(120, 'other'));
    await world.finalized(world.upload('other/tune.json', aManifest()));
    for (const { runId } of world.published.splice(0)) if (runId !== poison) await world.submit(runId);
    await deadlyHours(world, 25);
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['DEAD_LETTERED', 'SUBMITTED']);
  });

  test('is a run of its own when its manifest is uploaded again, and becomes a job where there is memory', async () => {
    const world = await uploaded();
    await deadlyHours(world, 25);
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['DEAD_LETTERED', 'SUBMITTED']);
  });

  test('has a day with each version of the function', async () => {
    const world = await uploaded();
    await deadlyHours(world, 23);
    const { validate } = world.newInstances({ config: { version: 'v2' } });
    await deadlyHours(world, 23, validate);
    expect(world.theRun()).toMatchObject({
      status: { state: 'RECEIVED' },
      work: { claims: { version: 'v2' } },
    });
    await deadlyHours(world, 2, validate);
    expect(world.theRun().status.reason).toBe('FunctionDied');
  });

  test('begins a day anew after a check that came to something', async () => {
    const world = await uploaded();
    await deadlyHours(world, 23);
    const repair = deployBadly(world.objects, { stat: () => Promise.reject(storageBusy) });
    world.pass(660);
    await world.validate(world.theRun().runId);
    repair();
    expect(world.theRun()).toMatchObject({ status: { reason: storageBusy.reason }, work: { attempts: 1 } });
    expect(world.theRun().work.claims).toBeUndefined();
    await deadlyHours(world, 23);
    expect(world.theRun().status.state).toBe('RECEIVED');
  });
});

test('days in which no function comes are absence: they count for nothing beside the deaths that there were', async () => {
  const world = await uploaded();
  await deadlyHours(world, 5);
  for (let hour = 0; hour < 13 * 24; hour++) {
    world.pass(3_600);
    await world.poll();
    world.published.splice(0);
  }
  expect(world.theRun().status).toMatchObject({ state: 'RECEIVED', reason: 'NoAnswer' });
  world.pass(1_200);
  await world.poll();
  await world.deliver();
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

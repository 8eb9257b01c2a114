import { describe, expect, test } from 'vitest';
import { isTerminal } from '../../shared/core/run/states.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** Nobody reads the dead letters: whatever is moved there is found by another way. */

/** Ticks; `delivers` says whether messages arrive meanwhile. */
async function ticks(world: World, minutes: number, delivers: boolean): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    world.pass(60);
    await world.poll();
    if (delivers) await world.deliver();
    else world.published.splice(0);
  }
}

async function deployed(): Promise<World> {
  const world = createWorld();
  await world.poll();
  return world;
}

const LETTERS: Record<string, (world: World) => Promise<void>> = {
  'the event of a manifest': async (world) => {
    world.upload('reviews/train.jsonl', examples(120));
    world.upload('reviews/tune.json', aManifest());
  },
  'the event of a data set that a run waits for': async (world) => {
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect(world.theRun().status.state).toBe('WAITING');
    world.upload('reviews/train.jsonl', examples(120));
  },
  'a message to validate': async (world) => {
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.upload('reviews/train.jsonl', examples(120));
    world.pass(120);
    await world.poll();
    expect(world.published.splice(0).map(({ topic }) => topic)).toEqual(['validate-requests']);
  },
  'a message to submit': async (world) => {
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect(world.published.splice(0).map(({ topic }) => topic)).toEqual(['submit-requests']);
  },
};

describe.each(Object.entries(LETTERS))('%s that no function could take', (_, letter) => {
  test('keeps the upload from nothing', async () => {
    const world = await deployed();
    await letter(world);
    await ticks(world, 120, true);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('ends visibly where no later one can be taken either', async () => {
    const world = await deployed();
    await letter(world);
    for (let hour = 0; hour < 15 * 24 && !ended(world); hour++) {
      world.pass(3600);
      await ticks(world, 1, false);
    }
    expect(world.theRun().status.state).toBe('DEAD_LETTERED');
    expect(world.theRun().status.remedy).toContain('upload the manifest again');
    expect(world.backend.jobs.size).toBe(0);
  });
});

const ended = ({ runs }: World) =>
  [...runs.documents.values()].some(({ status }) => isTerminal(status.state));

import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

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
    const { apply } = world.runs;
    const killed = () => Promise.reject(new Error('killed'));
    Object.assign(world.objects, { copy: killed });
    Object.assign(world.runs, { apply: killed });
    await expect(world.finalized(manifest)).rejects.toThrow('killed');
    Object.assign(world.objects, { copy });
    Object.assign(world.runs, { apply });
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

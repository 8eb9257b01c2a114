import { expect, test } from 'vitest';
import { until } from '../support/condition.ts';
import { aManifest, createWorld, examples } from '../support/world.ts';

test('submit is asked while status.json is still being written, and the older file never comes over the newer', async () => {
  const world = createWorld();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { write } = world.objects;
  let isHeld = false;
  world.objects.write = async (object, content) => {
    if (object.name.endsWith('status.json') && content.metadata?.state === 'VALIDATED') {
      isHeld = true;
      await held;
    }
    return write(object, content);
  };
  world.upload('reviews/train.jsonl', examples(120));
  const validated = world.finalized(world.upload('reviews/tune.json', aManifest()));
  await until('submit is asked', () => world.published.length === 1);
  await world.deliver();
  expect(isHeld).toBe(true);
  expect(world.statusFile(world.theRun()).status.state).toBe('SUBMITTED');
  release();
  await validated;
  const run = world.theRun();
  const { work: _work, ...shown } = run;
  expect(world.statusFile(run)).toEqual(shown);
  expect(run.status.state).toBe('SUBMITTED');
});

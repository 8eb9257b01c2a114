import { expect, test } from 'vitest';
import { minutes } from '../support/faults.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const ONE = { maxActiveJobs: { pipelines: 1 } };

function put(world: World, folder: string) {
  world.upload(`${folder}/train.jsonl`, examples(120, folder));
  return world.upload(`${folder}/tune.json`, aManifest());
}

/** A method that stands still at the first call of which this is true, until it is let go. */
function holdFirst<Parameters extends unknown[], Answer>(
  method: (...parameters: Parameters) => Promise<Answer>,
  isHeld: (...parameters: Parameters) => boolean,
) {
  const { promise: go, resolve: release } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  let isOver = false;
  const held = async (...parameters: Parameters): Promise<Answer> => {
    if (!isOver && isHeld(...parameters)) {
      isOver = true;
      reach();
      await go;
    }
    return method(...parameters);
  };
  return { held, reached, release };
}

test('a tick that was frozen over its choice lets none in beyond the cap, though an older upload came meanwhile', async () => {
  const world = createWorld(ONE);
  const check = holdFirst(world.objects.stat, ({ name }) => name === 'old/tune.json');
  Object.assign(world.objects, { stat: check.held });
  const checking = world.finalized(put(world, 'old'));
  await check.reached;
  world.pass(5);
  await world.finalized(put(world, 'young'));

  const choice = holdFirst(world.runs.apply, (_runId, event) => event.type === 'Admitted');
  Object.assign(world.runs, { apply: choice.held });
  world.pass(60);
  const frozen = world.poll();
  await choice.reached;
  check.release();
  await checking;
  await minutes(world, 2);
  expect(world.backend.jobs.size).toBe(1);
  choice.release();
  await frozen;
  await world.deliver();
  expect(world.backend.jobs.size).toBe(1);
});

test('a run whose document was made anew of less than it had counts among the active ones', async () => {
  const world = createWorld(ONE);
  await world.finalized(put(world, 'first'));
  await minutes(world, 1);
  const { folder } = world.theRun().status;
  world.objects.remove({ bucket: 'results', name: `${folder.slice('gs://results/'.length)}status.json` });
  world.runs.documents.clear();
  await minutes(world, 16);
  expect(world.theRun().spec.plan).toBeUndefined();
  await world.finalized(put(world, 'second'));
  await minutes(world, 3);
  expect(world.backend.jobs.size).toBe(1);
});

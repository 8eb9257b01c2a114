import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, INBOX, type World } from '../support/world.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A deployment that has taken uploads for a minute. */
async function deployed(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = createWorld(options);
  await world.poll();
  world.pass(60);
  return world;
}

/** Uploads a folder of which no event ever tells. */
function uploadUnheard(world: World, folder = 'reviews', over: Record<string, unknown> = {}): ObjectInfo {
  world.upload(`${folder}/train.jsonl`, examples(120));
  return world.upload(`${folder}/tune.json`, aManifest(over));
}

async function tick(world: World, seconds: number): Promise<void> {
  world.pass(seconds);
  await world.poll();
  await world.deliver();
}

function removeStatusFile(world: World): void {
  const { folder } = world.theRun().status;
  world.objects.remove({ bucket: 'results', name: `${folder.slice('gs://results/'.length)}status.json` });
}

const lists = ({ objects }: World) => objects.reads.filter((read) => read === `list gs://${INBOX}`).length;

describe('an upload of which no event told', () => {
  test('is found within the hour, becomes a job, and says how it was found', async () => {
    const world = await deployed();
    uploadUnheard(world);
    await tick(world, HOUR);
    const { status } = world.theRun();
    expect(status.state).toBe('SUBMITTED');
    expect(status.history[0]).toMatchObject({ to: 'RECEIVED', reason: 'ManifestFound' });
    expect(world.backend.jobs.size).toBe(1);
    expect(world.log).toContainEqual(
      expect.objectContaining({ message: 'an upload was found whose event did not arrive' }),
    );
  });

  test('also where the message to the function gets lost as well', async () => {
    const world = await deployed();
    uploadUnheard(world);
    world.pass(HOUR);
    await world.poll();
    world.published.splice(0);
    await tick(world, 60);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('makes one job when its event comes after all', async () => {
    const world = await deployed();
    const manifest = uploadUnheard(world);
    world.pass(HOUR);
    await world.poll();
    await world.finalized(manifest);
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.calls.create).toBe(1);
  });

  test('is left to its event for ten minutes', async () => {
    const world = await deployed();
    world.pass(HOUR - 60 - 599);
    uploadUnheard(world);
    await tick(world, 599);
    expect(world.runs.documents.size).toBe(0);
    await tick(world, HOUR);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('is found after days in which no tick came', async () => {
    const world = await deployed();
    uploadUnheard(world);
    await tick(world, 6 * DAY);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('and was replaced meanwhile starts nothing: its successor has a run of its own', async () => {
    const world = await deployed();
    uploadUnheard(world);
    uploadUnheard(world, 'reviews', { model_display_name: 'second' });
    await tick(world, HOUR);
    expect(world.theRun().spec.plan?.modelDisplayName).toBe('second');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('that nothing can be made of ends with its issues', async () => {
    const world = await deployed();
    world.upload('reviews/tune.json', '{');
    await tick(world, HOUR);
    expect(world.theRun().status.state).toBe('REJECTED');
  });

  test('ends as visibly as any other where nobody comes for it either', async () => {
    const world = await deployed();
    uploadUnheard(world);
    world.pass(HOUR);
    await world.poll();
    for (let hour = 0; hour < 15 * 24 && !isTerminal(world.theRun().status.state); hour++) {
      world.published.splice(0);
      world.pass(HOUR);
      await world.poll();
    }
    expect(world.theRun().status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'TooManyRequests' });
  });
});

describe('nothing is started', () => {
  test('over an old bucket, by the first deployment', async () => {
    const world = createWorld();
    for (let folder = 0; folder < 20; folder++) uploadUnheard(world, `old-${folder}`);
    for (let hour = 0; hour < 8 * 24; hour++) await tick(world, HOUR);
    expect(world.runs.documents.size).toBe(0);
    expect(world.published).toEqual([]);
  });

  test('by a second deployment, whose database is empty', async () => {
    const first = await deployed();
    for (const folder of ['a', 'b']) await first.finalized(uploadUnheard(first, folder));
    await first.deliver();
    const second = createWorld({ objects: first.objects });
    for (let hour = 0; hour < 48; hour++) await tick(second, HOUR);
    expect(second.runs.documents.size).toBe(0);
    expect(second.backend.jobs.size).toBe(0);
  });

  test('where the document of a run was deleted', async () => {
    const world = await deployed();
    await world.finalized(uploadUnheard(world));
    world.published.splice(0);
    removeStatusFile(world);
    world.runs.documents.clear();
    await tick(world, HOUR);
    expect(world.runs.documents.size).toBe(0);
  });

  test('where every document of a run was deleted, or a database was restored that is older', async () => {
    const world = await deployed();
    await world.finalized(uploadUnheard(world));
    world.published.splice(0);
    world.runs.documents.clear();
    world.runs.pointers.clear();
    await tick(world, HOUR);
    expect(world.runs.documents.size).toBe(0);
    expect(world.published).toEqual([]);
  });

  test('where only a job is left of a run', async () => {
    const world = await deployed({ backend: createFakeBackend({ createIsIdempotent: false }) });
    await world.finalized(uploadUnheard(world, 'reviews', { base_model: 'gemini-3.1-flash-lite' }));
    await world.deliver();
    expect(world.backend.jobs.size).toBe(1);
    removeStatusFile(world);
    world.runs.documents.clear();
    world.runs.pointers.clear();
    await tick(world, HOUR);
    // The look through the jobs makes the document anew; the look through the inbox opens nothing.
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTED', reason: 'DocumentRestored' });
    expect(world.backend.jobs.size).toBe(1);
  });

  test('after seven days', async () => {
    const world = await deployed();
    uploadUnheard(world);
    await tick(world, 8 * DAY);
    expect(world.runs.documents.size).toBe(0);
  });
});

describe('the cost', () => {
  test('of an hour in which nothing is lost is one list and no write', async () => {
    const world = await deployed();
    await world.finalized(uploadUnheard(world));
    await world.deliver();
    const [job = ''] = world.backend.jobs.keys();
    world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED' });
    for (let minute = 0; minute < 60; minute++) await tick(world, 60);
    const [before, writes] = [world.objects.reads.length, world.runs.writes];
    for (let minute = 0; minute < 60; minute++) await tick(world, 60);
    expect(world.objects.reads.slice(before)).toEqual([`list gs://${INBOX}`]);
    expect(world.runs.writes).toBe(writes);
  });

  test('of a large bucket is one page of a thousand names a tick, the last of which is reached', async () => {
    const world = createWorld();
    for (let index = 0; index < 2_500; index++) world.upload(`old/${index}/tune.json`, '{}');
    world.pass(60);
    await tick(world, 0);
    uploadUnheard(world, 'z');
    for (const expected of [2, 3, 3]) {
      await tick(world, 60);
      expect(lists(world)).toBe(expected);
    }
    world.pass(HOUR - 240);
    for (const expected of [4, 5, 6, 6]) {
      await tick(world, 60);
      expect(lists(world)).toBe(expected);
    }
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });
});

describe('what goes wrong', () => {
  test('with the list keeps nothing else of the tick, and is done by the next one', async () => {
    const world = await deployed();
    const { list } = world.objects;
    const denied = new TuneError('environment', 'storage.objects.list denied', { reason: 'StorageDenied' });
    Object.assign(world.objects, { list: () => Promise.reject(denied) });
    uploadUnheard(world);
    await tick(world, HOUR);
    expect(world.log).toContainEqual(
      expect.objectContaining({ message: 'part of this tick failed; the next one does it' }),
    );
    Object.assign(world.objects, { list });
    await tick(world, 60);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('with one upload, however often, keeps no other from being found', async () => {
    const world = await deployed();
    const letters = [...'abcdefghijkl'];
    const [first] = letters.map((folder) => uploadUnheard(world, folder));
    const { add } = world.runs;
    Object.assign(world.runs, {
      add: (...[run]: Parameters<typeof add>) =>
        run.spec.source.name === first?.name ? Promise.reject(new Error('killed')) : add(run),
    });
    await tick(world, HOUR);
    expect(world.backend.jobs.size).toBe(letters.length - 1);
    Object.assign(world.runs, { add });
    await tick(world, HOUR);
    expect(world.backend.jobs.size).toBe(letters.length);
  });

  test('because the time of a tick is over is done by the next one, and not an hour later', async () => {
    const world = await deployed();
    const letters = [...'abcdefghijkl'];
    for (const folder of letters) uploadUnheard(world, folder);
    const { add } = world.runs;
    let added = 0;
    Object.assign(world.runs, {
      add: (...[run]: Parameters<typeof add>) => {
        added += 1;
        if (added === 1) world.pass(300);
        return add(run);
      },
    });
    await tick(world, HOUR);
    expect(added).toBe(10);
    await tick(world, 60);
    expect(world.backend.jobs.size).toBe(letters.length);
  });
});

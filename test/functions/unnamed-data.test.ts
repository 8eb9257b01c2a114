import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples, INBOX, type World } from '../support/world.ts';

const HOUR = 3600;

/** A deployment that has taken uploads for a minute. */
async function deployed(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = createWorld(options);
  await world.poll();
  world.pass(60);
  return world;
}

async function upload(world: World, name: string, content = examples(120)): Promise<void> {
  await world.finalized(world.upload(name, content));
}

/** So many hours pass, a tick in each. */
async function pass(world: World, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    world.pass(HOUR);
    await world.poll();
    await world.deliver();
  }
}

const said = (world: World) => [...world.ignored.values()].filter(({ reason }) => reason === 'NotNamed');
const entries = (world: World) => world.log.filter(({ message }) => message === 'an upload starts nothing');

describe('a data file that no manifest names', () => {
  test('has a document and a line in the log after a while, once, with the manifest that it lacks', async () => {
    const world = await deployed();
    await upload(world, 'reviews/train.jsonl');
    world.pass(HOUR - 1);
    await world.poll();
    expect(said(world)).toEqual([]);
    await pass(world, 6);
    expect(said(world)).toEqual([
      expect.objectContaining({
        uri: `gs://${INBOX}/reviews/train.jsonl`,
        message: expect.stringContaining('No manifest names this data file'),
        remedy: expect.stringMatching(/gs:\/\/inbox\/reviews\/tune\.json.*"dataset_uri": "train\.jsonl"/),
      }),
    ]);
    expect(entries(world)).toHaveLength(1);
  });

  test('is told once by many instances, too', async () => {
    const world = await deployed();
    await upload(world, 'reviews/train.jsonl');
    await pass(world, 2);
    world.pass(HOUR);
    await world.newInstances().poll();
    expect(entries(world)).toHaveLength(1);
  });

  test('is told of with the others of its folder in one document', async () => {
    const world = await deployed();
    for (let index = 0; index < 30; index++) await upload(world, `reviews/part-${index}.csv`, 'a,b');
    await pass(world, 3);
    expect(said(world)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('and 29 more in its folder') }),
    ]);
  });

  test('is said to be named once a manifest names it, and no more of the others is left unsaid', async () => {
    const world = await deployed();
    await upload(world, 'reviews/train.jsonl');
    await upload(world, 'reviews/old.jsonl');
    await pass(world, 3);
    await upload(world, 'reviews/tune.json', aManifest());
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect([...world.ignored.values()]).toEqual([
      expect.objectContaining({
        reason: 'NamedNow',
        message: expect.stringContaining('gs://inbox/reviews/tune.json'),
      }),
    ]);
    await pass(world, 2);
    expect(said(world)).toEqual([
      expect.objectContaining({
        uri: `gs://${INBOX}/reviews/old.jsonl`,
        message: expect.not.stringContaining('more'),
      }),
    ]);
  });

  test.each<[what: string, prepare: (world: World) => Promise<void>]>([
    [
      'that a run trains on, whatever folder its manifest is in',
      async (world) => {
        await upload(world, 'shared/train.jsonl');
        await upload(world, 'reviews/tune.json', aManifest({ dataset_uri: '../shared/train.jsonl' }));
      },
    ],
    [
      'that lies beside one that its run still waits for',
      async (world) => {
        await upload(world, 'shared/train.jsonl');
        const manifest = { dataset_uri: '../shared/train.jsonl', evaluation_data_uri: 'eval.jsonl' };
        await upload(world, 'reviews/tune.json', aManifest(manifest));
      },
    ],
    [
      'beside a manifest that has to be corrected first',
      async (world) => {
        await upload(world, 'reviews/train.jsonl');
        await upload(world, 'reviews/tune.json', '{');
      },
    ],
    ['that is a text', (world) => upload(world, 'reviews/notes.txt')],
    ['that is told of by its name', (world) => upload(world, 'reviews/train.jsonl.zip')],
  ])('%s is not told of', async (_, prepare) => {
    const world = await deployed({ config: { datasetWaitMs: 10 * HOUR * 1000 } });
    await prepare(world);
    await pass(world, 4);
    expect(said(world)).toEqual([]);
  });

  test('of before the deployment is not told of, nor is any where the deployment does not want it', async () => {
    const world = createWorld();
    await upload(world, 'old/train.jsonl');
    await pass(world, 5);
    expect(said(world)).toEqual([]);
    const silent = await deployed({ unnamedDataMs: 0 });
    await upload(silent, 'reviews/train.jsonl');
    await pass(silent, 5);
    expect(said(silent)).toEqual([]);
  });
});

describe('thousands of them', () => {
  test('are twenty documents, and one with the number of the others', async () => {
    const world = await deployed();
    for (let index = 0; index < 3_000; index++) world.upload(`folder-${index % 300}/${index}.jsonl`, '{}');
    for (let minute = 0; minute < 150; minute++) {
      world.pass(60);
      await world.poll();
    }
    expect(said(world)).toHaveLength(21);
    expect(entries(world)).toHaveLength(21);
    expect(said(world).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/of other folders of the inbox that is true of at least [\d,]+ data files/),
    );
  });

  test('cost a thousand reads a look at most, and those that are named one each', async () => {
    const world = await deployed();
    const { isNamed } = world.runs;
    let asked = 0;
    Object.assign(world.runs, {
      isNamed: (uri: string) => {
        asked += 1;
        return uri.includes('named/') ? Promise.resolve(true) : isNamed(uri);
      },
    });
    for (let index = 0; index < 400; index++) world.upload(`named/${index}.jsonl`, '{}');
    for (let index = 0; index < 2_500; index++) world.upload(`without/${index}.jsonl`, '{}');
    const look = async () => {
      asked = 0;
      for (let minute = 0; minute < 60; minute++) {
        world.pass(60);
        await world.poll();
      }
      return asked;
    };
    await look();
    expect(await look()).toBe(1_400);
    expect(await look()).toBe(1_000);
  });
});

import { expect, test } from 'vitest';
import type { FinalizedObject } from '../../shared/runtime/events.ts';
import { STORAGE_FINALIZED } from '../../shared/runtime/events.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** Everything that an event could have left behind. */
const leftBehind = ({ runs, published, changes, ignored, objects, backend }: World) => ({
  ...{ runs: runs.documents.size, published, changes, ignored: ignored.size, jobs: backend.jobs.size },
  read: objects.reads.filter((read) => !read.startsWith('stat gs://inbox/')),
});
const NOTHING = { runs: 0, published: [], changes: [], ignored: 0, jobs: 0, read: [] };

const INBOX = { bucket: 'inbox', generation: '1' };
const FORGED: [string, FinalizedObject & Record<string, unknown>][] = [
  ['an object that is not there', { ...INBOX, name: 'reviews/tune.json' }],
  ['an object that is not there, of a time to come', { ...INBOX, name: 'a/tune.json', timeCreated: '9999' }],
  ['another version of one that is there', { ...INBOX, name: 'there/tune.json' }],
  ['another bucket', { bucket: 'elsewhere', name: 'reviews/tune.json', generation: '1' }],
  ['the results bucket', { bucket: 'results', name: 'runs/tune.json', generation: '1' }],
  ['an upload that looks like a manifest', { ...INBOX, name: 'reviews/Tune.json' }],
  ['a data set', { ...INBOX, name: 'reviews/train.jsonl' }],
  ['a name in disguise', { ...INBOX, name: 'there/../there/tune.json' }],
];

test.each(FORGED)(
  'an event of %s is acknowledged, counted, and leaves nothing behind',
  async (what, data) => {
    const world = createWorld();
    world.upload('there/tune.json', aManifest());
    await world.event({ id: 'forged', type: STORAGE_FINALIZED, data });
    expect(leftBehind(world)).toEqual(NOTHING);
    const counted = world.log.filter(({ message }) => message === 'an event names no upload of the inbox');
    expect(counted).toHaveLength(what === 'a data set' ? 0 : 1);
  },
);

test('what an event says beside where to look is not believed', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  const { bucket, name, generation, timeCreated } = world.upload('reviews/tune.json', aManifest());
  const lies = { timeCreated: '9999-01-01T00:00:00Z', size: '0', metadata: { a: 'b' }, contentType: 'x' };
  const data = { bucket, name, generation, ...lies };
  await world.event({ id: 'true', type: STORAGE_FINALIZED, data });
  expect(world.theRun().spec.source.timeCreated).toBe(timeCreated);
  expect(JSON.stringify(world.theRun())).not.toContain('9999');
});

test('where Cloud Storage does not say what is there, the run says so, and the time is ours', async () => {
  const world = createWorld();
  world.objects.stat = async () => Promise.reject(new Error('denied'));
  const data = { ...INBOX, name: 'reviews/tune.json', timeCreated: '9999-01-01T00:00:00Z' };
  await world.event({ id: 'unseen', type: STORAGE_FINALIZED, data });
  expect(world.theRun().spec.source.timeCreated).toBe(world.clock.now().toISOString());
  expect(world.published).toEqual([]);
});

test.each([
  ['no data', undefined],
  ['a list', []],
  ['a name that is no text', { ...INBOX, name: 7 }],
  ['no name', { ...INBOX, name: '' }],
  ['a name that is too long', { ...INBOX, name: `${'a'.repeat(1025)}/tune.json` }],
  ['a generation that is no number', { ...INBOX, name: 'tune.json', generation: 'latest' }],
])('an event with %s is refused for good', async (_what, data) => {
  const world = createWorld();
  const event = world.event({ id: 'broken', type: STORAGE_FINALIZED, data });
  await expect(event).rejects.toMatchObject({ retryable: false });
  expect(leftBehind(world)).toEqual(NOTHING);
});

test('a message of a run that does not exist is counted and starts nothing', async () => {
  const world = createWorld();
  await world.validate(`r${'a'.repeat(40)}`);
  await world.submit(`r${'a'.repeat(40)}`);
  expect(leftBehind(world)).toEqual(NOTHING);
  const counted = world.log.filter(({ message }) => message === 'a message names a run that does not exist');
  expect(counted).toHaveLength(2);
});

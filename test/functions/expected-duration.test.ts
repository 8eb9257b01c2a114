import { expect, test } from 'vitest';
import { headlineOf } from '../../shared/core/report/headline.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createWorld, examples } from '../support/world.ts';

const MANIFEST = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };

/** A world whose jobs take as long as a test says. */
function aWorld() {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend });
  let endTime = '';
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_SUCCEEDED', phase: 'succeeded', labels: {} },
    ...{ startTime: '2026-03-01T12:00:00Z', endTime },
    outputs: { model: `projects/1/locations/us-central1/models/${world.runs.models.size + 1}@1` },
  });
  async function submitted(folder: string) {
    world.upload(`${folder}/train.jsonl`, examples(20, folder));
    const manifest = world.upload(`${folder}/tune.json`, JSON.stringify(MANIFEST));
    await world.finalized(manifest);
    await world.deliver();
    const run = [...world.runs.documents.values()].find(({ spec }) =>
      spec.source.name.startsWith(`${folder}/`),
    );
    if (!run) throw new Error(`${folder} has no run`);
    return run;
  }
  return {
    world,
    submitted,
    async ended(folder: string, minutes: number) {
      await submitted(folder);
      endTime = `2026-03-01T12:${minutes}:00Z`;
      await world.poll();
    },
  };
}

const shown = (run: Parameters<typeof headlineOf>[0]) =>
  headlineOf(run, { series: [] }).facts.find(({ name }) => name === 'Expected of the job')?.value;

test('how long a job will take is unknown until three like it have ended, and stands in the document then', async () => {
  const { world, submitted, ended } = aWorld();
  await ended('a', 20);
  await ended('b', 30);
  const third = await submitted('c');
  expect(third.status).toMatchObject({ state: 'SUBMITTED' });
  expect(third.status.expectedDuration).toBeUndefined();
  expect(shown(third)).toBe('unknown: fewer than 3 jobs like it have ended');
  await ended('c', 25);
  const fourth = await submitted('d');
  expect(fourth.status.expectedDuration).toMatchObject({ runs: 3 });
  const { low = 0, high = 0 } = fourth.status.expectedDuration?.seconds ?? {};
  // Files of as many examples differ by a few tokens.
  expect([Math.round(low / 60), Math.round(high / 60)]).toEqual([20, 30]);
  expect(shown(fourth)).toMatch(/ to .*, as 3 jobs like it took$/);
  await world.poll();
  await world.poll();
  expect(await world.durations.of('gemini-3.1-flash-lite')).toHaveLength(4);
});

test('a run is submitted and ends where durations can neither be read nor kept', async () => {
  const { world, ended } = aWorld();
  const broken = async () => {
    throw new Error('no database');
  };
  Object.assign(world.durations, { of: broken, add: broken });
  await ended('a', 20);
  expect(world.theRun().status.state).toBe('SUCCEEDED');
  expect(world.log.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'how long jobs of this model took could not be read',
      'how long a job took was not kept',
    ]),
  );
});

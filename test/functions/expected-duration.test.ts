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
  async function checked(folder: string, over: object = {}) {
    world.upload(`${folder}/train.jsonl`, examples(20, folder));
    const manifest = world.upload(`${folder}/tune.json`, JSON.stringify({ ...MANIFEST, ...over }));
    await world.finalized(manifest);
    return runIn(folder);
  }
  async function submitted(folder: string) {
    await checked(folder);
    await world.deliver();
    return runIn(folder);
  }
  function runIn(folder: string) {
    const run = [...world.runs.documents.values()].find(({ spec }) =>
      spec.source.name.startsWith(`${folder}/`),
    );
    if (!run) throw new Error(`${folder} has no run`);
    return run;
  }
  return {
    ...{ world, checked, submitted },
    async ended(folder: string, minutes: number) {
      await submitted(folder);
      endTime = `2026-03-01T12:${minutes}:00Z`;
      await world.poll();
    },
  };
}

const shown = (run: Parameters<typeof headlineOf>[0]) =>
  headlineOf(run, { series: [] }).facts.find(({ name }) => name === 'Expected of the job')?.value;

test('how long a job will take is unknown until three like it have ended, and stands in the first document with a plan then', async () => {
  const { world, checked, submitted, ended } = aWorld();
  await ended('a', 20);
  await ended('b', 30);
  const third = await checked('c');
  expect(third.status).toMatchObject({ state: 'VALIDATED' });
  expect(third.status.expectedDuration).toBeUndefined();
  expect(shown(third)).toBe('unknown: fewer than 3 jobs like it are known');
  await ended('c', 25);
  const fourth = await checked('d');
  expect(fourth.status).toMatchObject({ state: 'VALIDATED', expectedDuration: { runs: 3 } });
  const { low = 0, high = 0 } = fourth.status.expectedDuration?.seconds ?? {};
  // Files of as many examples differ by a few tokens.
  expect([Math.round(low / 60), Math.round(high / 60)]).toEqual([20, 30]);
  expect(shown(fourth)).toMatch(/ to .*, as 3 jobs like it took$/);
  expect((await submitted('d')).status.expectedDuration).toEqual(fourth.status.expectedDuration);
  await world.poll();
  await world.poll();
  expect(await world.durations.of('gemini-3.1-flash-lite')).toHaveLength(4);
});

test('a dry run says how long its job would take, and a refused one nothing', async () => {
  const { checked, ended } = aWorld();
  for (const [index, folder] of ['a', 'b', 'c'].entries()) await ended(folder, 20 + index);
  const dry = await checked('dry', { dry_run: true });
  expect(dry.status).toMatchObject({ state: 'PLANNED', expectedDuration: { runs: 3 } });
  expect(shown(dry)).toMatch(/as 3 jobs like it took$/);
  const refused = await checked('refused', { max_cost_usd: 0.0001 });
  expect(refused.status.state).toBe('REJECTED');
  expect([refused.status.expectedDuration, shown(refused)]).toEqual([undefined, undefined]);
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

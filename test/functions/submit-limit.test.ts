import { describe, expect, test } from 'vitest';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

/** A world with so many runs, one second apart, whose submit requests have been delivered. */
async function crowd(count: number, options: WorldOptions): Promise<{ world: World; ids: string[] }> {
  const world = createWorld(options);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    world.upload(`run-${index}/train.jsonl`, examples(120, `word-${index}`));
    await world.finalized(world.upload(`run-${index}/tune.json`, aManifest()));
    ids.push([...world.runs.documents.keys()].at(-1) ?? '');
    world.pass(1);
  }
  await world.deliver();
  return { world, ids };
}

const statesOf = ({ world, ids }: { world: World; ids: string[] }) =>
  ids.map((id) => world.runs.documents.get(id)?.status.state);

async function endJobOf(world: World, runId: string | undefined): Promise<void> {
  const job = world.runs.documents.get(runId ?? '')?.status.job?.name ?? '';
  world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED' });
  await world.poll();
}

async function minute(world: World): Promise<void> {
  world.pass(60);
  await world.poll();
  await world.deliver();
}

describe('a deployment with room for two jobs', () => {
  test('makes two, and the others wait with the reason and the time of the next look', async () => {
    const { world, ids } = await crowd(4, { maxActiveJobs: 2 });
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'SUBMITTED', 'VALIDATED', 'VALIDATED']);
    const { status, work } = world.runs.documents.get(ids[3] ?? '') ?? {};
    expect(status?.reason).toBe('TooManyActiveJobs');
    expect(status?.message).toContain('2 of at most 2 jobs');
    expect(status?.message).toContain('1 older run waits too');
    expect(status?.message).toContain(work?.nextActionAt);
    expect(world.backend.jobs.size).toBe(2);
  });

  test('costs nothing while no job ends', async () => {
    const { world } = await crowd(4, { maxActiveJobs: 2 });
    await minute(world);
    const { writes } = world.runs;
    for (let tick = 0; tick < 5; tick++) await minute(world);
    expect(world.runs.writes).toBe(writes);
    expect(world.published).toEqual([]);
    expect(world.backend.calls.create).toBe(2);
  });

  test('lets the run that waits longest follow a job that ended', async () => {
    const { world, ids } = await crowd(4, { maxActiveJobs: 2 });
    await endJobOf(world, ids[1]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'SUCCEEDED', 'SUBMITTED', 'VALIDATED']);
    await endJobOf(world, ids[0]);
    await endJobOf(world, ids[2]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUBMITTED']);
  });

  test('lets none pass that came later', async () => {
    const { world, ids } = await crowd(3, { maxActiveJobs: 2 });
    await endJobOf(world, ids[0]);
    world.upload('late/train.jsonl', examples(120, 'late'));
    await world.finalized(world.upload('late/tune.json', aManifest()));
    await world.deliver();
    const late = [...world.runs.documents.keys()].at(-1) ?? '';
    expect(world.runs.documents.get(late)?.status.reason).toBe('TooManyActiveJobs');
    await minute(world);
    expect(statesOf({ world, ids })[2]).toBe('SUBMITTED');
  });

  test('counts a run whose job could not be made yet', async () => {
    const backend = createFakeBackend();
    backend.createFaults.push(classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'creating the job'));
    const { world, ids } = await crowd(3, { maxActiveJobs: 2, backend });
    expect(statesOf({ world, ids })).toEqual(['SUBMITTING', 'SUBMITTED', 'VALIDATED']);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'SUBMITTED', 'VALIDATED']);
  });

  test('makes one job of a request that comes twice at once', async () => {
    const { world, ids } = await crowd(1, { maxActiveJobs: 1 });
    await Promise.all(ids.flatMap((id) => [world.submit(id), world.submit(id)]));
    expect(world.backend.jobs.size).toBe(1);
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED']);
  });

  test('holds where ids are not ours, too', async () => {
    const backend = createFakeBackend({ createIsIdempotent: false });
    const { world, ids } = await crowd(2, { maxActiveJobs: 1, backend });
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'VALIDATED']);
    await endJobOf(world, ids[0]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUCCEEDED', 'SUBMITTED']);
  });
});

test('without a limit every run becomes a job at once', async () => {
  expect(statesOf(await crowd(4, {}))).toEqual(Array(4).fill('SUBMITTED'));
});

test('MAX_ACTIVE_JOBS is a whole number, 0 without it; WARM_UP_PROJECT is off without it', () => {
  const environment = { GOOGLE_CLOUD_PROJECT: 'p', INBOX_BUCKET: 'i', RESULTS_BUCKET: 'r' };
  expect(readConfig(environment)).toMatchObject({ maxActiveJobs: 0, warmUpProject: false });
  expect(readConfig({ ...environment, MAX_ACTIVE_JOBS: '3', WARM_UP_PROJECT: 'on' })).toMatchObject({
    maxActiveJobs: 3,
    warmUpProject: true,
  });
  expect(() => readConfig({ ...environment, MAX_ACTIVE_JOBS: '-1' })).toThrow(/MAX_ACTIVE_JOBS/);
  expect(() => readConfig({ ...environment, MAX_ACTIVE_JOBS: '1.5' })).toThrow(/MAX_ACTIVE_JOBS/);
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { createValidatedWorld, type TuningService } from '../support/tuning-service.ts';
import type { World } from '../support/world.ts';

const lost = () => ({ lost: new TuneError('ambiguous', 'socket hang up', { reason: 'ConnectionLost' }) });

/** Jobs that cost money and that nobody has asked to stop. */
const wanted = ({ backend }: World) =>
  [...backend.jobs.values()]
    .filter(({ name, state }) => !backend.cancelled.includes(name) && !/SUCCEEDED|CANCELLED/.test(state))
    .map(({ name }) => name);

async function rounds(world: World, count: number, seconds: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    world.pass(seconds);
    await world.poll();
    await world.deliver();
  }
}

const turns = async () => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

function letGo({ state }: TuningService): void {
  state.isHolding = false;
  for (const go of state.holds.splice(0)) go();
}

describe('a job whose answer got lost', () => {
  test('is looked for once the list surely has it, and the document says so', async () => {
    const { world, service } = await createValidatedWorld();
    service.state.lagSeconds = 120;
    world.backend.createFaults.push(lost());
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTING', reason: 'LookingForJob' });
    expect(world.theRun().work.nextActionAt).toBe('2026-03-01T12:05:00.000Z');
    await rounds(world, 1, 301);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('and was never made is created after the wait', async () => {
    const { world } = await createValidatedWorld();
    world.backend.createFaults.push(new TuneError('ambiguous', 'busy', { reason: 'Busy' }));
    await world.deliver();
    await rounds(world, 1, 301);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('is known by the data that it trains on when somebody took its label away', async () => {
    const { world } = await createValidatedWorld();
    world.backend.createFaults.push(lost());
    await world.deliver();
    const [name = ''] = world.backend.jobs.keys();
    world.backend.set(name, { labels: {} });
    await rounds(world, 5, 400);
    expect(world.backend.jobs.size).toBe(1);
    expect(world.theRun().status.job?.name).toBe(name);
  });

  test('is found where the filter of labels is accepted and finds nothing', async () => {
    const { world, service } = await createValidatedWorld();
    service.state.isFilterBlind = true;
    world.backend.createFaults.push(lost());
    await world.deliver();
    await rounds(world, 5, 400);
    expect(world.backend.jobs.size).toBe(1);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('and that the list has only after the wait is told within a quarter of an hour, and stopped an hour later', async () => {
    const { world, service } = await createValidatedWorld();
    service.state.lagSeconds = 400;
    world.backend.createFaults.push(lost());
    await world.deliver();
    const [late = ''] = world.backend.jobs.keys();
    await rounds(world, 6, 310);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.cancelled).toEqual([]);
    expect(world.theRun().status.otherJobs).toEqual([
      { name: late, foundTime: expect.stringMatching(/^2026/) },
    ]);
    await rounds(world, 5, 901);
    expect(new Set(world.backend.cancelled)).toEqual(new Set([late]));
    expect(wanted(world)).toEqual([world.theRun().status.job?.name]);
  });

  test('is looked for once more after a cancel, whose message says that nobody knows yet', async () => {
    const { world, service, runId } = await createValidatedWorld();
    service.state.lagSeconds = 100;
    world.backend.createFaults.push(lost());
    await world.deliver();
    world.pass(10);
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
    await world.deliver();
    const status = () => world.runs.documents.get(runId)?.status;
    expect(status()?.state).toBe('CANCELLED');
    expect(status()?.message).not.toContain('nothing was paid');
    expect(status()?.message).toContain('looked for once more');
    await rounds(world, 3, 700);
    expect(wanted(world)).toEqual([]);
    expect(new Set(world.backend.cancelled).size).toBe(1);
  });
});

test('a function that died while it created the job is followed by a look, not by a second job', async () => {
  const { world, service, runId } = await createValidatedWorld();
  service.state.lagSeconds = 120;
  service.state.isHolding = true;
  world.published.length = 0;
  const dying = world.submit(runId);
  await turns();
  service.state.isHolding = false;
  // It created the job and never said so: the claim stands until its lease ends.
  await world.submit(runId);
  expect(world.backend.jobs.size).toBe(0);
  letGo(service);
  await dying;
  expect(world.backend.jobs.size).toBe(1);
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('an event that is delivered twice at once makes one job, also when both read the run before one has claimed it', async () => {
  const { world, service, runId } = await createValidatedWorld();
  service.state.lagSeconds = 60;
  const { claim } = world.runs;
  let calls = 0;
  const second = Promise.withResolvers<void>();
  Object.assign(world.runs, {
    claim: async (...parameters: Parameters<typeof claim>) => {
      calls += 1;
      if (calls === 2) await second.promise;
      return claim(...parameters);
    },
  });
  service.state.isHolding = true;
  const both = [world.submit(runId, 'same'), world.submit(runId, 'same')];
  await turns();
  second.resolve();
  await turns();
  letGo(service);
  await Promise.all(both);
  await rounds(world, 4, 700);
  expect(wanted(world)).toEqual([world.theRun().status.job?.name]);
  expect(world.backend.jobs.size).toBe(1);
});

test('a submit that stood still before it noted its claim makes no job for a run that was cancelled meanwhile', async () => {
  const { world, runId } = await createValidatedWorld();
  world.published.length = 0;
  const { apply } = world.runs;
  const frozen = Promise.withResolvers<void>();
  Object.assign(world.runs, {
    apply: async (...parameters: Parameters<typeof apply>) => {
      if (parameters[1].type === 'Submitting') await frozen.promise;
      return apply(...parameters);
    },
  });
  const slow = world.submit(runId);
  await turns();
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
  await world.deliver();
  expect(world.runs.documents.get(runId)?.status.state).toBe('CANCELLED');
  frozen.resolve();
  await slow;
  expect(world.backend.calls.create).toBe(0);
});

test('of two jobs with the label of a run the older is its own, and the younger is stopped', async () => {
  const { world, runId } = await createValidatedWorld();
  const labels = { 'tunedrop-run': runId };
  for (const name of ['a', 'b'])
    world.backend.jobs.set(name, { name, state: 'JOB_STATE_PENDING', labels, tasks: [] });
  await world.deliver();
  expect(world.theRun().status.job?.name).toBe('a');
  expect(world.backend.cancelled).toEqual(['b']);
  expect(world.theRun().status.otherJobs?.map(({ name }) => name)).toEqual(['b']);
});

describe('a second job that a dead function left', () => {
  const STRAY = { name: 'stray', state: 'JOB_STATE_RUNNING', tasks: [] };

  async function withStray() {
    const { world, runId } = await createValidatedWorld();
    await world.deliver();
    await rounds(world, 1, 1);
    const labels = { 'tunedrop-run': runId, 'managed-by': 'tunedrop' };
    world.backend.jobs.set('stray', { ...STRAY, labels });
    const endOwn = () =>
      world.backend.set(world.theRun().status.job?.name ?? '', { state: 'JOB_STATE_CANCELLED' });
    return { world, endOwn };
  }

  test('is stopped when its run ends, at the latest', async () => {
    const { world, endOwn } = await withStray();
    endOwn();
    await rounds(world, 1, 60);
    expect(isTerminal(world.theRun().status.state)).toBe(true);
    expect(world.backend.cancelled).toEqual(['stray']);
    expect(world.theRun().status.otherJobs).toHaveLength(1);
  });

  test('keeps no result from its owner where nobody may look for it', async () => {
    const { world, endOwn } = await withStray();
    Object.assign(world.backend, {
      findAll: () => Promise.reject(new TuneError('environment', 'no list', { reason: 'PermissionDenied' })),
    });
    endOwn();
    await rounds(world, 1, 60);
    expect(isTerminal(world.theRun().status.state)).toBe(true);
    expect(world.log).toContainEqual(
      expect.objectContaining({ message: 'other jobs of a run could not be looked for' }),
    );
  });

  test('is asked to stop once, and told once, while it takes its time', async () => {
    const { world } = await withStray();
    await rounds(world, 5, 901);
    world.backend.set('stray', { state: 'JOB_STATE_CANCELLING' });
    await rounds(world, 3, 901);
    expect(world.backend.cancelled).toEqual(['stray']);
    expect(world.theRun().status.otherJobs).toHaveLength(1);
  });
});

test('a job that a function made after the end of its run, and whose answer got lost, is stopped and told there', async () => {
  const { world, service, runId } = await createValidatedWorld();
  service.state.isHolding = true;
  const asleep = world.submit(runId).catch(() => {});
  await turns();
  service.state.isHolding = false;
  await rounds(world, 4, 650);
  world.backend.set(world.theRun().status.job?.name ?? '', { state: 'JOB_STATE_CANCELLED' });
  await rounds(world, 2, 400);
  expect(world.theRun().status.state).toBe('CANCELLED');
  world.backend.createFaults.push(lost());
  letGo(service);
  await asleep;
  expect(wanted(world)).toHaveLength(1);
  await rounds(world, 6, 901);
  expect(wanted(world)).toEqual([]);
  expect(world.theRun().status).toMatchObject({
    state: 'CANCELLED',
    otherJobs: [{ name: expect.any(String) }],
  });
});

test('where more than three jobs look unwanted at once none is stopped, and the log says so: it may be a wrong database', async () => {
  const { world, runId } = await createValidatedWorld();
  await world.deliver();
  const labels = { 'tunedrop-run': runId, 'managed-by': 'tunedrop' };
  for (const name of ['a', 'b', 'c', 'd'])
    world.backend.jobs.set(name, { name, state: 'JOB_STATE_RUNNING', labels, tasks: [] });
  await rounds(world, 8, 901);
  expect(world.backend.cancelled).toEqual([]);
  expect(world.log).toContainEqual(
    expect.objectContaining({
      severity: 'ERROR',
      message: 'so many jobs look unwanted that none is stopped',
    }),
  );
});

test('jobs of another deployment in the project are not touched, nor named in the log', async () => {
  const { world, runId } = await createValidatedWorld();
  const labels = { 'managed-by': 'tunedrop', 'tunedrop-run': runId.replace(/.$/, 'a') };
  const trainingDataUri = 'gs://results-of-others/staging/x/train.jsonl';
  world.backend.jobs.set('theirs', {
    name: 'theirs',
    state: 'JOB_STATE_RUNNING',
    labels,
    tasks: [],
    trainingDataUri,
  });
  await rounds(world, 2, 901);
  expect(world.backend.cancelled).toEqual([]);
  expect(world.log.filter(({ message }) => message.includes('a job'))).toEqual([]);
});

test('jobs of other products are not touched', async () => {
  const { world } = await createValidatedWorld();
  const strange = { state: 'JOB_STATE_RUNNING', labels: { 'managed-by': 'somebody' }, tasks: [] };
  world.backend.jobs.set('theirs', {
    ...strange,
    name: 'theirs',
    trainingDataUri: 'gs://other/staging/x.jsonl',
  });
  await rounds(world, 2, 901);
  expect(world.backend.cancelled).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { Dollars } from '../../shared/core/run/spending.ts';
import { drop } from '../support/drop.ts';
import { evaluationOf, succeed } from '../support/evaluations.ts';
import { minutes } from '../support/faults.ts';
import { priced, runOf } from '../support/spending-world.ts';
import { createWorld, type World } from '../support/world.ts';

const MONTH = 'spending/reviews/months/2026-03';
const TWO: Dollars = { low: 1, high: 2 };
const NO_COST = { trainingTokens: null, price: null, madeOf: '' };

const sums = ({ spending }: World) => spending.sums.get(MONTH);
const reservation = ({ spending }: World, runId: string) =>
  spending.reservations.get(`spending/reviews/runs/${runId}`);
const setJob = (world: World, runId: string, state: string) =>
  world.backend.set(runOf(world, runId).status.job?.name ?? '', { state: `PIPELINE_STATE_${state}` });

/** A run whose job was made without a queue. */
async function submitted(world: World, usd: Dollars | null = TWO): Promise<string> {
  const runId = await drop(world, 'reviews/first');
  priced(world, runId, usd);
  await world.deliver();
  return runId;
}

describe('a run that becomes a job at once', () => {
  test('is in the sums of its folder when its job is first looked at, and not again', async () => {
    const world = createWorld();
    const runId = await submitted(world);
    expect(sums(world)).toBeUndefined();
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 1, ended: 0, expected: TWO, estimated: TWO });
    expect(runOf(world, runId).work.spending).toEqual({ month: '2026-03', isSettled: false });
    const before = [world.runs.writes, world.spending.reads, world.spending.writes];
    for (let tick = 0; tick < 3; tick++) await minutes(world, 1);
    expect([world.runs.writes, world.spending.reads, world.spending.writes]).toEqual(before);
  });

  test('costs one transaction at its first look and one at its end, and no write of its document beside those', async () => {
    const world = createWorld();
    const runId = await submitted(world);
    setJob(world, runId, 'RUNNING');
    const writes = world.runs.writes;
    await minutes(world, 1);
    expect(world.runs.writes - writes).toBe(1);
    setJob(world, runId, 'SUCCEEDED');
    await minutes(world, 1);
    // The document of the model is the third.
    expect(world.runs.writes - writes).toBeLessThanOrEqual(3);
    expect([world.spending.reads, world.spending.writes]).toEqual([2, 4]);
    expect(sums(world)).toMatchObject({ runs: 1, ended: 1, expected: TWO });
    expect(runOf(world, runId).work).toMatchObject({ nextAction: null, spending: { isSettled: true } });
  });

  test('has its actual cost in the sums, where its document has it', async () => {
    const world = createWorld();
    const runId = await submitted(world);
    await minutes(world, 1);
    priced(world, runId, TWO, 1.37);
    setJob(world, runId, 'SUCCEEDED');
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ actual: 1.37, expected: { low: 1.37, high: 1.37 }, estimated: TWO });
  });

  test('is counted as unknown where nobody knows its cost', async () => {
    const world = createWorld();
    await submitted(world, null);
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 1, unknown: 1, expected: { high: 0 } });
  });

  test('is counted by two ticks at once as by one', async () => {
    const world = createWorld();
    const runId = await submitted(world);
    await Promise.all([world.poll(), world.poll()]);
    setJob(world, runId, 'FAILED');
    await Promise.all([world.poll(), world.poll()]);
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 1, ended: 1, estimated: TWO, expected: { low: 0, high: 2 } });
  });

  test('is followed to its end though the sums cannot be written, and is added when they can', async () => {
    const world = createWorld();
    const { reserve, settle } = world.spending;
    const fails = () => Promise.reject(new TuneError('contended', 'no database', { reason: 'Down' }));
    Object.assign(world.spending, { reserve: fails, settle: fails });
    const runId = await submitted(world);
    await minutes(world, 1);
    setJob(world, runId, 'SUCCEEDED');
    await minutes(world, 1);
    expect(runOf(world, runId)).toMatchObject({
      ...{ status: { state: 'SUCCEEDED' }, work: { nextAction: 'publish' } },
    });
    Object.assign(world.spending, { reserve, settle });
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 1, ended: 1, expected: TWO });
    expect(runOf(world, runId).work).toMatchObject({ nextAction: null, nextActionAt: null });
  });

  test('is in no sum where it ends without a job', async () => {
    const world = createWorld();
    const runId = await drop(world, 'reviews/first');
    world.backend.createFaults.push(new TuneError('permanent', 'no', { reason: 'Refused' }));
    await world.deliver();
    await minutes(world, 1);
    expect(runOf(world, runId)).toMatchObject({ status: { state: 'FAILED' }, work: { nextAction: null } });
    expect(world.spending.writes).toBe(0);
  });
});

test('a run is in one month, though a tick was frozen over the end of the month before', async () => {
  const world = createWorld({ maxActiveJobs: { pipelines: 1 } });
  world.pass(30.5 * 86_400 - 5);
  const runId = await drop(world, 'reviews/first');
  priced(world, runId, TWO);
  const { reserve } = world.spending;
  const [held, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  Object.assign(world.spending, {
    reserve: async (...parameters: Parameters<typeof reserve>) => {
      reached.resolve();
      await held.promise;
      return reserve(...parameters);
    },
  });
  const frozen = world.poll();
  await reached.promise;
  world.pass(10);
  Object.assign(world.spending, { reserve });
  await minutes(world, 1);
  held.resolve();
  await frozen;
  setJob(world, runId, 'SUCCEEDED');
  await minutes(world, 1);
  expect([...world.spending.sums.values()]).toMatchObject([{ month: '2026-04', runs: 1, ended: 1 }]);
});

describe('a run that waits for its turn', () => {
  const ONE = { maxActiveJobs: { pipelines: 1 } };

  async function waiting(): Promise<{ world: World; runId: string }> {
    const world = createWorld(ONE);
    const runId = await drop(world, 'reviews/first');
    priced(world, runId, TWO);
    return { world, runId };
  }

  test('is in the sums as soon as it is let out', async () => {
    const { world, runId } = await waiting();
    await world.poll();
    expect(runOf(world, runId).status.reason).toBe('Admitted');
    expect(sums(world)).toMatchObject({ runs: 1, expected: TWO });
    await world.deliver();
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 1 });
  });

  test('is counted once, though a tick died between the sums and its turn', async () => {
    const { world, runId } = await waiting();
    const { apply } = world.runs;
    Object.assign(world.runs, {
      apply: () => Promise.reject(new TuneError('ambiguous', 'killed', { reason: 'Killed' })),
    });
    await world.poll();
    expect(sums(world)).toMatchObject({ runs: 1 });
    Object.assign(world.runs, { apply });
    await minutes(world, 1);
    expect(runOf(world, runId).status.state).toBe('SUBMITTED');
    expect(sums(world)).toMatchObject({ runs: 1, expected: TWO });
  });

  test('gives its place in the sums back where it is cancelled in between', async () => {
    const { world, runId } = await waiting();
    const { apply } = world.runs;
    Object.assign(world.runs, { apply: () => Promise.reject(new Error('killed')) });
    await world.poll();
    Object.assign(world.runs, { apply });
    await world.finalized(world.upload('reviews/first/tune.json', JSON.stringify({ cancel: true })));
    expect(sums(world)).toMatchObject({ runs: 1 });
    world.pass(601);
    await world.poll();
    expect(runOf(world, runId)).toMatchObject({ status: { state: 'CANCELLED' }, work: { nextAction: null } });
    expect(sums(world)).toMatchObject({ runs: 0, expected: { low: 0, high: 0 } });
  });

  test('gives its place in the sums back where its wait ends in between', async () => {
    const { world, runId } = await waiting();
    const { apply } = world.runs;
    Object.assign(world.runs, { apply: () => Promise.reject(new Error('killed')) });
    await world.poll();
    Object.assign(world.runs, { apply });
    world.pass(14 * 86_400);
    await minutes(world, 1);
    await minutes(world, 1);
    expect(runOf(world, runId).status.reason).toBe('WaitedTooLong');
    expect(sums(world)).toMatchObject({ runs: 0, expected: { low: 0, high: 0 } });
  });

  test('gets no place from a tick that was frozen until the run was cancelled and looked at', async () => {
    const { world, runId } = await waiting();
    const { reserve } = world.spending;
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    Object.assign(world.spending, {
      reserve: async (...parameters: Parameters<typeof reserve>) => {
        reached.resolve();
        await held.promise;
        return reserve(...parameters);
      },
    });
    const frozen = world.poll();
    await reached.promise;
    await world.finalized(world.upload('reviews/first/tune.json', JSON.stringify({ cancel: true })));
    world.pass(601);
    Object.assign(world.spending, { reserve });
    await world.poll();
    held.resolve();
    await frozen;
    expect(reservation(world, runId)?.state).toBe('released');
    expect(sums(world)?.runs ?? 0).toBe(0);
  });

  test('gives its place back where its job is refused, at the next tick', async () => {
    const { world, runId } = await waiting();
    await world.poll();
    world.backend.createFaults.push(new TuneError('permanent', 'no', { reason: 'Refused' }));
    await world.deliver();
    expect(runOf(world, runId)).toMatchObject({
      status: { state: 'FAILED' },
      work: { nextAction: 'publish' },
    });
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ runs: 0, expected: { high: 0 } });
    expect(runOf(world, runId).work.nextAction).toBeNull();
  });
});

describe('a run whose model is asked afterwards', () => {
  /** A tuned model whose evaluation may cost up to half a dollar, as the tick leaves it that saw the end of its job. */
  async function tuned(): Promise<[World, string]> {
    const world = await succeed(createWorld(), {}, (run) => ({
      ...run.status,
      cost: { ...NO_COST, usd: TWO, actual: { billableTokens: 1, trainingTokens: 1, usd: 1.5 } },
      evaluation: run.status.evaluation && { ...run.status.evaluation, maxUsd: 0.5 },
    }));
    return [world, world.theRun().runId];
  }

  test('keeps what its answers may cost in the sums until they were given', async () => {
    const [world, runId] = await tuned();
    expect(reservation(world, runId)).toMatchObject({ state: 'reserved', expected: { low: 1, high: 2.5 } });
    expect(sums(world)).toMatchObject({ runs: 1, ended: 0, estimated: { low: 1, high: 2.5 } });
    await world.deliver();
    // A model of the guide has no price of its answers: they may have cost all that they could.
    expect(sums(world)).toMatchObject({ runs: 1, ended: 1, actual: 1.5, expected: { low: 1.5, high: 2 } });
    expect(runOf(world, runId).work).toMatchObject({ nextAction: null, spending: { isSettled: true } });
  });

  test('tells the sums at the next tick where they could not be told at the end', async () => {
    const [world, runId] = await tuned();
    const { settle } = world.spending;
    const fails = () => Promise.reject(new TuneError('contended', 'no database', { reason: 'Down' }));
    Object.assign(world.spending, { settle: fails });
    await world.deliver();
    expect(runOf(world, runId)).toMatchObject({
      ...{ status: { evaluation: { state: 'DONE' } }, work: { nextAction: 'publish' } },
    });
    const { status, ...run } = runOf(world, runId);
    const evaluation = status.evaluation && { ...status.evaluation, usd: 0.25 };
    world.runs.documents.set(runId, { ...run, status: { ...status, evaluation } });
    Object.assign(world.spending, { settle });
    await minutes(world, 1);
    expect(sums(world)).toMatchObject({ actual: 1.75, expected: { low: 1.75, high: 1.75 } });
    expect(reservation(world, runId)).toMatchObject({ state: 'settled', actual: 1.75 });
    expect(runOf(world, runId).work).toMatchObject({ nextAction: null });
  });

  test('tells the sums where nobody has asked it', async () => {
    const [world, runId] = await tuned();
    for (let hour = 0; hour < 15 * 24; hour += 6) {
      world.pass(6 * 3600);
      await world.poll();
    }
    expect(evaluationOf(world)).toMatchObject({ state: 'FAILED' });
    expect(reservation(world, runId)).toMatchObject({ state: 'settled', expected: { low: 1.5, high: 2 } });
    expect(runOf(world, runId).work.nextAction).toBeNull();
  });
});

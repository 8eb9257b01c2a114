import { describe, expect, test } from 'vitest';
import { readConfig } from '../../shared/runtime/config.ts';
import { drop } from '../support/drop.ts';
import { minutes } from '../support/faults.ts';
import { priced, runOf } from '../support/spending-world.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

const TEN: WorldOptions = { budget: { capUsd: 10 } };

/** A run of a folder that waits and may cost so many dollars. */
async function waiting(world: World, folder: string, high: number | null): Promise<string> {
  const runId = await drop(world, folder);
  priced(world, runId, high === null ? null : { low: 0, high });
  world.pass(1);
  return runId;
}
const stateOf = (world: World, runId: string) => runOf(world, runId).status.state;
const reasonOf = (world: World, runId: string) => runOf(world, runId).status.reason;
const endJobOf = (world: World, runId: string) =>
  world.backend.set(runOf(world, runId).status.job?.name ?? '', { state: 'PIPELINE_STATE_SUCCEEDED' });

describe('a deployment with ten dollars a month for each folder', () => {
  test('lets every run wait until it was held against the budget', async () => {
    const world = createWorld(TEN);
    const first = await waiting(world, 'a/1', 6);
    expect(reasonOf(world, first)).toBe('InQueue');
    await minutes(world, 1);
    expect(stateOf(world, first)).toBe('SUBMITTED');
  });

  test('holds what exceeds it, says so once, and lets other folders pass by', async () => {
    const world = createWorld({ budget: { capUsd: 10 }, maximumWaitMs: 60 * 86_400_000 });
    const [first, second, third] = [
      await waiting(world, 'a/1', 6),
      await waiting(world, 'a/2', 6),
      await waiting(world, 'a/3', 1),
    ];
    const other = await waiting(world, 'b/1', 9);
    await minutes(world, 1);
    expect([stateOf(world, first), stateOf(world, other)]).toEqual(['SUBMITTED', 'SUBMITTED']);
    await minutes(world, 1);
    expect(runOf(world, second).status).toMatchObject({
      ...{ state: 'VALIDATED', reason: 'FolderBudgetSpent' },
      queue: { held: { spentUsd: 6, capUsd: 10, addsUsd: 6, until: '2026-04-01T00:00:00.000Z' } },
    });
    expect(reasonOf(world, third)).toBe('FolderBudgetSpent');
    const writes = world.runs.writes;
    for (let tick = 0; tick < 5; tick++) await minutes(world, 1);
    expect(world.runs.writes).toBe(writes);
    expect(world.backend.jobs.size).toBe(2);
  });

  test('lets a held run go when the next month begins, in order', async () => {
    const world = createWorld({ budget: { capUsd: 10 }, maximumWaitMs: 60 * 86_400_000 });
    await waiting(world, 'a/1', 6);
    const [second, third] = [await waiting(world, 'a/2', 6), await waiting(world, 'a/3', 5)];
    await minutes(world, 1);
    world.pass(30 * 86_400);
    await minutes(world, 1);
    expect(stateOf(world, second)).toBe('VALIDATED');
    world.pass(86_400);
    await minutes(world, 1);
    await minutes(world, 1);
    expect(stateOf(world, second)).toBe('SUBMITTED');
    expect(runOf(world, third).status).toMatchObject({
      ...{ reason: 'FolderBudgetSpent', state: 'VALIDATED' },
      queue: { held: { month: '2026-04', spentUsd: 6, addsUsd: 5 } },
    });
  });

  test('lets a held run go when another did cost less than expected', async () => {
    const world = createWorld(TEN);
    const [first, second] = [await waiting(world, 'a/1', 6), await waiting(world, 'a/2', 6)];
    await minutes(world, 1);
    await minutes(world, 1);
    priced(world, first, { low: 0, high: 6 }, 2);
    endJobOf(world, first);
    await minutes(world, 1);
    await minutes(world, 1);
    expect(stateOf(world, second)).toBe('SUBMITTED');
    expect(world.spending.sums.get('spending/a/months/2026-03')).toMatchObject({
      ...{ actual: 2, expected: { low: 2, high: 8 }, runs: 2, ended: 1 },
    });
  });

  test('lets nothing be spent twice by two ticks at once', async () => {
    const world = createWorld(TEN);
    for (const folder of ['a/1', 'a/2', 'a/3', 'a/4']) await waiting(world, folder, 4);
    await Promise.all([world.poll(), world.poll()]);
    await world.deliver();
    await Promise.all([world.poll(), world.poll()]);
    await world.deliver();
    expect(world.backend.jobs.size).toBe(2);
    expect(world.spending.sums.get('spending/a/months/2026-03')).toMatchObject({
      ...{ runs: 2, expected: { high: 8 } },
    });
  });

  test('lets a run go that a tick had put into the sums and then died, though the budget is full by it', async () => {
    const world = createWorld(TEN);
    const first = await waiting(world, 'a/1', 9);
    const { apply } = world.runs;
    Object.assign(world.runs, { apply: () => Promise.reject(new Error('killed')) });
    await world.poll();
    Object.assign(world.runs, { apply });
    await minutes(world, 1);
    expect(stateOf(world, first)).toBe('SUBMITTED');
    expect(world.spending.sums.get('spending/a/months/2026-03')).toMatchObject({ runs: 1 });
  });

  test('holds a run of which nobody knows what it costs, unless such runs are allowed', async () => {
    const world = createWorld(TEN);
    const first = await waiting(world, 'a/1', null);
    await minutes(world, 1);
    expect(runOf(world, first).status).toMatchObject({
      reason: 'CostUnknownUnderBudget',
      message: expect.stringContaining('Hours of eight GPUs.'),
    });
    const open = createWorld({ budget: { capUsd: 10, unknownPrices: 'allow' } });
    const allowed = await waiting(open, 'a/1', null);
    await minutes(open, 1);
    expect(stateOf(open, allowed)).toBe('SUBMITTED');
  });

  test.each([
    { price: 2.5, after: { state: 'SUBMITTED', reason: 'JobCreated' } },
    { price: 100_000, after: { state: 'VALIDATED', reason: 'FolderBudgetSpent' } },
  ])(
    'prices a held run anew, once the deployment gives its model a price: $price',
    async ({ price, after }) => {
      const model = 'gemini-3.5-flash-lite';
      const world = createWorld(TEN);
      const runId = await drop(world, 'a/1', { base_model: model });
      await minutes(world, 1);
      expect(runOf(world, runId).status).toMatchObject({
        ...{ reason: 'CostUnknownUnderBudget', cost: { unknown: 'price', usd: null } },
        remedy: expect.stringContaining(`gives ${model} a price (MODEL_PRICES)`),
      });
      const { poll } = world.newInstances({ limits: { prices: { [model]: price } } });
      await poll();
      await world.deliver();
      const { status } = runOf(world, runId);
      expect(status).toMatchObject({ ...after, cost: { price: { usdPerMillionTokens: price } } });
      expect(status.cost?.unknown).toBeUndefined();
      const sums = world.spending.sums.get('spending/a/months/2026-03');
      expect(sums?.expected).toEqual(after.state === 'SUBMITTED' ? status.cost?.usd : undefined);
    },
  );

  test('cancels a held run at once, and the next of its folder goes', async () => {
    const world = createWorld(TEN);
    const [first, second] = [await waiting(world, 'a/1', 11), await waiting(world, 'a/2', 6)];
    await minutes(world, 1);
    const reasons = [reasonOf(world, first), reasonOf(world, second)];
    expect(reasons).toEqual(['FolderBudgetSpent', 'BehindHeldRun']);
    await world.finalized(world.upload('a/1/tune.json', JSON.stringify({ cancel: true })));
    expect(stateOf(world, first)).toBe('CANCELLED');
    await minutes(world, 1);
    expect(stateOf(world, second)).toBe('SUBMITTED');
  });

  test('says behind which run one waits, until that is gone', async () => {
    const world = createWorld({ budget: { capUsd: 10 }, maximumWaitMs: 90 * 86_400_000 });
    const [first, second] = [await waiting(world, 'a/1', 11), await waiting(world, 'a/2', 1)];
    const third = await waiting(world, 'a/3', 12);
    await minutes(world, 1);
    expect(runOf(world, second).status.queue?.held).toMatchObject({ behind: `runs/${first}` });
    world.pass(40 * 86_400);
    await minutes(world, 1);
    expect(reasonOf(world, second)).toBe('BehindHeldRun');
    await world.finalized(world.upload('a/1/tune.json', JSON.stringify({ cancel: true })));
    await minutes(world, 1);
    expect(stateOf(world, second)).toBe('SUBMITTED');
    await minutes(world, 1);
    expect(runOf(world, third).status).toMatchObject({ reason: 'FolderBudgetSpent' });
    expect(runOf(world, third).status.queue?.held?.behind).toBeUndefined();
  });

  test('ends the wait of a held run as that of every other', async () => {
    const world = createWorld({ budget: { capUsd: 10 }, maximumWaitMs: 86_400_000 });
    const first = await waiting(world, 'a/1', 11);
    await minutes(world, 1);
    world.pass(86_400);
    await minutes(world, 1);
    expect(runOf(world, first).status).toMatchObject({ state: 'FAILED', reason: 'WaitedTooLong' });
    await minutes(world, 1);
    expect(runOf(world, first).work.nextAction).toBeNull();
  });

  test('says anew that a run waits for its turn, once the budget lets it go and no job may be made', async () => {
    const world = createWorld({ budget: { capUsd: 10 }, maxActiveJobs: { pipelines: 1 } });
    const first = await waiting(world, 'a/1', 11);
    const second = await waiting(world, 'a/2', 6);
    const other = await waiting(world, 'b/1', 6);
    await minutes(world, 1);
    const reasons = [reasonOf(world, first), reasonOf(world, second)];
    expect(reasons).toEqual(['FolderBudgetSpent', 'BehindHeldRun']);
    expect(stateOf(world, other)).toBe('SUBMITTED');
    await world.finalized(world.upload('a/1/tune.json', JSON.stringify({ cancel: true })));
    await minutes(world, 1);
    expect(runOf(world, second).status).toMatchObject({ reason: 'InQueue', state: 'VALIDATED' });
    expect(runOf(world, second).status.queue?.held).toBeUndefined();
  });

  test('lets a run pass by hundreds that are held', async () => {
    const world = createWorld(TEN);
    for (let index = 0; index < 230; index++) await waiting(world, `a/${index}`, 11);
    const other = await waiting(world, 'b/1', 1);
    await minutes(world, 1);
    expect(stateOf(world, other)).toBe('SUBMITTED');
  });
});

test('the environment sets what a folder may spend in a month', () => {
  const environment = {
    NODE_ENV: 'production',
    GOOGLE_CLOUD_PROJECT: 'p',
    INBOX_BUCKET: 'i',
    RESULTS_BUCKET: 'r',
  };
  expect(readConfig(environment).maxFolderUsdAMonth).toBeUndefined();
  expect(readConfig({ ...environment, MAX_FOLDER_USD_A_MONTH: '250' }).maxFolderUsdAMonth).toBe(250);
  expect(() => readConfig({ ...environment, MAX_FOLDER_USD_A_MONTH: '0' })).toThrow('MAX_FOLDER_USD_A_MONTH');
});

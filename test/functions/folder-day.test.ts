import { describe, expect, test } from 'vitest';
import { drop } from '../support/drop.ts';
import { minutes } from '../support/faults.ts';
import { runOf } from '../support/spending-world.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

const TWO_A_DAY: WorldOptions = { budget: { runsADay: 2 } };
const DAY_SECONDS = 86_400;

/** A run of each folder, in this order; the clock of a world begins at noon of 2026-03-01. */
async function dropped(world: World, ...folders: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const folder of folders) {
    ids.push(await drop(world, folder));
    world.pass(1);
  }
  return ids;
}
const statusOf = (world: World, runId = '') => runOf(world, runId).status;
const statesOf = (world: World, ids: string[]) => ids.map((id) => statusOf(world, id).state);

describe('a deployment that lets each folder start two runs a day', () => {
  test('starts two of a folder and lets the others wait, with their next time; other folders pass by', async () => {
    const world = createWorld(TWO_A_DAY);
    const ids = await dropped(world, 'a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'b/1');
    await minutes(world, 1);
    await minutes(world, 1);
    expect(statesOf(world, ids)).toEqual([
      ...['SUBMITTED', 'SUBMITTED', 'VALIDATED', 'VALIDATED', 'VALIDATED', 'SUBMITTED'],
    ]);
    expect(statusOf(world, ids[2])).toMatchObject({
      reason: 'FolderRunsOfTheDay',
      message:
        'The folder a may start 2 runs a day (UTC), and those of 2026-03-01 have started. This one goes on by itself at 2026-03-02T00:00:00.000Z, when its turn comes. The runs of a folder stay in order; those of other folders pass it by.',
      remedy: expect.stringContaining('max_folder_runs_a_day (MAX_FOLDER_RUNS_A_DAY)'),
    });
    const until = ids.slice(2, 5).map((id) => statusOf(world, id).queue?.heldForDay?.until);
    expect(until).toEqual([
      ...['2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'],
    ]);
  });

  test('says so once, and lets the next two go when the day begins', async () => {
    const world = createWorld(TWO_A_DAY);
    const ids = await dropped(world, 'a/1', 'a/2', 'a/3', 'a/4', 'a/5');
    await minutes(world, 1);
    await minutes(world, 1);
    const writes = world.runs.writes;
    for (let tick = 0; tick < 5; tick++) await minutes(world, 1);
    expect(world.runs.writes).toBe(writes);
    world.pass(DAY_SECONDS / 2);
    await minutes(world, 1);
    await minutes(world, 1);
    expect(statesOf(world, ids)).toEqual([...Array(4).fill('SUBMITTED'), 'VALIDATED']);
    expect(statusOf(world, ids[4]).queue?.heldForDay).toMatchObject({ until: '2026-03-03T00:00:00.000Z' });
  });

  test('makes two jobs of forty valid uploads in a day', async () => {
    const world = createWorld({ ...TWO_A_DAY, maxActiveJobs: {} });
    await dropped(world, ...Array.from({ length: 40 }, (_, index) => `a/${index}`));
    for (let tick = 0; tick < 5; tick++) await minutes(world, 1);
    expect(world.backend.jobs.size).toBe(2);
  });

  test('lets no two ticks at once start one more', async () => {
    const world = createWorld(TWO_A_DAY);
    await dropped(world, 'a/1', 'a/2', 'a/3', 'a/4');
    await Promise.all([world.poll(), world.poll()]);
    await world.deliver();
    await Promise.all([world.poll(), world.poll()]);
    await world.deliver();
    expect(world.backend.jobs.size).toBe(2);
  });

  test('says who has to act where the wait of a run ends before its day', async () => {
    const world = createWorld({ ...TWO_A_DAY, maximumWaitMs: 3_600_000 });
    const ids = await dropped(world, 'a/1', 'a/2', 'a/3');
    await minutes(world, 1);
    await minutes(world, 1);
    const { message, remedy, queue } = statusOf(world, ids[2]);
    expect(message).toContain('fails before, at 2026-03-01T13:00:02.000Z, when its wait ends');
    expect(remedy).toContain('Somebody has to act before 2026-03-01T13:00:02.000Z');
    expect(queue?.heldForDay).toEqual({ day: '2026-03-01', runsADay: 2, until: undefined });
  });

  test('says what the folder may spend where it has no money left either', async () => {
    const world = createWorld({ budget: { runsADay: 1, capUsd: 10 } });
    const ids = await dropped(world, 'a/1', 'a/2');
    await minutes(world, 1);
    expect(statusOf(world, ids[0]).reason).toBe('CostUnknownUnderBudget');
    expect(statusOf(world, ids[1]).reason).toBe('BehindHeldRun');
  });
});

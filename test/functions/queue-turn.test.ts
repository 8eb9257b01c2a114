import { describe, expect, test } from 'vitest';
import { headlineOf } from '../../shared/core/report/headline.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { jobSizeOf } from '../../shared/core/tuning/duration.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const MINUTES = 60;

/** With room for one pipeline job. */
async function aQueue(count: number): Promise<{ world: World; ids: string[] }> {
  const world = createWorld({ maxActiveJobs: { pipelines: 1 } });
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push(await drop(world, `run-${index}`));
  return { world, ids };
}

async function drop(world: World, folder: string): Promise<string> {
  world.upload(`${folder}/train.jsonl`, examples(120, folder));
  await world.finalized(world.upload(`${folder}/tune.json`, aManifest()));
  world.pass(1);
  return [...world.runs.documents.keys()].at(-1) ?? '';
}

function runOf(world: World, runId = ''): Run {
  const run = world.runs.documents.get(runId);
  if (!run) throw new Error(`no run ${runId}`);
  return run;
}

/** Three runs of the size of this one have ended, of the shortest and the longest of these minutes. */
async function know(world: World, like: Run, low: number, high: number): Promise<void> {
  const { plan } = like.spec;
  const size = plan && jobSizeOf(plan, like.status.datasets);
  if (!size) throw new Error('nothing to compare');
  for (const [index, took] of [low, (low + high) / 2, high].entries()) {
    const job = { ...size, runId: `ended-${index}`, seconds: took * 60 };
    await world.durations.add(plan.baseModel, { ...job, endTime: `2026-02-01T00:00:0${index}Z` });
  }
}

async function minute(world: World): Promise<void> {
  world.pass(60);
  await world.poll();
  await world.deliver();
}

function begin(world: World, runId: string | undefined): void {
  const name = runOf(world, runId).status.job?.name ?? '';
  world.backend.set(name, { state: 'PIPELINE_STATE_RUNNING', startTime: world.clock.now().toISOString() });
}

const end = (world: World, runId: string | undefined) =>
  world.backend.set(runOf(world, runId).status.job?.name ?? '', { state: 'PIPELINE_STATE_SUCCEEDED' });

const turnOf = (world: World, runId: string | undefined) => runOf(world, runId).status.queue?.turn;

const shown = (run: Run) =>
  headlineOf(run, { series: [] }).facts.find(({ name }) => name === 'Its turn')?.value;

describe('a run that waits for a place', () => {
  test('says that its turn is unknown and why, where no job like those before it has ended', async () => {
    const { world, ids } = await aQueue(2);
    const { status } = runOf(world, ids[1]);
    expect(status.queue?.turn).toMatchObject({ unknown: 'durations' });
    expect(status.message).toContain(
      'Its turn is unknown, since fewer than 3 jobs like one before it are known to have ended.',
    );
    expect(shown(runOf(world, ids[1]))).toMatch(/^1 run before it; unknown, since fewer than 3/);
  });

  test('says from its first document on between which times its turn is, by jobs that have ended', async () => {
    const { world, ids } = await aQueue(1);
    await know(world, runOf(world, ids[0]), 30, 50);
    await minute(world);
    begin(world, ids[0]);
    const began = world.clock.now().getTime();
    await minute(world);
    const { status } = runOf(world, await drop(world, 'second'));
    const { from = '', until = '' } = status.queue?.turn ?? {};
    const minutesOf = (time: string) => (Date.parse(time) - began) / 60_000;
    expect([Math.round(minutesOf(from)), Math.round(minutesOf(until))]).toEqual([30, 51]);
    expect(status.message).toContain(`Its turn is expected between ${from} and ${until}.`);
  });

  test('learns with the jobs that end how long those before it take', async () => {
    const { world, ids } = await aQueue(3);
    await minute(world);
    expect(turnOf(world, ids[2])).toMatchObject({ unknown: 'durations' });
    await know(world, runOf(world, ids[1]), 30, 50);
    end(world, ids[0]);
    await minute(world);
    expect(runOf(world, ids[1]).status).toMatchObject({ state: 'SUBMITTED', expectedDuration: { runs: 3 } });
    begin(world, ids[1]);
    for (let tick = 0; tick < 2; tick++) await minute(world);
    expect(turnOf(world, ids[2])?.until).toBeDefined();
    expect(runOf(world, ids[2]).status.expectedDuration).toMatchObject({ runs: 3 });
  });

  test('is written no more than its places and two other times ask for, while jobs take ever longer than expected', async () => {
    const { world, ids } = await aQueue(9);
    await know(world, runOf(world, ids[0]), 5, 6);
    const last = ids.at(-1) ?? '';
    const revisions = new Set<number>();
    let texts = 0;
    let before = '';
    for (let tick = 0; tick < 9 * MINUTES; tick++) {
      const { work, status } = runOf(world, last);
      if (work.nextAction !== 'admit') break;
      revisions.add(work.revision);
      if (status.message !== before) texts += 1;
      before = status.message;
      const active = ids.find((id) => ['SUBMITTED', 'RUNNING'].includes(runOf(world, id).status.state));
      if (active && runOf(world, active).status.state === 'SUBMITTED') begin(world, active);
      if (active && tick % 30 === 29) end(world, active);
      await minute(world);
    }
    expect(runOf(world, last).work.nextAction).not.toBe('admit');
    expect(revisions.size).toBeGreaterThan(2);
    // As it came; at a quarter of the way and as the next; two others.
    expect(revisions.size).toBeLessThanOrEqual(1 + 2 + 2);
    expect(texts).toBe(revisions.size);
  });

  test('writes nothing of its turn while what it said may come true', async () => {
    const { world, ids } = await aQueue(2);
    await know(world, runOf(world, ids[1]), 30, 50);
    await minute(world);
    end(world, ids[0]);
    await minute(world);
    begin(world, ids[1]);
    const late = await drop(world, 'late');
    for (let tick = 0; tick < 3; tick++) await minute(world);
    const before = world.runs.writes;
    for (let tick = 0; tick < 25; tick++) await minute(world);
    expect(turnOf(world, late)?.until).toBeDefined();
    expect(world.runs.writes).toBe(before);
  });
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

type Crowd = { world: World; ids: string[] };
type Manifest = Record<string, unknown>;

const GEMINI = { base_model: 'gemini-3.1-flash-lite' };

async function drop(world: World, folder: string, over: Manifest = {}): Promise<string> {
  world.upload(`${folder}/train.jsonl`, examples(120, folder));
  await world.finalized(world.upload(`${folder}/tune.json`, aManifest(over)));
  return [...world.runs.documents.keys()].at(-1) ?? '';
}

/** A world with so many runs, one second apart, whose messages have been delivered. */
async function crowd(count: number, options: WorldOptions, over: Manifest = {}): Promise<Crowd> {
  const world = createWorld(options);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(await drop(world, `run-${index}`, over));
    world.pass(1);
  }
  await world.deliver();
  return { world, ids };
}

const runOf = (world: World, runId = ''): Run => {
  const run = world.runs.documents.get(runId);
  if (!run) throw new Error(`no run ${runId}`);
  return run;
};
const statesOf = ({ world, ids }: Crowd) => ids.map((id) => runOf(world, id).status.state);

async function minute(world: World): Promise<void> {
  world.pass(60);
  await world.poll();
  await world.deliver();
}

const endJobOf = (world: World, runId: string | undefined) =>
  world.backend.set(runOf(world, runId).status.job?.name ?? '', { state: 'PIPELINE_STATE_SUCCEEDED' });

describe('a deployment with room for two jobs', () => {
  const TWO = { maxActiveJobs: { pipelines: 2 } };

  test('lets every run wait until the next tick, with its place, what ends the wait and when', async () => {
    const { world, ids } = await crowd(3, TWO);
    expect(statesOf({ world, ids })).toEqual(['VALIDATED', 'VALIDATED', 'VALIDATED']);
    const { status, work } = runOf(world, ids[2]);
    expect(status).toMatchObject({ reason: 'InQueue', queue: { kind: 'pipelines', place: 3 } });
    expect(status.message).toContain('number 3 of the pipeline jobs that wait');
    expect(work).toMatchObject({ nextAction: 'admit', nextActionAt: '2026-03-15T12:00:02.000Z' });
    expect(world.backend.jobs.size).toBe(0);
  });

  test('makes the two oldest, and the others go on waiting', async () => {
    const { world, ids } = await crowd(4, TWO);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'SUBMITTED', 'VALIDATED', 'VALIDATED']);
    expect(world.backend.jobs.size).toBe(2);
  });

  test('writes and sends nothing while no job ends', async () => {
    const { world } = await crowd(4, TWO);
    await minute(world);
    await minute(world);
    const before = [world.runs.writes, world.queues.writes];
    for (let tick = 0; tick < 5; tick++) await minute(world);
    expect([world.runs.writes, world.queues.writes]).toEqual(before);
    expect(world.backend.calls.create).toBe(2);
  });

  test('lets the run that waits longest follow a job that ended, in the same tick', async () => {
    const { world, ids } = await crowd(4, TWO);
    await minute(world);
    endJobOf(world, ids[1]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED', 'SUCCEEDED', 'SUBMITTED', 'VALIDATED']);
    endJobOf(world, ids[0]);
    endJobOf(world, ids[2]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUBMITTED']);
  });

  test('lets none pass that came later', async () => {
    const { world, ids } = await crowd(3, TWO);
    await minute(world);
    endJobOf(world, ids[0]);
    const late = await drop(world, 'late');
    await minute(world);
    expect(runOf(world, ids[2]).status.state).toBe('SUBMITTED');
    expect(runOf(world, late).status.state).toBe('VALIDATED');
  });

  test('counts a run whose job could not be made yet', async () => {
    const backend = createFakeBackend();
    backend.createFaults.push(classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'creating the job'));
    const { world, ids } = await crowd(3, { ...TWO, backend });
    await minute(world);
    expect(runOf(world, ids[0]).status.reason).toBe('VertexUnavailable');
    expect(runOf(world, ids[2]).work.nextAction).toBe('admit');
  });

  test('tells a run how far it has come when a quarter of the way is left', async () => {
    const { world, ids } = await crowd(10, TWO);
    await minute(world);
    expect(runOf(world, ids[9]).status.queue?.place).toBe(10);
    for (let ended = 0; ended < 6; ended += 2) {
      endJobOf(world, ids[ended]);
      endJobOf(world, ids[ended + 1]);
      await minute(world);
    }
    expect(runOf(world, ids[9]).status.queue?.place).toBe(2);
    expect(runOf(world, ids[9]).status.message).toContain('number 2 of');
  });

  test('makes one job of a request that comes twice at once', async () => {
    const { world, ids } = await crowd(1, TWO);
    await minute(world);
    await Promise.all(ids.flatMap((id) => [world.submit(id), world.submit(id)]));
    expect(world.backend.jobs.size).toBe(1);
  });

  test('lets two ticks at once make no third job', async () => {
    const { world, ids } = await crowd(5, TWO);
    await Promise.all([world.poll(), world.poll()]);
    await world.deliver();
    expect(world.backend.jobs.size).toBe(2);
    expect(statesOf({ world, ids }).filter((state) => state === 'SUBMITTED')).toHaveLength(2);
  });

  test('a tick that was frozen over its choice lets nobody in who had a turn already', async () => {
    const { world, ids } = await crowd(6, TWO);
    const { apply } = world.runs;
    const held: (() => void)[] = [];
    Object.assign(world.runs, {
      apply: async (...parameters: Parameters<typeof apply>) => {
        await new Promise<void>((go) => held.push(go));
        return apply(...parameters);
      },
    });
    const frozen = world.poll();
    while (held.length === 0) await new Promise((turn) => setImmediate(turn));
    Object.assign(world.runs, { apply });
    await minute(world);
    endJobOf(world, ids[0]);
    endJobOf(world, ids[1]);
    await minute(world);
    for (const go of held) go();
    await frozen;
    await world.deliver();
    const live = [...world.backend.jobs.values()].filter(({ state }) => state === 'PIPELINE_STATE_PENDING');
    expect(live).toHaveLength(2);
  });

  test('says at once, to whoever listens, that a run is checked and waits', async () => {
    const { world } = await crowd(1, TWO);
    expect(world.changes.map(({ data }) => data.state)).toEqual(['RECEIVED', 'VALIDATED']);
  });

  test('keeps no run of another kind waiting', async () => {
    const { world } = await crowd(3, TWO);
    const gemini = await drop(world, 'gemini', GEMINI);
    await world.deliver();
    expect(runOf(world, gemini).status.state).toBe('SUBMITTED');
  });
});

test('sixty uploads with room for five all become a job, with functions that die at every step, in at most ten writes each', async () => {
  const { world, ids } = await crowd(60, { maxActiveJobs: { pipelines: 5 } });
  const { apply } = world.runs;
  let calls = 0;
  let deaths = 0;
  Object.assign(world.runs, {
    apply: async (...parameters: Parameters<typeof apply>) => {
      calls += 1;
      if (calls % 7 === 0) {
        deaths += 1;
        throw new TuneError('ambiguous', 'killed before the write', { reason: 'Killed' });
      }
      const result = await apply(...parameters);
      if (calls % 11 === 0) {
        deaths += 1;
        throw new TuneError('ambiguous', 'killed after the write', { reason: 'Killed' });
      }
      return result;
    },
  });
  const before = world.runs.writes;
  let most = 0;
  for (let tick = 0; tick < 400 && statesOf({ world, ids }).includes('VALIDATED'); tick++) {
    await world.poll().catch(() => {});
    for (const { runId } of world.published.splice(0)) await world.submit(runId).catch(() => {});
    const live = ids.filter((id) => runOf(world, id).status.state === 'SUBMITTED');
    most = Math.max(most, live.length);
    if (tick % 3 === 2) endJobOf(world, live[0]);
    world.pass(60);
  }
  Object.assign(world.runs, { apply });
  for (const id of ids) if (runOf(world, id).status.state === 'SUBMITTED') endJobOf(world, id);
  for (let tick = 0; tick < 10; tick++) await minute(world);
  expect(new Set(statesOf({ world, ids }))).toEqual(new Set(['SUCCEEDED']));
  expect(world.backend.jobs.size).toBe(60);
  expect(most).toBeLessThanOrEqual(5);
  expect(deaths).toBeGreaterThan(40);
  expect((world.runs.writes - before) / 60).toBeLessThanOrEqual(10);
});

describe('where Vertex AI itself is the limit', () => {
  const refusal = () =>
    classifyGoogleError(
      { httpStatus: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED' },
      'creating the job',
    );

  /** Vertex AI with room for so many jobs. */
  function serviceWith(room: { jobs: number }) {
    const backend = createFakeBackend();
    const { create } = backend;
    return Object.assign(backend, {
      create: async (...parameters: Parameters<typeof create>) => {
        const live = [...backend.jobs.values()].filter(({ state }) => !/SUCCEEDED|CANCELLED/.test(state));
        if (live.length >= room.jobs) throw refusal();
        return create(...parameters);
      },
    });
  }

  test('the refused run waits in its queue with Vertex AI’s words, and later uploads wait behind it', async () => {
    const { world, ids } = await crowd(2, { backend: serviceWith({ jobs: 1 }) });
    expect(runOf(world, ids[1]).status).toMatchObject({
      ...{ state: 'VALIDATED', reason: 'QuotaExceeded' },
      queue: { kind: 'pipelines', place: 1 },
    });
    expect(runOf(world, ids[1]).status.message).toContain('429');
    await minute(world);
    expect(world.queues.limits.get('pipelines')).toMatchObject({ limit: 1, because: 'refused', tries: 1 });
    const late = await drop(world, 'late');
    await minute(world);
    expect(runOf(world, late)).toMatchObject({ status: { reason: 'InQueue', queue: { place: 2 } } });
    expect(world.backend.jobs.size).toBe(1);
  });

  test('a job that ends makes room for the oldest', async () => {
    const { world, ids } = await crowd(3, { backend: serviceWith({ jobs: 1 }) });
    await minute(world);
    endJobOf(world, ids[0]);
    await minute(world);
    expect(statesOf({ world, ids })).toEqual(['SUCCEEDED', 'SUBMITTED', 'VALIDATED']);
  });

  test('while no job ends, one run is tried after five minutes, then after ten, twenty, up to an hour', async () => {
    const { world } = await crowd(3, { backend: serviceWith({ jobs: 0 }) });
    const { create } = world.backend;
    const triedAt: number[] = [];
    let minutes = 0;
    Object.assign(world.backend, {
      create: (...parameters: Parameters<typeof create>) => {
        triedAt.push(minutes);
        return create(...parameters);
      },
    });
    for (; minutes < 200; minutes++) await minute(world);
    const pauses = triedAt.map((at, index) => at - (triedAt[index - 1] ?? 0)).slice(1);
    expect(pauses.slice(0, 4)).toEqual([11, 21, 41, 61]);
  });

  test('more quota is found out, and the queue empties faster and faster', async () => {
    const room = { jobs: 1 };
    const { world, ids } = await crowd(16, { backend: serviceWith(room) });
    await minute(world);
    room.jobs = 100;
    for (let tick = 0; tick < 10; tick++) await minute(world);
    expect(new Set(statesOf({ world, ids }))).toEqual(new Set(['SUBMITTED']));
    await minute(world);
    expect(world.queues.limits.size).toBe(0);
  });

  test('a job that Vertex AI keeps waiting for quota holds back those that would wait behind it', async () => {
    const { world } = await crowd(2, {}, GEMINI);
    const [first = '', second = ''] = world.backend.jobs.keys();
    world.backend.set(first, { state: 'JOB_STATE_RUNNING' });
    world.backend.set(second, { state: 'JOB_STATE_RUNNING', stage: 'WAITING_FOR_QUOTA' });
    await minute(world);
    await minute(world);
    expect(world.queues.limits.get('gemini')).toMatchObject({ limit: 2, because: 'waitsForQuota' });
    const late = await drop(world, 'late', GEMINI);
    await minute(world);
    expect(runOf(world, late).status).toMatchObject({
      reason: 'InQueue',
      queue: { kind: 'gemini', place: 1 },
    });
    world.backend.set(first, { state: 'JOB_STATE_SUCCEEDED' });
    world.backend.set(second, { stage: 'TUNING' });
    await minute(world);
    await minute(world);
    expect(runOf(world, late).status.state).toBe('SUBMITTED');
  });

  test('nothing that was learnt is written while nothing changes', async () => {
    const { world } = await crowd(3, { backend: serviceWith({ jobs: 1 }) });
    await minute(world);
    const before = [world.runs.writes, world.queues.writes];
    for (let tick = 0; tick < 3; tick++) await minute(world);
    expect([world.runs.writes, world.queues.writes]).toEqual(before);
  });
});

describe('a wait for a turn ends', () => {
  test('by cancel, at once, and is looked at once more for a job that a slow function made', async () => {
    const { world, ids } = await crowd(1, { maxActiveJobs: { pipelines: 1 } });
    await world.finalized(world.upload('run-0/tune.json', JSON.stringify({ cancel: true })));
    expect(runOf(world, ids[0]).status).toMatchObject({ state: 'CANCELLED', reason: 'CancelRequested' });
    world.pass(601);
    await world.poll();
    expect(runOf(world, ids[0]).work.nextAction).toBeNull();
    expect(world.backend.jobs.size).toBe(0);
  });

  test('by the deployment’s limit, with its last word and what to do', async () => {
    const { world, ids } = await crowd(2, { maxActiveJobs: { pipelines: 1 }, maximumWaitMs: 3 * 86_400_000 });
    await minute(world);
    world.pass(2 * 86_400);
    await minute(world);
    expect(runOf(world, ids[1]).status.state).toBe('VALIDATED');
    world.pass(86_400);
    await minute(world);
    const { status } = runOf(world, ids[1]);
    expect(status).toMatchObject({ state: 'FAILED', reason: 'WaitedTooLong' });
    expect(status.message).toContain('3 days');
    expect(status.remedy).toContain('upload the manifest again');
    expect(status.queue).toBeUndefined();
  });

  test('and the same bytes, uploaded again, are a run of their own', async () => {
    const { world, ids } = await crowd(2, { maxActiveJobs: { pipelines: 1 }, maximumWaitMs: 3 * 86_400_000 });
    world.pass(3 * 86_400);
    await minute(world);
    expect(runOf(world, ids[1]).status.reason).toBe('WaitedTooLong');
    const again = await drop(world, 'run-1');
    expect(runOf(world, again).spec.fingerprint).toBe(runOf(world, ids[1]).spec.fingerprint);
    expect(runOf(world, again).status).toMatchObject({ state: 'VALIDATED', reason: 'InQueue' });
  });

  test('and by nothing else: not by a day, not by a refusal', async () => {
    const backend = createFakeBackend();
    const { world, ids } = await crowd(1, { backend });
    expect(statesOf({ world, ids })).toEqual(['SUBMITTED']);
    const late = await drop(world, 'late');
    Object.assign(backend, {
      create: () => Promise.reject(new TuneError('throttled', 'no quota', { reason: 'QuotaExceeded' })),
    });
    await world.deliver();
    for (let hour = 0; hour < 13 * 24; hour++) {
      world.pass(3_540);
      await minute(world);
    }
    expect(runOf(world, late).status).toMatchObject({ state: 'VALIDATED', reason: 'QuotaExceeded' });
  });
});

test('without a limit every run becomes a job at once', async () => {
  expect(statesOf(await crowd(4, {}))).toEqual(Array(4).fill('SUBMITTED'));
});

test('the environment sets how many jobs of each kind may be active, and how long a run may wait', () => {
  const environment = {
    NODE_ENV: 'production',
    GOOGLE_CLOUD_PROJECT: 'p',
    INBOX_BUCKET: 'i',
    RESULTS_BUCKET: 'r',
  };
  expect(readConfig(environment)).toMatchObject({
    ...{ maxActiveJobs: { gemini: 4, openModels: 2, pipelines: 1 }, maximumWaitMs: 14 * 86_400_000 },
  });
  const set = { MAX_ACTIVE_GEMINI_JOBS: '3', MAX_ACTIVE_PIPELINE_JOBS: '0', MAX_WAIT_DAYS: '0.5' };
  expect(readConfig({ ...environment, ...set })).toMatchObject({
    maxActiveJobs: { gemini: 3, openModels: 2, pipelines: undefined },
    maximumWaitMs: 43_200_000,
  });
  const wrong = { MAX_ACTIVE_GEMINI_JOBS: '-1', MAX_ACTIVE_OPEN_MODEL_JOBS: '1.5', MAX_WAIT_DAYS: '0' };
  expect(() => readConfig({ ...environment, ...wrong })).toThrow(
    /MAX_ACTIVE_GEMINI_JOBS[\s\S]*MAX_ACTIVE_OPEN_MODEL_JOBS[\s\S]*MAX_WAIT_DAYS/,
  );
});

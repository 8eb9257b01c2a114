import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { TuningBackend } from '../../shared/ports.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createWorld, examples, type World } from '../support/world.ts';

/** Vertex AI's `tuningJobs`: ids of its own, and a list that has a new job only after a while. */
function createTuningService(now: () => number) {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const madeAt = new Map<string, number>();
  const state = { lagSeconds: 0, holds: [] as (() => void)[], isHolding: false };
  const create: TuningBackend['create'] = async (plan, attempt) => {
    const before = new Set(backend.jobs.keys());
    if (state.isHolding) await new Promise<void>((go) => state.holds.push(go));
    try {
      return await plainCreate(plan, attempt);
    } finally {
      for (const name of backend.jobs.keys())
        if (!before.has(name) && !madeAt.has(name)) madeAt.set(name, now());
    }
  };
  const plainCreate = backend.create;
  const plainFindAll = backend.findAll;
  const findAll: TuningBackend['findAll'] = async (plan) =>
    (await plainFindAll(plan)).filter(
      ({ name }) => now() - (madeAt.get(name) ?? 0) >= state.lagSeconds * 1000,
    );
  const find: TuningBackend['find'] = async (plan) => (await findAll(plan))[0];
  return { backend: Object.assign(backend, { create, findAll, find }), state };
}

const lost = () => ({ lost: new TuneError('ambiguous', 'socket hang up', { reason: 'ConnectionLost' }) });
const MANIFEST = JSON.stringify({ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' });

async function validated(): Promise<{
  world: World;
  service: ReturnType<typeof createTuningService>;
  runId: string;
}> {
  let seconds = 0;
  const service = createTuningService(() => seconds * 1000);
  const made = createWorld({ backend: service.backend });
  const world = {
    ...made,
    pass(more: number) {
      seconds += more;
      made.pass(more);
    },
  };
  world.upload('reviews/train.jsonl', examples(20));
  await world.finalized(world.upload('reviews/tune.json', MANIFEST));
  return { world, service, runId: world.theRun().runId };
}

const wanted = (world: World) =>
  [...world.backend.jobs.keys()].filter((name) => !world.backend.cancelled.includes(name));

describe('a job whose answer got lost', () => {
  test('is looked for once the list surely has it, and the document says so', async () => {
    const { world, service } = await validated();
    service.state.lagSeconds = 120;
    world.backend.createFaults.push(lost());
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTING', reason: 'LookingForJob' });
    expect(world.theRun().work.nextActionAt).toBe('2026-03-01T12:05:00.000Z');
    world.pass(301);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('and was never made is created after the wait', async () => {
    const { world } = await validated();
    world.backend.createFaults.push(new TuneError('ambiguous', 'busy', { reason: 'Busy' }));
    await world.deliver();
    world.pass(301);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });
});

test('a function that died while it created the job is followed by a look, not by a second job', async () => {
  const { world, service, runId } = await validated();
  service.state.lagSeconds = 120;
  service.state.isHolding = true;
  world.published.length = 0;
  const dying = world.submit(runId);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  service.state.isHolding = false;
  // It created the job and never said so: the claim stands until its lease ends.
  void dying;
  await world.submit(runId);
  expect(world.backend.jobs.size).toBe(0);
  service.state.holds.shift()?.();
  await dying;
  expect(world.backend.jobs.size).toBe(1);
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('of two jobs with the label of a run the older is its own, and the younger is stopped', async () => {
  const { world, runId } = await validated();
  const labels = { 'tunedrop-run': runId };
  for (const name of ['a', 'b'])
    world.backend.jobs.set(name, { name, state: 'JOB_STATE_PENDING', labels, tasks: [] });
  await world.deliver();
  expect(world.theRun().status.job?.name).toBe('a');
  expect(world.backend.cancelled).toEqual(['b']);
});

test('a second job that a dead function left is stopped when its run ends', async () => {
  const { world, runId } = await validated();
  await world.deliver();
  const own = world.theRun().status.job?.name ?? '';
  const labels = { 'tunedrop-run': runId };
  world.backend.jobs.set('stray', { name: 'stray', state: 'JOB_STATE_RUNNING', labels, tasks: [] });
  world.backend.set(own, { state: 'JOB_STATE_CANCELLED' });
  world.pass(60);
  await world.poll();
  expect(isTerminal(world.theRun().status.state)).toBe(true);
  expect(world.backend.cancelled).toEqual(['stray']);
});

/** What may happen between an upload and its job. */
const STEPS = ['submit', 'submit', 'poll', 'wait', 'waitLong', 'lose', 'refuse', 'hold', 'release'] as const;

test('whatever is lost, late, listed late or delivered twice, one job is wanted in the end (2,000 interleavings)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...STEPS), { maxLength: 14 }),
      fc.constantFrom(0, 60, 290),
      async (steps, lagSeconds) => {
        const { world, service, runId } = await validated();
        service.state.lagSeconds = lagSeconds;
        const running: Promise<unknown>[] = [];
        const settleTurns = async () => {
          for (let turn = 0; turn < 40; turn++) await Promise.resolve();
        };
        for (const step of steps) {
          if (step === 'submit') running.push(world.submit(runId).catch(() => {}));
          else if (step === 'poll') await world.poll();
          else if (step === 'wait') world.pass(61);
          else if (step === 'waitLong') world.pass(301);
          else if (step === 'lose') world.backend.createFaults.push(lost());
          else if (step === 'refuse') {
            world.backend.createFaults.push(new TuneError('throttled', 'quota', { reason: 'QuotaExceeded' }));
          } else if (step === 'hold') service.state.isHolding = true;
          else {
            service.state.isHolding = false;
            for (const go of service.state.holds.splice(0)) go();
          }
          await settleTurns();
        }
        // From here on nothing goes wrong.
        service.state.isHolding = false;
        for (const go of service.state.holds.splice(0)) go();
        world.backend.createFaults.length = 0;
        await Promise.all(running);
        for (let round = 0; round < 6 && world.theRun().status.state !== 'SUBMITTED'; round++) {
          world.pass(3_600);
          await world.poll();
          await world.deliver();
        }
        expect(world.theRun().status.state).toBe('SUBMITTED');
        expect(wanted(world)).toEqual([world.theRun().status.job?.name]);
      },
    ),
    { numRuns: 2_000 },
  );
}, 300_000);

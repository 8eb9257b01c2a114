import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { dropSweep, endJobs, parentIn, settle, sweptIn } from '../support/sweeps.ts';
import { createWorld, INBOX, type World } from '../support/world.ts';

/** A function that is gone: nothing of it goes on, and it says nothing to anybody. */
const GONE = new Promise<never>(() => {});

interface Kill {
  happens: Promise<void>;
  /** Lets the next function live; whether this one was killed. */
  end(): boolean;
}

/** Kills the function at its so manieth effect on the world, before it or right after it. */
function killAt({ objects, runs, publisher }: World, at: number, time: 'before' | 'after'): Kill {
  const { promise: happens, resolve } = Promise.withResolvers<void>();
  let count = 0;
  let isDead = false;
  const wrap =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (isDead) return GONE;
      count += 1;
      if (count !== at) return work(...args);
      if (time === 'after') await work(...args);
      isDead = true;
      resolve();
      return GONE;
    };
  const own = [
    [objects, { copy: objects.copy, write: objects.write }],
    [runs, { open: runs.open, apply: runs.apply, notePublished: runs.notePublished }],
    [publisher, { publish: publisher.publish }],
  ] as const;
  for (const [target, methods] of own) {
    const wrapped = Object.entries(methods).map(([name, work]) => [
      name,
      wrap(work as () => Promise<unknown>),
    ]);
    Object.assign(target, Object.fromEntries(wrapped));
  }
  return {
    happens,
    end() {
      for (const [target, methods] of own) Object.assign(target, methods);
      return isDead;
    },
  };
}

/** The event of the manifest comes once more, to a function that remembers nothing. */
async function redeliver(world: World): Promise<void> {
  const live = await world.objects.stat({ bucket: INBOX, name: 'reviews/tune.json' });
  if (live) await world.newInstances().finalized(live);
}

describe.each(['before', 'after'] as const)('a function that dies %s any of its effects', (time) => {
  test.each([
    { next: 'and its event, which comes again,', comesAgain: true },
    { next: 'and poll, which asks for what was not done,', comesAgain: false },
  ])('$next make one run and one job for each setting', async ({ comesAgain }) => {
    let kills = 0;
    for (let at = 1; ; at++) {
      const world = createWorld();
      const kill = killAt(world, at, time);
      await Promise.race([dropSweep(world), kill.happens]);
      if (!kill.end()) break;
      kills += 1;
      world.pass(660);
      // Before there is a document nobody but the event, or the look through the inbox, knows of the upload.
      if (comesAgain || world.runs.documents.size === 0) await redeliver(world);
      await world.poll();
      await settle(world, 3);
      await redeliver(world);
      await settle(world, 1);
      expect(world.runs.documents.size).toBe(4);
      expect(sweptIn(world).map(({ status }) => status.state)).toEqual(Array(3).fill('SUBMITTED'));
      expect(sweptIn(world).map((run) => world.statusFile(run).status.state)).toEqual(
        Array(3).fill('SUBMITTED'),
      );
      expect(world.backend.jobs.size).toBe(3);
      expect(parentIn(world).status.state).toBe('RUNNING');
      const ids = world.changes.map(({ id }) => id);
      const states = sweptIn(world).flatMap(({ runId }) =>
        ['RECEIVED', 'VALIDATED'].map((state) => `${runId}-${state}`),
      );
      expect(ids).toEqual(expect.arrayContaining(states));
    }
    expect(kills).toBeGreaterThan(10);
  });
});

/** A service that chooses the ids of jobs, and whose answers all get lost once. */
async function submittedInTheDark() {
  const lost = () => ({ lost: new TuneError('ambiguous', 'no answer', { reason: 'NoAnswer' }) });
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend });
  await dropSweep(world, {
    base_model: 'gemini-3.1-flash-lite',
    train_steps: undefined,
    epoch_count: [1, 2, 3],
  });
  backend.createFaults.push(lost(), lost(), lost());
  await world.deliver().catch(() => {});
  await world.deliver().catch(() => {});
  await world.deliver().catch(() => {});
  return world;
}

describe('three jobs of tuningJobs whose answers got lost', () => {
  test('are found by the data that each reads, though all have lost their labels', async () => {
    const world = await submittedInTheDark();
    for (const name of [...world.backend.jobs.keys()]) world.backend.set(name, { labels: {} });
    for (let tick = 0; tick < 20; tick++) await settle(world, 1);
    expect(world.backend.jobs.size).toBe(3);
    expect(world.backend.cancelled).toEqual([]);
    for (const { runId, status } of sweptIn(world)) {
      expect(status.state).toBe('SUBMITTED');
      const job = world.backend.jobs.get(status.job?.name ?? '');
      expect(job?.trainingDataUri).toContain(`/staging/${runId}/`);
    }
  });
});

describe('documents of a sweep', () => {
  test('of which one was deleted get it back while its job lives, and the path still stands for the manifest', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    const [, second] = sweptIn(world);
    world.runs.documents.delete(second?.runId ?? '');
    world.pass(960);
    await world.poll();
    await settle(world, 2);
    const back = world.runs.documents.get(second?.runId ?? '');
    expect(back).toMatchObject({ spec: second?.spec, status: { job: { name: second?.status.job?.name } } });
    expect(back?.status.restoredTime).toBeDefined();
    expect([...world.runs.pointers.values()]).toMatchObject([{ runId: parentIn(world).runId }]);
    expect(parentIn(world).status.sweep?.runs.map(({ state }) => state)).toEqual(Array(3).fill('SUBMITTED'));
  });

  test('of a backup go on as they were, and make no second job', async () => {
    const world = createWorld();
    await dropSweep(world);
    const backup = structuredClone([...world.runs.documents]);
    await settle(world, 2);
    endJobs(world, ['PIPELINE_STATE_FAILED']);
    await settle(world, 1);
    for (const [runId, run] of backup) world.runs.documents.set(runId, run);
    const { create } = world.backend.calls;
    const { poll } = world.newInstances();
    for (let tick = 0; tick < 8; tick++) {
      await poll();
      await world.deliver();
      world.pass(60);
    }
    expect(world.backend.calls.create).toBe(create);
    expect(sweptIn(world).map(({ status }) => status.state)).toEqual(['FAILED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(parentIn(world)).toMatchObject({ status: { state: 'SUCCEEDED' }, work: { nextAction: null } });
  });

  test('of which one was deleted without a job keep the others from nothing', async () => {
    const world = createWorld();
    await dropSweep(world);
    const [first] = sweptIn(world);
    world.runs.documents.delete(first?.runId ?? '');
    await settle(world, 1);
    for (const { status } of sweptIn(world)) {
      world.backend.set(status.job?.name ?? '', { state: 'PIPELINE_STATE_FAILED' });
    }
    await settle(world, 2);
    expect(parentIn(world).status).toMatchObject({
      state: 'FAILED',
      message: expect.stringContaining('1 has no document any more, 2 are FAILED'),
    });
  });
});

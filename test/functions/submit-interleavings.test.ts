import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { createValidatedWorld, type TuningService, worldWith } from '../support/tuning-service.ts';
import type { World } from '../support/world.ts';

/** What may happen between an upload and its job, and after. */
const STEPS = [
  ...['submit', 'submit', 'submitAgain', 'poll', 'wait', 'waitLong', 'lose', 'lose'],
  ...['refuse', 'hold', 'release', 'strip', 'end'],
] as const;
type Step = (typeof STEPS)[number];

/** Half of all begin with what makes second jobs: an answer that got lost, or a function that is slow beyond its lease. */
const BEGINNINGS: Step[][] = [
  [],
  [],
  ['lose', 'submit'],
  ['hold', 'submit', 'waitLong', 'waitLong', 'waitLong'],
];

const ambiguous = () => new TuneError('ambiguous', 'socket hang up', { reason: 'ConnectionLost' });
const QUOTA = new TuneError('throttled', 'quota', { reason: 'QuotaExceeded' });

const isAlive = ({ state }: { state: string }) => !/SUCCEEDED|CANCELLED/.test(state);

interface Scene {
  world: World;
  service: TuningService;
  runId: string;
  running: Promise<unknown>[];
}

const DEEDS: Record<Step, (scene: Scene) => unknown> = {
  submit: ({ world, runId, running }) => running.push(world.submit(runId).catch(() => {})),
  submitAgain: ({ world, runId, running }) => running.push(world.submit(runId, 'again').catch(() => {})),
  poll: ({ world }) => world.poll(),
  wait: ({ world }) => world.pass(61),
  waitLong: ({ world }) => world.pass(301),
  lose: ({ world }) => world.backend.createFaults.push({ lost: ambiguous() }),
  refuse: ({ world }) => world.backend.createFaults.push(QUOTA),
  hold: ({ service }) => {
    service.state.isHolding = true;
  },
  release: ({ service }) => letGo(service),
  strip: ({ world }) => {
    const last = [...world.backend.jobs.keys()].at(-1);
    if (last) world.backend.set(last, { labels: {} });
  },
  end: ({ world }) => {
    const own = world.theRun().status.job?.name;
    if (own) world.backend.set(own, { state: 'PIPELINE_STATE_CANCELLED' });
  },
};

function letGo({ state }: TuningService): void {
  state.isHolding = false;
  for (const go of state.holds.splice(0)) go();
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}

/** Nothing goes wrong any more, for hours. */
async function calmDown({ world, service, running }: Scene): Promise<void> {
  world.backend.createFaults.length = 0;
  letGo(service);
  await Promise.all(running);
  for (let round = 0; round < 12; round++) {
    world.pass(1_000);
    await world.poll();
    await world.deliver();
  }
}

test('whatever is lost, late, listed late, stripped of its label or delivered twice: one job is wanted in the end, and every other is stopped and told (2,000 interleavings)', async () => {
  const validated = (await createValidatedWorld()).world.theRun();
  const seen = { secondJobs: 0, stripped: 0, ended: 0, lostAnswers: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...BEGINNINGS),
      fc.array(fc.constantFrom(...STEPS), { maxLength: 14 }),
      fc.constantFrom(0, 60, 290, 700),
      async (beginning, more, lagSeconds) => {
        const steps = [...beginning, ...more];
        const scene: Scene = { ...worldWith(validated), running: [] };
        const { world, service } = scene;
        service.state.lagSeconds = lagSeconds;
        for (const step of steps) {
          await DEEDS[step](scene);
          await turns();
        }
        await calmDown(scene);

        const { backend } = world;
        const { status } = world.theRun();
        const own = status.job?.name;
        const others = [...backend.jobs.values()].filter(
          ({ name }) => name !== own && isAlive({ state: '' }),
        );
        if (others.length > 0) seen.secondJobs += 1;
        if ([...backend.jobs.values()].some(({ labels }) => Object.keys(labels).length === 0))
          seen.stripped += 1;
        if (status.state === 'CANCELLED') seen.ended += 1;
        if (steps.includes('lose')) seen.lostAnswers += 1;
        expect(own).toBeDefined();
        expect(['SUBMITTED', 'CANCELLED']).toContain(status.state);
        expect(backend.cancelled).not.toContain(own);
        expect(others.map(({ name }) => name).sort()).toEqual([...new Set(backend.cancelled)].sort());
        expect(others.map(({ name }) => name).sort()).toEqual(
          (status.otherJobs ?? []).map(({ name }) => name).sort(),
        );
      },
    ),
    { numRuns: 2_000 },
  );
  // The hard cases were met, many times each.
  expect(seen.secondJobs).toBeGreaterThan(20);
  expect(seen.stripped).toBeGreaterThan(100);
  expect(seen.ended).toBeGreaterThan(50);
  expect(seen.lostAnswers).toBeGreaterThan(500);
});

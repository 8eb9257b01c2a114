import { expect } from 'vitest';
import { type Campaign, runCampaign } from './campaign.ts';

/** Fails with the shortest interleaving that breaks a promise, written so that it can be pasted into tapes.test.ts. */
export async function expectPromisesKept(campaign: Campaign): Promise<void> {
  const { seen, broken } = await runCampaign(campaign);
  if (broken) {
    const { steps, ...rest } = broken.tape;
    expect.fail(
      [
        `seed ${campaign.seed}: a promise is broken after ${broken.after} interleavings.`,
        ...broken.violations,
        JSON.stringify(rest),
        JSON.stringify(steps, undefined, 2),
      ].join('\n'),
    );
  }
  // The hard cases were met, many times each.
  const { runs } = campaign;
  expect(seen.faults).toBeGreaterThan(runs / 3);
  expect(seen.deathsBeforeRecord).toBeGreaterThan(runs / 20);
  expect(seen.takeovers).toBeGreaterThan(runs / 100);
  expect(seen.secondJobs).toBeGreaterThan(runs / 100);
  expect(seen.wokenAfterEnd).toBeGreaterThan(runs / 50);
  expect(seen.cancelled).toBeGreaterThan(runs / 100);
  expect(seen.foundByAudit).toBeGreaterThan(runs / 200);
}

/** At night a seed of its own each time, which a failure names; by day always the same, so that nobody's change fails by luck. */
export const seedOfTheNight = (byDay: number) =>
  process.env.MODEL_RUNS === undefined ? byDay : Math.floor(Math.random() * 2 ** 31);

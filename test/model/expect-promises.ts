import { expect } from 'vitest';
import { type Campaign, runCampaign, type Seen } from './campaign.ts';

/** Fails with the shortest interleaving that breaks a promise, written so that it can be pasted into tapes.test.ts. */
export async function expectPromisesKept(campaign: Campaign): Promise<Seen> {
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
  return seen;
}

/** At night a seed of its own each time, which a failure names; by day always the same, so that nobody's change fails by luck. */
export const seedOfTheNight = (byDay: number) =>
  process.env.MODEL_RUNS === undefined ? byDay : Math.floor(Math.random() * 2 ** 31);

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

/** A seed of one's own each time; a failure names it. */
export const randomSeed = () => Math.floor(Math.random() * 2 ** 31);

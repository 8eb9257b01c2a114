import { expect, test } from 'vitest';
import { runCampaign } from '../support/campaign.ts';
import { figuresText } from '../support/campaign-figures.ts';

test('a small campaign of kills, stalls, duplicates and overlapping polls ends with one job for every valid drop', async () => {
  const figures = await runCampaign({
    ...{ drops: 20, invalid: 0.1, duplicated: 0.3, retryScale: 0.02, withinMs: 200_000 },
    kills: { everyMs: 1500, forMs: 4500 },
    stalls: { services: ['pubsub', 'storage'], forMs: 500 },
    overlapEveryMs: 1000,
  });
  console.log(figuresText('small campaign', figures));
  expect(figures).toMatchObject({ valid: 18, lost: 0, jobs: 18, doubleJobs: 0 });
  expect(figures.ends).toEqual({ SUCCEEDED: 18, REJECTED: 2 });
  expect(figures.kills).toBeGreaterThan(0);
  expect(figures.duplicatedEvents).toBeGreaterThan(0);
  expect(figures.overlappingPolls).toBeGreaterThan(0);
});

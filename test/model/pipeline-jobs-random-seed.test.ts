import { expect, test } from 'vitest';
import { shareOfRuns } from './campaign.ts';
import { expectPromisesKept, seedOfTheNight } from './expect-promises.ts';

test('with pipelineJobs every promise is kept, whatever is lost, late, repeated, killed or asleep (a random seed at night)', async () => {
  const runs = shareOfRuns(4);
  const seen = await expectPromisesKept({ service: 'pipelineJobs', runs, seed: seedOfTheNight(7) });
  // The hard cases were met, many times each.
  expect(seen.faults).toBeGreaterThan(runs / 3);
  expect(seen.deathsBeforeRecord).toBeGreaterThan(runs / 20);
  expect(seen.takeovers).toBeGreaterThan(runs / 100);
  expect(seen.secondJobs).toBeGreaterThan(runs / 100);
  expect(seen.wokenAfterEnd).toBeGreaterThan(runs / 50);
  expect(seen.cancelled).toBeGreaterThan(runs / 100);
  expect(seen.foundByAudit).toBeGreaterThan(runs / 200);
});

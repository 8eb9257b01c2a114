import { test } from 'vitest';
import { shareOfRuns } from './campaign.ts';
import { expectPromisesKept, seedOfTheNight } from './expect-promises.ts';

test('with pipelineJobs every promise is kept, whatever is lost, late, repeated, killed or asleep (a random seed at night)', {
  timeout: 14_400_000,
}, async () => {
  await expectPromisesKept({ service: 'pipelineJobs', runs: shareOfRuns(4), seed: seedOfTheNight(7) });
});

import { test } from 'vitest';
import { shareOfRuns } from './campaign.ts';
import { expectPromisesKept } from './expect-promises.ts';

test('with pipelineJobs every promise is kept, whatever is lost, late, repeated, killed or asleep (fixed seed)', {
  timeout: 2_400_000,
}, async () => {
  await expectPromisesKept({ service: 'pipelineJobs', runs: shareOfRuns(4), seed: 2026 });
});

import { afterAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, jobsIn } from './example-folders.ts';

const dataDir = temporaryFolder();
let stack: Stack | undefined;
afterAll(() => stack?.close());

/** The deployment with a cap on what a folder may spend in a month, on what is there already. */
async function deployedWith(dollars: number): Promise<Stack> {
  await stack?.close();
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir, scheduleMs: 200, taskMs: 20 },
    environment: { MAX_FOLDER_USD_A_MONTH: String(dollars) },
  });
  return stack;
}

/** An example that costs 0.34 to 0.40 USD, into a folder of its own below one top-level folder. */
const dropAs = (at: Stack, name: string) =>
  at.drop(changedExample('medical-specialty', { model_display_name: name }), `team/${name}`);

test('what exceeds the budget of a folder is held with the reason and who can raise it, and goes on once that is raised', async () => {
  const capped = await deployedWith(0.5);
  const first = await capped.follow(await dropAs(capped, 'first'));
  expect(first.status.state).toBe('SUCCEEDED');
  let held: Run | undefined;
  const stop = capped.watch((run) => {
    if (run.status.queue?.held) held = run;
  });
  await dropAs(capped, 'second');
  await until('the second run is held', () => held !== undefined);
  stop();
  expect(held?.status).toMatchObject({
    ...{ state: 'VALIDATED', reason: 'FolderBudgetSpent' },
    message: expect.stringMatching(/^The folder team may spend 0\.50 USD a month; 0\.\d\d USD of .* spent/),
    remedy: expect.stringContaining('the administrator of the deployment raises max_folder_usd_a_month'),
    queue: { held: { capUsd: 0.5 } },
  });
  expect(await jobsIn(capped)).toHaveLength(1);

  const raised = await deployedWith(5);
  const ended = Promise.withResolvers<Run>();
  raised.watch((run) => {
    if (run.runId === held?.runId && run.status.state === 'SUCCEEDED') ended.resolve(run);
  });
  expect((await ended.promise).status.queue).toBeUndefined();
  expect(await jobsIn(raised)).toHaveLength(2);
});

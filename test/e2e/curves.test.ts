import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { ThreadTraining } from '../../local/vertex/training/tuner-threads.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { createFakeTuner } from '../local/vertex-fake-tuner.ts';
import { pointsOfEvents } from '../local/vertex-points.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, pointsInFirestore } from './example-folders.ts';
import { recording } from './recording-tuner.ts';

/** Why each of these has no curves; every other folder of examples/ has to have them. */
const WITHOUT_CURVES: Record<string, RegExp> = {
  'banking-embedding': /template of this model takes no TensorBoard/,
  'has-mistakes': /^$/,
  'gemini-continued': /^$/,
  // The fake tuner has no weights that could be written into the results.
  gemma: /^$/,
};
const EXAMPLES = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const MEASURED = EXAMPLES.filter((name) => !(name in WITHOUT_CURVES));

/** Measures a hash at every step: no two points of any two jobs are alike, so a point in the wrong place is seen. */
const tuner = recording(createFakeTuner());
let stack: Stack;
const ends = new Map<string, Promise<Run>>();

beforeAll(async () => {
  stack = await startStack({ dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20, tuner });
  for (const name of EXAMPLES) ends.set(name, dropAndFollow(name));
});
afterAll(() => stack.close());

async function dropAndFollow(name: string): Promise<Run> {
  const folder = changedExample(name, {});
  if (name === 'waits-for-data') {
    copyFileSync('examples/medical-specialty/train.jsonl', join(folder, 'train.jsonl'));
  }
  return stack.follow(await stack.drop(folder, name));
}

const endOf = (name: string) => ends.get(name) ?? Promise.reject(new Error(`${name} was not dropped`));

/** At every interval, and at the checkpoints that a tuning job keeps. */
function evaluationsOf({
  evaluation,
  steps,
  evaluationInterval,
  checkpointSteps = [],
}: ThreadTraining): number {
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  const isTime = (step: number) => step % evaluationInterval === 0 || checkpointSteps.includes(step);
  return evaluation ? all.filter(isTime).length : 0;
}

/** Preference tuning has nothing of single tokens, and its training has a loss under another name. */
const isOf = (example: string) => (point: string) =>
  example !== 'gemini-preference' || point.startsWith('/eval_total_loss');

describe.each(MEASURED)('%s', (name) => {
  test('ends with its curves in Firestore equal, point by point, to what the tuner measured', async () => {
    const run = await endOf(name);
    expect(run.status.state).toBe('SUCCEEDED');
    const { job, events } = tuner.recordingOf(run.status.job?.name);
    expect(events.filter(({ kind }) => kind === 'train')).toHaveLength(job.steps);
    const { plan } = run.spec;
    if (plan?.backend === 'pipelineJobs') expect(job.steps).toBe(plan.training.steps);
    expect(events.filter(({ kind }) => kind === 'evaluation')).toHaveLength(evaluationsOf(job));
    const points = (await pointsInFirestore(stack, run)).filter(isOf(name));
    expect(points).toEqual(pointsOfEvents(events).filter(isOf(name)));
    expect(run.status.metrics).toMatchObject({ matchedBy: 'id', step: job.steps });
  });
});

test('banking-embedding has no curves, and its document says why', async () => {
  const run = await endOf('banking-embedding');
  expect(run.status.state).toBe('SUCCEEDED');
  expect(await pointsInFirestore(stack, run)).toEqual([]);
  expect(run.status.metrics?.absent).toMatch(WITHOUT_CURVES['banking-embedding'] ?? '');
});

test.each(['has-mistakes', 'gemini-continued'])('%s is never tuned as it is', async (name) => {
  const run = await endOf(name);
  expect(run.status).toMatchObject({ state: 'REJECTED' });
  expect(run.status.job).toBeUndefined();
});

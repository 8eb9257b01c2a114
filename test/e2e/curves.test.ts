import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { createFakeTuner } from '../local/vertex-fake-tuner.ts';
import { pointsOfEvents } from '../local/vertex-points.ts';
import { pipelinePlan } from '../support/plans.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, pointsInFirestore } from './example-folders.ts';
import { recording } from './recording-tuner.ts';

/** Why each of these has no curves; every other folder of examples/ has to have them. */
const WITHOUT_CURVES: Record<string, RegExp> = {
  'banking-embedding': /template of this model takes no TensorBoard/,
  'has-mistakes': /^$/,
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

describe.each(MEASURED)('%s', (name) => {
  test('ends with its curves in Firestore equal, point by point, to what the tuner measured', async () => {
    const run = await endOf(name);
    expect(run.status.state).toBe('SUCCEEDED');
    const { job, events } = tuner.recordingOf(run.status.job?.name);
    expect(events.filter(({ kind }) => kind === 'train')).toHaveLength(
      pipelinePlan(run.spec.plan).training.steps,
    );
    expect(events.filter(({ kind }) => kind === 'evaluation')).toHaveLength(
      job.evaluation ? Math.floor(job.steps / job.evaluationInterval) : 0,
    );
    expect(await pointsInFirestore(stack, run)).toEqual(pointsOfEvents(events));
    expect(run.status.metrics).toMatchObject({ matchedBy: 'id', step: job.steps });
  });
});

test('banking-embedding has no curves, and its document says why', async () => {
  const run = await endOf('banking-embedding');
  expect(run.status.state).toBe('SUCCEEDED');
  expect(await pointsInFirestore(stack, run)).toEqual([]);
  expect(run.status.metrics?.absent).toMatch(WITHOUT_CURVES['banking-embedding'] ?? '');
});

test('has-mistakes is never tuned', async () => {
  const run = await endOf('has-mistakes');
  expect(run.status).toMatchObject({ state: 'REJECTED' });
  expect(run.status.job).toBeUndefined();
});

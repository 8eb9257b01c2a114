import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, jobsIn } from './example-folders.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20 },
    environment: { MAX_ACTIVE_GEMINI_JOBS: '1' },
  });
});
afterAll(() => stack.close());

test('with room for one Gemini job, four uploads become four jobs one after the other, oldest first, and each says its place', async () => {
  const places = new Map<string, number>();
  const stop = stack.watch(({ runId, status }: Run) => {
    if (status.queue && !places.has(runId)) places.set(runId, status.queue.place);
  });
  const runs: Run[] = [];
  const ends: Promise<Run>[] = [];
  for (const name of ['first', 'second', 'third', 'fourth']) {
    // Another name of the model: the same bytes would be recognised and skipped.
    const folder = changedExample('medical-specialty', { model_display_name: name });
    ends.push(stack.follow(await stack.drop(folder, name)));
  }
  runs.push(...(await Promise.all(ends)));
  stop();
  expect(runs.map(({ status }) => status.state)).toEqual(Array(4).fill('SUCCEEDED'));
  expect(places.size).toBe(4);

  const jobs = (await jobsIn(stack)).map(({ name, createTime, endTime }) => ({
    name,
    createTime: String(createTime),
    endTime: String(endTime),
  }));
  const inOrder = jobs.toSorted((a, b) => a.createTime.localeCompare(b.createTime));
  const uploads = runs.toSorted((a, b) => a.status.createTime.localeCompare(b.status.createTime));
  expect(inOrder.map(({ name }) => name)).toEqual(uploads.map(({ status }) => status.job?.name));
  for (const [index, { createTime }] of inOrder.entries()) {
    if (index > 0) expect(createTime >= (inOrder[index - 1]?.endTime ?? '')).toBe(true);
  }
});

import { describe, expect, test } from 'vitest';
import {
  expectedDuration,
  type FinishedJob,
  finishedJob,
  jobSizeOf,
} from '../../shared/core/tuning/duration.ts';
import { aPlan } from '../support/runs.ts';

const tokens = (count: number) => ({ unit: 'tokens', count }) as const;
const job = (count: number, seconds: number, over: Partial<FinishedJob> = {}): FinishedJob => ({
  ...{ runId: `r${count}-${seconds}`, setup: 'supervised', amount: tokens(count), seconds },
  endTime: '2026-03-01T12:10:00Z',
  ...over,
});

describe('how long a job of 1,000 tokens takes', () => {
  const cases: [string, FinishedJob[], [low: number, high: number, runs: number] | undefined][] = [
    ['is unknown without any other', [], undefined],
    ['is unknown from two', [job(1000, 60), job(1000, 70)], undefined],
    [
      'is between the shortest and the longest of its size',
      [job(1000, 60), job(1000, 90), job(1000, 70)],
      [60, 90, 3],
    ],
    // Half of the tokens: as long where nothing grows, twice as long where all does.
    ['is wide where others were smaller', [job(500, 60), job(500, 60), job(500, 60)], [60, 120, 3]],
    ['is wide where others were larger', [job(2000, 60), job(2000, 60), job(2000, 60)], [30, 60, 3]],
    ['is unknown where others were much smaller', [job(100, 60), job(100, 60), job(100, 60)], undefined],
    ['is unknown where others were much larger', [job(9000, 60), job(9000, 60), job(9000, 60)], undefined],
    [
      'is not that of one that took much longer than the others',
      [job(1000, 60), job(1000, 70), job(1000, 80), job(1000, 900)],
      [60, 80, 3],
    ],
    [
      'is not that of one that was over at once',
      [job(1000, 60), job(1000, 70), job(1000, 80), job(1000, 5)],
      [60, 80, 3],
    ],
    [
      'is unknown where one of three is out of line',
      [job(1000, 60), job(1000, 70), job(1000, 900)],
      undefined,
    ],
    [
      'is read from jobs of its setup alone',
      [job(1000, 60), job(1000, 70), job(1000, 80, { setup: 'preference' })],
      undefined,
    ],
    [
      'is read from jobs of its unit alone',
      [job(1000, 60), job(1000, 70), job(1000, 80, { amount: { unit: 'examples', count: 1000 } })],
      undefined,
    ],
    ['ignores a job that counted nothing', [job(0, 60), job(1000, 70), job(1000, 80)], undefined],
  ];
  test.each(cases)('%s', (_name, jobs, expected) => {
    const found = expectedDuration({ setup: 'supervised', amount: tokens(1000) }, jobs);
    expect(found && [found.seconds.low, found.seconds.high, found.runs]).toEqual(expected);
  });

  test.each([0, 0.3, 1])('holds the truth where a share of %d of every job is fixed', (fixed) => {
    const secondsOf = (count: number) => 600 * fixed + 600 * (1 - fixed) * (count / 1000);
    const jobs = [400, 700, 1500, 3000].map((count) => job(count, secondsOf(count)));
    const { seconds } = expectedDuration({ setup: 'supervised', amount: tokens(1000) }, jobs) ?? {};
    expect(seconds?.low).toBeLessThanOrEqual(600);
    expect(seconds?.high).toBeGreaterThanOrEqual(600);
  });
});

describe('what is kept of a job', () => {
  const ended = {
    phase: 'succeeded',
    startTime: '2026-03-01T12:00:00Z',
    endTime: '2026-03-01T12:10:00Z',
  } as const;
  const plan = aPlan({ training: { steps: 300, batchSize: 8 } });
  const asked = { plan, data: undefined, isWhole: true };

  test('is what it trained on, how, and how long that took', () => {
    expect(finishedJob(asked, ended)).toEqual({
      ...{ runId: plan.runId, setup: plan.accelerator, seconds: 600, endTime: ended.endTime },
      amount: { unit: 'examples', count: 2400 },
    });
  });

  test.each<[string, Parameters<typeof finishedJob>]>([
    ['that failed', [asked, { ...ended, phase: 'failed' }]],
    ['that stopped early', [{ ...asked, isWhole: false }, ended]],
    ['that does not say when it began', [asked, { ...ended, startTime: undefined }]],
    ['that ended before it began', [asked, { ...ended, endTime: ended.startTime }]],
  ])('is nothing of one %s', (_name, [of, how]) => {
    expect(finishedJob(of, how)).toBeUndefined();
  });

  test('counts tokens where the data was counted', () => {
    const data = { dataset_uri: { tokens: { total: { low: 900, high: 1100 } } } } as never;
    const size = jobSizeOf(aPlan({ training: { steps: 30, batchSize: 8, epochs: 2.5 } }), data);
    expect(size?.amount).toEqual({ unit: 'tokens', count: 2500 });
  });
});

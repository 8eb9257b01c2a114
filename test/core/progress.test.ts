import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import { transition } from '../../shared/core/run/transitions.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import {
  noticeable,
  type Pace,
  type Progress,
  progressOf,
  stepProgress,
} from '../../shared/core/tuning/progress.ts';
import { A_JOB, aPlan, aRun, at } from '../support/runs.ts';
import { observed, type SomeJob, type SomeTask, someJob } from '../support/some-jobs.ts';

const TENSORBOARD = { tensorboard_resource_id: 'projects/my-project/locations/us-central1/tensorboards/7' };
const curve = (step: number): MetricSeries[] => [
  { name: '/train_total_loss', points: [{ step: 1, value: 4 }, ...(step > 1 ? [{ step, value: 2 }] : [])] },
];
const pace = (steps: number, seconds: number): Pace => ({
  from: { step: 10, time: at(0) },
  to: { step: 10 + steps, time: at(seconds) },
});
const tasks = (...states: string[]): SomeTask[] => [
  { name: 'root', state: 'RUNNING', schemaTitle: 'system.Run', metadata: {} },
  ...states.map((state, index) => ({ name: `task-${index}`, state, metadata: {} })),
];
const aJob = (over: Partial<SomeJob> = {}) => observed(someJob(over));

describe('how far a job is', () => {
  const measured = aPlan({ parameters: TENSORBOARD });
  const COUNTED = 'The tasks of the job are counted instead.';
  test.each<{ name: string; said: Progress | undefined; expected: Progress | undefined }>([
    {
      name: 'is told by the last step of its curves, over the planned steps',
      said: progressOf(measured, aJob({ tasks: tasks('SUCCEEDED') }), { series: curve(89) }),
      expected: { percent: 29, step: 89, ofSteps: 300 },
    },
    {
      name: 'is told by its tasks where no TensorBoard was named',
      said: progressOf(aPlan(), aJob({ tasks: tasks('SUCCEEDED', 'SKIPPED', 'RUNNING') }), undefined),
      expected: {
        ...{ percent: 40, tasksDone: 2, ofTasks: 5 },
        reason: `No TensorBoard was named. ${COUNTED}`,
      },
    },
    {
      name: 'is told by its tasks while the curves have no step',
      said: progressOf(measured, aJob({ tasks: tasks('RUNNING') }), { series: [] }),
      expected: {
        ...{ percent: 0, tasksDone: 0, ofTasks: 5 },
        reason: `No training step was measured yet. ${COUNTED}`,
      },
    },
    {
      name: 'counts more tasks than are known where Vertex AI lists more',
      said: progressOf(aPlan(), aJob({ tasks: tasks(...Array<string>(8).fill('SUCCEEDED')) }), undefined),
      expected: expect.objectContaining({ percent: 100, tasksDone: 8, ofTasks: 8 }),
    },
    {
      name: 'begins at nothing where steps will be measured',
      said: progressOf(measured, aJob(), undefined),
      expected: { percent: 0, step: 0, ofSteps: 300, reason: 'No training step was measured yet.' },
    },
    {
      name: 'is not known of a job that is only listed, without a TensorBoard',
      said: progressOf(aPlan(), aJob(), undefined),
      expected: undefined,
    },
    {
      name: 'never passes the end, where more steps are measured than were planned',
      said: stepProgress(400, 300),
      expected: { percent: 100, step: 300, ofSteps: 300 },
    },
  ])('$name', ({ said, expected }) => {
    expect(said).toEqual(expected);
  });
});

describe('when the last step will be done', () => {
  test.each([
    { name: 'follows from the time between two points', step: 110, given: pace(100, 50), expected: at(145) },
    { name: 'is now at the last step', step: 300, given: pace(290, 145), expected: at(145) },
    { name: 'is not known from points of one moment', step: 110, given: pace(100, 0), expected: undefined },
    { name: 'is not known from points that go back', step: 110, given: pace(100, -9), expected: undefined },
    { name: 'is not known from one point', step: 10, given: pace(0, 5), expected: undefined },
  ])('$name', ({ step, given, expected }) => {
    expect(stepProgress(step, 300, given).estimatedEndTime).toBe(expected);
  });
});

describe('the document', () => {
  const running = (status: Parameters<typeof aRun>[0] = {}) =>
    aRun({ state: 'RUNNING', spec: { plan: aPlan({ parameters: TENSORBOARD }) }, ...status });
  const seen = (run: ReturnType<typeof aRun>, step: number) =>
    transition(run, jobObserved(run, aJob(), { measured: { series: curve(step) } }), at(step));

  test('is written for progress three times at most, however long the job is looked at', () => {
    let run = seen(running({ status: { job: A_JOB } }), 1).run;
    const percents: number[] = [];
    for (let step = 2; step <= 300; step++) {
      const result = seen(run, step);
      if (result.outcome === 'changed') percents.push(result.run.status.progress?.percent ?? -1);
      run = result.run;
    }
    expect(percents).toEqual([25, 50, 75]);
  });

  test.each([
    ['nothing was known', undefined, 3, 3],
    ['the quarter is the same', 26, 49, 26],
    ['another quarter is reached', 26, 50, 50],
    ['it seems to go back', 50, 10, 50],
  ])('when %s', (_name, before, now, expected) => {
    expect(noticeable(before === undefined ? before : { percent: before }, { percent: now })?.percent).toBe(
      expected,
    );
  });

  test('forgets the progress with the end, and with another attempt', () => {
    const run = running({ status: { job: A_JOB, progress: { percent: 50 } } });
    const ended = transition(run, jobObserved(run, aJob({ state: 'PIPELINE_STATE_SUCCEEDED' })), at(1));
    expect(ended.run.status.progress).toBeUndefined();
    const event = {
      ...{ type: 'JobResubmitted' as const, reason: 'JobCreated', message: 'Another one.' },
      next: { action: 'observe' as const, at: at(1) },
    };
    expect(transition(run, event, at(1)).run.status.progress).toBeUndefined();
  });
});

describe('the report', () => {
  const page = (
    progress: Progress | undefined,
    series: MetricSeries[] = [],
    state: 'RUNNING' | 'FAILED' = 'RUNNING',
  ) =>
    renderReport({
      run: aRun({ state, spec: { plan: aPlan() }, status: progress ? { progress } : {} }),
      series,
    });

  test('has a bar by the curves, which are newer than the document, and the estimate of the document', () => {
    const text = page({ percent: 25, step: 75, ofSteps: 300, estimatedEndTime: at(3_600) }, curve(120));
    expect(text).toContain('<progress value="120" max="300">step 120 of 300</progress>');
    expect(text).toContain('Training ends about 2026-03-01 13:00:00 UTC, if the pace stays.');
  });

  test('has a bar of tasks, with the reason', () => {
    const text = page({ percent: 40, tasksDone: 2, ofTasks: 5, reason: 'No TensorBoard was named.' });
    expect(text).toContain('<progress value="2" max="5">2 of 5 tasks done</progress>');
    expect(text).toContain('No TensorBoard was named.');
  });

  test('has no bar where nothing is known, or where the run has ended', () => {
    expect(page(undefined)).not.toContain('<progress');
    expect(page({ percent: 25, step: 75, ofSteps: 300 }, curve(75), 'FAILED')).not.toContain('<progress');
  });
});

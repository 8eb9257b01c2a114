import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import { transition } from '../../shared/core/run/transitions.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { type Pace, type Progress, progressOf, stepProgress } from '../../shared/core/tuning/progress.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { A_JOB, aPlan, aProgress, aRun, at } from '../support/runs.ts';
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

describe('a document of an earlier version', () => {
  test('that has the progress in its status loses it with its next change', () => {
    const earlier = { ...aRun({ state: 'RUNNING' }).status, job: A_JOB, progress: { percent: 50 } };
    const run = { ...aRun({ spec: { plan: aPlan() } }), status: earlier };
    const { run: after } = transition(run, jobObserved(run, aJob()), at(1));
    expect(after.status).not.toHaveProperty('progress');
  });
});

describe('the report', () => {
  const page = (over: Partial<RunProgress> | undefined, state: 'RUNNING' | 'FAILED' = 'RUNNING') =>
    renderReport({
      run: aRun({ state, spec: { plan: aPlan() }, status: { job: A_JOB } }),
      progress: over && aProgress(over),
      series: curve(75),
    });

  test('has a bar of steps, the estimate, and when the last step was made', () => {
    const text = page({ ...stepProgress(120, 300), estimatedEndTime: at(3_600), stepTime: at(60) });
    expect(text).toContain('<progress value="120" max="300">step 120 of 300</progress>');
    expect(text).toContain('Training ends about 2026-03-01 13:00:00 UTC, if the pace stays.');
    expect(text).toContain('The last step was made at 2026-03-01 12:01:00 UTC.');
  });

  test('has steps and epochs, where a job has both', () => {
    const epochs = { epoch: 1, ofEpochs: 4 };
    const text = page({ ...stepProgress(10, 40), ...epochs });
    expect(text).toContain('<progress value="10" max="40">step 10 of 40, 1 of 4 epochs done</progress>');
    const unknown = page({ percent: 25, step: 10, ...epochs });
    expect(unknown).toContain('<progress value="1" max="4">step 10, 1 of 4 epochs done</progress>');
  });

  test('says steps whose number nobody knows, without a bar', () => {
    const text = page({ step: 10 });
    expect(text).not.toContain('<progress');
    expect(text).toContain('<span class="small">step 10</span>');
  });

  test('has a bar of tasks, with the reason', () => {
    const text = page({ percent: 40, tasksDone: 2, ofTasks: 5, reason: 'No TensorBoard was named.' });
    expect(text).toContain('<progress value="2" max="5">2 of 5 tasks done</progress>');
    expect(text).toContain('No TensorBoard was named.');
  });

  test('has no bar where nothing is known, where the run has ended, or of an earlier attempt', () => {
    expect(page(undefined)).not.toContain('<progress');
    expect(page({ stage: 'WAITING_FOR_QUOTA' })).not.toContain('<progress');
    expect(page(stepProgress(75, 300), 'FAILED')).not.toContain('<progress');
    expect(page({ ...stepProgress(75, 300), job: `${A_JOB.name}-before` })).not.toContain('<progress');
  });
});

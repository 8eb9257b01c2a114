import { describe, expect, test } from 'vitest';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import type { Measured, Pace } from '../../shared/core/tuning/progress.ts';
import { progressAfter, type RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { aPlan, at } from '../support/runs.ts';

const TUNING = { backend: 'tuningJobs', training: { epochs: 4 } } as Plan;
const aJob = (over: Partial<JobObservation> = {}): JobObservation => ({
  ...{ name: 'jobs/1', state: 'JOB_STATE_RUNNING', phase: 'running', labels: {}, outputs: {} },
  ...over,
});
const stats = (steps: number) => ({ steps, truncatedSample: [], droppedSample: [], droppedReasons: [] });
const measured = (step: number, pace?: Pace): Measured => ({
  series: [{ name: '/train_total_loss', points: step > 0 ? [{ step, value: 1 }] : [] }],
  pace,
});

interface Looked extends Partial<JobObservation> {
  plan?: Plan;
  measured?: Measured;
  curves?: RunProgress['curves'];
}

/** What the document says after looks a minute apart. */
function afterLooks(...looks: Looked[]): (RunProgress | undefined)[] {
  let progress: RunProgress | undefined;
  return looks.map(({ plan = TUNING, measured, curves, ...job }, index) => {
    progress = progressAfter(progress, { plan, job: aJob(job), measured, curves, now: at(60 * index) });
    return progress;
  });
}

describe('the progress of a job', () => {
  test('has its stage, its steps and its epochs, when the last step was made and when the tuning was first seen', () => {
    const [waiting, begun, tuned] = afterLooks(
      { stage: 'WAITING_FOR_QUOTA' },
      { stage: 'TUNING', completed: { epochs: 0 } },
      { stage: 'TUNING', completed: { epochs: 1 }, measured: measured(10), dataStats: stats(40) },
    );
    expect(waiting).toEqual({ job: 'jobs/1', stage: 'WAITING_FOR_QUOTA', updateTime: at(0) });
    expect(begun).toMatchObject({ stage: 'TUNING', percent: 0, tuningTime: at(60), updateTime: at(60) });
    expect(begun?.stepTime).toBeUndefined();
    expect(tuned).toEqual({
      ...{ job: 'jobs/1', stage: 'TUNING', updateTime: at(120), stepTime: at(120), tuningTime: at(60) },
      ...{ percent: 25, step: 10, ofSteps: 40, epoch: 1, ofEpochs: 4 },
    });
  });

  test('has both steps and epochs where nobody says how many steps there will be', () => {
    const [first, second] = afterLooks(
      { completed: { epochs: 2 }, measured: measured(10) },
      { measured: measured(11) },
    );
    expect(first).toMatchObject({ step: 10, percent: 50, epoch: 2, ofEpochs: 4 });
    expect(first?.ofSteps).toBeUndefined();
    expect(second).toMatchObject({ step: 11 });
    expect(afterLooks({ measured: measured(3) })[0]).toMatchObject({ step: 3, percent: undefined });
  });

  test('has the time of the last step as the curve says it, never later than now', () => {
    const pace = (seconds: number): Pace => ({
      from: { step: 1, time: at(-100) },
      to: { step: 10, time: at(seconds) },
    });
    expect(afterLooks({ measured: measured(10, pace(-30)) })[0]?.stepTime).toBe(at(-30));
    expect(afterLooks({ measured: measured(10, pace(30)) })[0]?.stepTime).toBe(at(0));
  });

  test('is the same object where a look brings nothing new, though its curves were looked up again', () => {
    const curves = (time: string): RunProgress['curves'] => ({
      ...{ tensorboard: 't', experiment: 'e', matchedBy: 'id', time },
      series: [{ name: 'e/runs/r/timeSeries/1', metric: '/train_total_loss' }],
    });
    const look = (time: string) => ({
      stage: 'TUNING' as const,
      measured: measured(5),
      curves: curves(time),
    });
    const [first, second, third] = afterLooks(look(at(0)), look(at(60)), {
      ...look(at(120)),
      measured: measured(6),
    });
    expect(second).toBe(first);
    expect(third).toMatchObject({ step: 6, updateTime: at(120), curves: { time: at(120) } });
  });

  test('stays where a look brings less than the one before', () => {
    const [before, unread, back] = afterLooks(
      { completed: { epochs: 1 }, measured: measured(10) },
      { completed: { epochs: 2 } },
      { completed: { epochs: 2 }, measured: measured(9) },
    );
    expect(before).toMatchObject({ step: 10, epoch: 1 });
    expect(unread).toMatchObject({ step: 10, epoch: 2, stepTime: at(60) });
    expect(back).toBe(unread);
  });

  test('begins anew with another attempt, and is none where nothing is known', () => {
    const [, second] = afterLooks({ measured: measured(10) }, { name: 'jobs/2', measured: measured(1) });
    expect(second).toMatchObject({ job: 'jobs/2', step: 1, stepTime: at(60) });
    expect(afterLooks({})[0]).toBeUndefined();
    expect(afterLooks({ plan: aPlan() })[0]).toBeUndefined();
  });

  test('of a pipeline has no time of tuning, which no stage says', () => {
    const plan = aPlan({ parameters: { tensorboard_resource_id: 't' } });
    const [progress] = afterLooks({ plan, measured: measured(30) });
    expect(progress).toMatchObject({ percent: 10, step: 30, ofSteps: 300, stepTime: at(0) });
    expect(progress?.tuningTime).toBeUndefined();
  });
});

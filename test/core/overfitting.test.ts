import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { overfittingOf } from '../../shared/core/tuning/overfitting.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { textOf } from './report-markup.ts';
import { aCourse, aSucceededRun } from './report-samples.ts';

const PIPELINE = { backend: 'pipelineJobs' } as Plan;
const epochs = (count: number) => ({ backend: 'tuningJobs', training: { epochs: count } }) as Plan;

/** Curves with a point every ten steps. */
function curves(training: number[], evaluation: number[]): MetricSeries[] {
  const points = (values: number[]) => values.map((value, index) => ({ step: (index + 1) * 10, value }));
  return [
    { name: '/train_total_loss', points: points(training) },
    { name: '/eval_total_loss', points: points(evaluation) },
  ];
}

const FALLING = [4, 3, 2, 1.5, 1, 0.5];

describe('a model that learned its training data by heart', () => {
  test('is told with the step where it began and the line that stops there', () => {
    expect(overfittingOf(curves(FALLING, [4, 3.5, 3, 3.2, 3.6, 4.123]), PIPELINE)).toEqual({
      sinceStep: 30,
      message:
        'From step 30 on the loss of the evaluation data rose from 3 to 4.12 while that of the training data fell: the model learned the training examples by heart.',
      setting: '"train_steps": 30',
    });
  });

  test.each([
    [6, '"epoch_count": 3'],
    [2, '"epoch_count": 1'],
    [1, undefined],
  ])('of %i epochs as %s', (count, setting) => {
    const found = overfittingOf(curves(FALLING, [4, 3.5, 3, 3.2, 3.6, 4]), epochs(count));
    expect(found?.setting).toBe(setting);
  });
});

describe('no overfitting', () => {
  test.each<[string, MetricSeries[]]>([
    ['while the evaluation loss falls', curves(FALLING, [4, 3.5, 3, 2.9, 2.8, 2.7])],
    ['where it ends about where it was least', curves(FALLING, [4, 3.5, 3, 3.01, 3.02, 3.03])],
    [
      'where the training loss rises too: then it diverges',
      curves([4, 3, 2, 3, 4, 5], [4, 3.5, 3, 3.2, 3.6, 4]),
    ],
    ['where there is no evaluation', curves(FALLING, [])],
    ['where the loss is no number', curves(FALLING, [4, 3, Number.NaN, Number.NaN, Number.NaN, Number.NaN])],
  ])('%s', (_, series) => {
    expect(overfittingOf(series, PIPELINE)).toBeUndefined();
  });
});

test('the report tells it with the line of the manifest', () => {
  const run = aSucceededRun();
  const message = 'From step 30 on the loss of the evaluation data rose.';
  run.status.metrics = { overfitting: { sinceStep: 30, message, setting: '"train_steps": 30' } };
  const text = textOf(renderReport({ run, series: aCourse({ steps: 100 }) }));
  expect(text).toContain(`${message} To stop there, write "train_steps": 30 in the manifest.`);
});

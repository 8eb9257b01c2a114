import { describe, expect, test } from 'vitest';
import {
  bestEvaluation,
  inOrder,
  isSameSeries,
  type MetricName,
  type MetricPoint,
  type MetricSeries,
  metricOf,
  summaryOf,
  thin,
} from '../../shared/core/tuning/metrics.ts';

const series = (name: MetricName, ...values: [step: number, value: number][]): MetricSeries => ({
  name,
  points: values.map(([step, value]) => ({ step, value })),
});
const LOSS = '/eval_total_loss';
const ACCURACY = '/eval_fraction_of_correct_next_step_preds';

test.each([
  { name: 'with its slash', given: '/eval_total_loss', metric: '/eval_total_loss' },
  { name: 'without it', given: 'train_num_predictions', metric: '/train_num_predictions' },
  { name: 'one that the guide does not have', given: '/learning_rate', metric: undefined },
  { name: 'nothing', given: '', metric: undefined },
])('the metric of a time series $name', ({ given, metric }) => {
  expect(metricOf(given)).toBe(metric);
});

describe('thinning', () => {
  const line = (count: number): MetricPoint[] =>
    Array.from({ length: count }, (_, step) => ({ step, value: step / 10 }));

  test.each([
    { name: 'nothing stays nothing', count: 0, bound: 10, kept: 0 },
    { name: 'one point stays', count: 1, bound: 10, kept: 1 },
    { name: 'as many as allowed stay', count: 10, bound: 10, kept: 10 },
    { name: 'one more than allowed is thinned', count: 11, bound: 10, kept: 10 },
    { name: 'a long series is thinned to the bound', count: 12_345, bound: 1_000, kept: 1_000 },
  ])('$name', ({ count, bound, kept }) => {
    const { points } = thin({ name: LOSS, points: line(count) }, bound);
    expect(points).toHaveLength(kept);
    expect(points[0]?.step).toBe(count > 0 ? 0 : undefined);
    expect(points.at(-1)?.step).toBe(count > 0 ? count - 1 : undefined);
    expect(new Set(points.map(({ step }) => step)).size).toBe(kept);
  });
});

test('points are put in the order of steps, and of two at one step the one that was read last counts', () => {
  const points = [
    { step: 40, value: 1 },
    { step: 20, value: 2 },
    { step: 40, value: 3 },
  ];
  expect(inOrder(points)).toEqual([
    { step: 20, value: 2 },
    { step: 40, value: 3 },
  ]);
});

describe('the best evaluation', () => {
  const cases: { name: string; given: MetricSeries[]; step: number | undefined }[] = [
    { name: 'is none without an evaluation', given: [series('/train_total_loss', [1, 2])], step: undefined },
    {
      name: 'is the one with most tokens right, though its loss is higher',
      given: [series(ACCURACY, [20, 0.7], [40, 0.9]), series(LOSS, [20, 0.1], [40, 0.5])],
      step: 40,
    },
    {
      name: 'is the one with the lower loss among equals',
      given: [series(ACCURACY, [20, 0.9], [40, 0.9]), series(LOSS, [20, 0.3], [40, 0.2])],
      step: 40,
    },
    { name: 'is the earliest among equals', given: [series(ACCURACY, [20, 0.9], [40, 0.9])], step: 20 },
    {
      name: 'goes by loss where it alone was measured',
      given: [series(LOSS, [20, 0.3], [40, 0.4])],
      step: 20,
    },
    { name: 'may be one where nothing was right', given: [series(ACCURACY, [20, 0])], step: 20 },
  ];
  test.each(cases)('$name', ({ given, step }) => {
    expect(bestEvaluation(given)?.step).toBe(step);
  });
});

test('the summary names the last values, the last step, the best evaluation and the number of points', () => {
  const summary = summaryOf([
    series('/train_total_loss', [1, 3], [2, 2.5], [60, 1]),
    series(ACCURACY, [20, 0.7], [40, 0.8]),
    series(LOSS),
  ]);
  expect(summary).toEqual({
    step: 60,
    latest: { train_total_loss: 1, eval_fraction_of_correct_next_step_preds: 0.8 },
    best: { step: 40, tokenAccuracy: 0.8 },
    points: { train_total_loss: 3, eval_fraction_of_correct_next_step_preds: 2, eval_total_loss: 0 },
  });
});

test.each([
  { name: 'equal points', other: series(LOSS, [20, 1], [40, 2]), same: true },
  { name: 'one more point', other: series(LOSS, [20, 1], [40, 2], [60, 3]), same: false },
  { name: 'another value', other: series(LOSS, [20, 1], [40, 2.5]), same: false },
  { name: 'nothing stored', other: undefined, same: false },
])('a series is the same or not: $name', ({ other, same }) => {
  expect(isSameSeries(series(LOSS, [20, 1], [40, 2]), other)).toBe(same);
});

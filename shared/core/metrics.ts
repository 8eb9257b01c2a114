/**
 * The metrics of a tuning job, under the names that Google's guide gives them ("Model tuning metrics", "Model evaluation
 * metrics"); the slash is part of the name in TensorBoard.
 */
export const METRIC_NAMES = [
  '/train_total_loss',
  '/train_fraction_of_correct_next_step_preds',
  '/train_num_predictions',
  '/eval_total_loss',
  '/eval_fraction_of_correct_next_step_preds',
  '/eval_num_predictions',
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

/** One value, at a training step counted from 1. */
export interface MetricPoint {
  step: number;
  value: number;
}

/** The values of one metric, in the order of steps. */
export interface MetricSeries {
  name: MetricName;
  points: MetricPoint[];
}

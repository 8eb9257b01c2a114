import * as z from 'zod';
import { openObject } from '../json/open-object.ts';

/**
 * The metrics of a tuning job, under the names that Google's guide gives them ("Model tuning metrics", "Model evaluation
 * metrics"), and the one that preference tuning has in place of the first ("Preference tuning: view tuning metrics"); the slash is
 * part of the name in TensorBoard.
 */
export const METRIC_NAMES = [
  '/train_total_loss',
  '/train_fraction_of_correct_next_step_preds',
  '/train_num_predictions',
  '/preference_optimization_train_loss',
  '/eval_total_loss',
  '/eval_fraction_of_correct_next_step_preds',
  '/eval_num_predictions',
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

const MetricPointSchema = openObject({
  step: z.number().describe('The training step; where a service leaves it out it is 0.'),
  value: z.number().describe('The value there.'),
});
export type MetricPoint = z.infer<typeof MetricPointSchema>;

/** The values of one metric, in the order of steps. In `metrics/{name}` at most MAX_POINTS of them. */
export const MetricSeriesSchema = openObject({
  name: z.enum(METRIC_NAMES).describe('Google’s name, with its slash.'),
  points: z
    .array(MetricPointSchema)
    .describe('The curve: step and value, in the order of steps, at most 1,000.'),
});
export type MetricSeries = z.infer<typeof MetricSeriesSchema>;

/** Where the curves of a job are: what it takes to read them with one call. */
export const CurveSourceSchema = openObject({
  tensorboard: z.string().describe('The TensorBoard that has them: full resource name.'),
  experiment: z.string().describe('The experiment in it: full resource name.'),
  matchedBy: z.enum(['id', 'time']).describe('As in `status.metrics`.'),
  series: z
    .array(
      openObject({
        name: z.string().describe('Full resource name.'),
        metric: z.enum(METRIC_NAMES).describe('The metric that it shows.'),
      }),
    )
    .describe('Its time series.'),
});
export type CurveSource = z.infer<typeof CurveSourceSchema>;

/** Points that are kept of a series: few enough for one document. */
const MAX_POINTS = 1_000;

/** What was measured on the evaluation data at one training step. */
export const EvaluationSchema = openObject({
  step: z.number().describe('The training step.'),
  loss: z.number().optional().describe('`/eval_total_loss` there.'),
  tokenAccuracy: z
    .number()
    .optional()
    .describe('`/eval_fraction_of_correct_next_step_preds` there: the share of tokens that were right.'),
});
export type Evaluation = z.infer<typeof EvaluationSchema>;

/** `status.metrics.overfitting`: from which step on a model only learned its training data by heart, and what to write to stop there. */
export const OverfittingSchema = openObject({
  sinceStep: z.number().describe('The step with the least evaluation loss: from there on it rose.'),
  message: z.string().describe('What was seen, in a sentence.'),
  setting: z
    .string()
    .optional()
    .describe('The line of the manifest that stops there; none where one pass over the data is too many.'),
});
export type Overfitting = z.infer<typeof OverfittingSchema>;

/** `status.metrics`: where the curves are, and what they say in short. Names are Google's without the slash. */
export const RunMetricsSchema = openObject({
  source: z.string().optional().describe('The TensorBoard that was asked: full resource name.'),
  experiment: z.string().optional().describe('The experiment in it: full resource name.'),
  matchedBy: z
    .enum(['id', 'time'])
    .optional()
    .describe(
      '`id`: the experiment names the job. `time`: it is the only one that was made while the job ran, which is a guess.',
    ),
  step: z.number().optional().describe('The last training step of the curves.'),
  latest: z
    .record(z.string(), z.number())
    .optional()
    .describe('The last value of each metric, under Google’s name without its slash.'),
  best: EvaluationSchema.optional().describe(
    'The best evaluation: the highest token accuracy, then the lowest loss, then the earliest step.',
  ),
  overfitting: OverfittingSchema.optional().describe(
    'Where the curves show that the model was trained too long.',
  ),
  points: z.record(z.string(), z.number()).optional().describe('How many points of each metric are stored.'),
  gcsMetricsUri: z
    .string()
    .optional()
    .describe(
      'Where the job says that its metrics lie in Cloud Storage; for you to look at: their format is not published.',
    ),
  absent: z.string().optional().describe('Why there are no curves, in a sentence.'),
});
export type RunMetrics = z.infer<typeof RunMetricsSchema>;

/** The metric that a time series of TensorBoard shows; undefined for one that the guide does not have. */
export function metricOf(displayName: string): MetricName | undefined {
  const name = displayName.startsWith('/') ? displayName : `/${displayName}`;
  return METRIC_NAMES.find((known) => known === name);
}

/** Google's name without its slash: document id of the series, and key of `latest`. */
export function metricKey(name: MetricName): string {
  return name.slice(1);
}

/** Points in the order of steps, one a step: the last one read. */
export function inOrder(points: readonly MetricPoint[]): MetricPoint[] {
  const byStep = new Map(points.map((point) => [point.step, point]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** At most `bound` of the points: the first, the last and an even choice between. */
export function thin({ name, points }: MetricSeries, bound = MAX_POINTS): MetricSeries {
  if (points.length <= bound) return { name, points };
  const gap = (points.length - 1) / (bound - 1);
  const kept = Array.from({ length: bound }, (_, index) => points[Math.round(index * gap)]);
  return { name, points: kept.filter((point) => point !== undefined) };
}

/** Whether two series have the same points; then there is nothing to write. */
export function isSameSeries(a: MetricSeries, b: MetricSeries | undefined): boolean {
  return (
    a.points.length === b?.points.length &&
    a.points.every(({ step, value }, index) => {
      const other = b.points[index];
      return other?.step === step && other.value === value;
    })
  );
}

/** Evaluations in the order of steps; a step counts as soon as one of the two metrics has it. */
export function evaluationsOf(series: readonly MetricSeries[]): Evaluation[] {
  const bySteps = new Map<number, Evaluation>();
  const fill = (name: MetricName, key: 'loss' | 'tokenAccuracy') => {
    for (const { step, value } of series.find((one) => one.name === name)?.points ?? []) {
      bySteps.set(step, { ...bySteps.get(step), step, [key]: value });
    }
  };
  fill('/eval_total_loss', 'loss');
  fill('/eval_fraction_of_correct_next_step_preds', 'tokenAccuracy');
  return [...bySteps.values()].sort((a, b) => a.step - b.step);
}

/** The best evaluation; undefined where nothing was evaluated. */
export function bestEvaluation(series: readonly MetricSeries[]): Evaluation | undefined {
  const [best] = evaluationsOf(series).sort(
    (a, b) =>
      (b.tokenAccuracy ?? -1) - (a.tokenAccuracy ?? -1) ||
      (a.loss ?? Number.MAX_VALUE) - (b.loss ?? Number.MAX_VALUE) ||
      a.step - b.step,
  );
  return best;
}

/** What `status.metrics` says of these series, which are whole. */
export function summaryOf(
  series: readonly MetricSeries[],
): Pick<RunMetrics, 'latest' | 'points' | 'step' | 'best'> {
  const last = series.flatMap(({ name, points }) => {
    const point = points.at(-1);
    return point ? [{ key: metricKey(name), ...point }] : [];
  });
  return {
    step: Math.max(0, ...last.map(({ step }) => step)),
    latest: Object.fromEntries(last.map(({ key, value }) => [key, value])),
    best: bestEvaluation(series),
    points: Object.fromEntries(
      series.map(({ name, points }) => [metricKey(name), Math.min(points.length, MAX_POINTS)]),
    ),
  };
}

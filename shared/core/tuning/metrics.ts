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

/** One value, at a training step; where a service leaves the step out it is 0. */
export interface MetricPoint {
  step: number;
  value: number;
}

/** The values of one metric, in the order of steps. */
export interface MetricSeries {
  name: MetricName;
  points: MetricPoint[];
}

/** Points that are kept of a series: few enough for one document. */
const MAX_POINTS = 1_000;

/** `status.metrics`: where the curves are, and what they say in short. Names are Google's without the slash. */
export interface RunMetrics {
  /** The TensorBoard that was asked: full resource name. */
  source?: string | undefined;
  /** The experiment in it: full resource name. */
  experiment?: string | undefined;
  /** `id`: the experiment names the job. `time`: it is the only one that was made while the job ran. */
  matchedBy?: 'id' | 'time' | undefined;
  /** The last training step that a series has. */
  step?: number | undefined;
  /** The last value of each series. */
  latest?: Record<string, number> | undefined;
  /** The best evaluation: the highest share of right tokens, then the lowest loss, then the earliest. */
  best?: Evaluation | undefined;
  /** Points of each series, as they are stored. */
  points?: Record<string, number> | undefined;
  /** Why there are no curves, in a sentence. */
  absent?: string | undefined;
}

/** What was measured on the evaluation data at one training step. */
export interface Evaluation {
  step: number;
  /** `/eval_total_loss` */
  loss?: number | undefined;
  /** `/eval_fraction_of_correct_next_step_preds` */
  tokenAccuracy?: number | undefined;
}

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
): Required<Pick<RunMetrics, 'latest' | 'points' | 'step'>> & Pick<RunMetrics, 'best'> {
  const best = bestEvaluation(series);
  const last = series.flatMap(({ name, points }) => {
    const point = points.at(-1);
    return point ? [{ key: metricKey(name), ...point }] : [];
  });
  return {
    step: Math.max(0, ...last.map(({ step }) => step)),
    latest: Object.fromEntries(last.map(({ key, value }) => [key, value])),
    ...(best ? { best } : {}),
    points: Object.fromEntries(
      series.map(({ name, points }) => [metricKey(name), Math.min(points.length, MAX_POINTS)]),
    ),
  };
}

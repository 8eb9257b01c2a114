import { METRIC_NAMES, type MetricName, type MetricSeries } from '../tuning/metrics.ts';
import type { LineChart } from './chart.ts';
import { drawableSeries } from './curves.ts';
import { formatPercent, formatValue } from './text.ts';

/** The curves of two runs over each other: a chart for each metric that either has, with a line for each run. */
export function comparedCharts(before: readonly MetricSeries[], after: readonly MetricSeries[]): LineChart[] {
  const [earlier, later] = [drawableSeries(before), drawableSeries(after)];
  return METRIC_NAMES.flatMap((metric) => chartOfBoth(metric, earlier, later) ?? []);
}

function chartOfBoth(
  metric: MetricName,
  before: readonly MetricSeries[],
  after: readonly MetricSeries[],
): LineChart | undefined {
  const pointsIn = (series: readonly MetricSeries[]) =>
    series.find(({ name }) => name === metric)?.points ?? [];
  const lines = [
    { label: 'Before', style: 'train' as const, points: pointsIn(before) },
    { label: 'After', style: 'evaluation' as const, points: pointsIn(after) },
  ].filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const isShare = SHARES.has(metric);
  const title = metric.slice(1).replaceAll('_', ' ');
  return {
    ...{ id: `compared-${metric.slice(1)}`, title, lines, marks: [] },
    description: lines.map(({ label, points }) => `${label}: ${points.length} values.`).join(' '),
    format: isShare ? formatPercent : formatValue,
    floor: 0,
    ceiling: isShare ? 1 : undefined,
  };
}

/** Of these a value is a share. */
const SHARES: ReadonlySet<MetricName> = new Set([
  '/train_fraction_of_correct_next_step_preds',
  '/eval_fraction_of_correct_next_step_preds',
]);

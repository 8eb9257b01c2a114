import type { MetricPoint, MetricSeries, Overfitting } from './metrics.ts';
import type { Plan } from './plan.ts';

/** Ours: a rise of less than so much of the least loss may be chance. */
const LEAST_RISE = 0.02;

/**
 * Overfitting, as textbooks have it: the loss of the evaluation data rises from a step on until the end while that of the training data
 * goes on falling. Undefined where the curves do not show it, or one of them is missing.
 */
export function overfittingOf(
  series: readonly MetricSeries[],
  plan: Plan | undefined,
): Overfitting | undefined {
  const evaluation = finite(series, '/eval_total_loss');
  const training = finite(series, '/train_total_loss');
  const least = evaluation.reduce<MetricPoint | undefined>(
    (best, point) => (best === undefined || point.value < best.value ? point : best),
    undefined,
  );
  const last = evaluation.at(-1);
  if (!least || !last || last.step <= least.step || last.value < least.value * (1 + LEAST_RISE))
    return undefined;
  if (!fellSince(training, least.step)) return undefined;
  const setting = settingOf(plan, { keep: least.step, end: training.at(-1)?.step ?? last.step });
  return {
    sinceStep: least.step,
    message:
      `From step ${least.step} on the loss of the evaluation data rose from ${short(least.value)} to ${short(last.value)} ` +
      'while that of the training data fell: the model learned the training examples by heart.',
    setting,
  };
}

function finite(series: readonly MetricSeries[], name: MetricSeries['name']): MetricPoint[] {
  const points = series.find((one) => one.name === name)?.points ?? [];
  return points.filter(({ value }) => Number.isFinite(value)).toSorted((one, other) => one.step - other.step);
}

/** Whether the training loss was less after a step than before it: means of the two halves, since each batch is another. */
function fellSince(points: readonly MetricPoint[], step: number): boolean {
  const after = points.filter((point) => point.step > step);
  const before = points.filter((point) => point.step <= step).slice(-Math.max(1, after.length));
  const mean = (some: readonly MetricPoint[]) =>
    some.reduce((sum, { value }) => sum + value, 0) / some.length;
  return after.length > 0 && before.length > 0 && mean(after) < mean(before);
}

function settingOf(plan: Plan | undefined, { keep, end }: { keep: number; end: number }): string | undefined {
  if (plan?.backend === 'pipelineJobs') return `"train_steps": ${keep}`;
  const epochs = plan && Math.round((plan.training.epochs * keep) / end);
  return plan && epochs && epochs < plan.training.epochs ? `"epoch_count": ${epochs}` : undefined;
}

const short = (loss: number) => String(Number(loss.toPrecision(3)));

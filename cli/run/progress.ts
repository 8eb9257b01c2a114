/** How far a running job is, in one line, by what its run has in Firestore. */
import { evaluationsOf, type MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { Progress } from '../../shared/core/tuning/progress.ts';

/** `[###-------] step 90 of 300, 1 of 4 epochs, 30 %, about 40 s left; evaluation at step 50: loss 0.3512, token accuracy 88.1 %`, or less of it. */
export function progressText(
  { percent, estimatedEndTime, ...counts }: Progress,
  series: readonly MetricSeries[],
  { nowMs, columns }: { nowMs: number; columns: number },
): string {
  const isEstimated = estimatedEndTime !== undefined && percent !== 100;
  const parts = [
    ...countTexts(counts),
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(isEstimated ? [timeLeft(Date.parse(estimatedEndTime) - nowMs)] : []),
  ];
  const head = `${percent === undefined ? '' : `${bar(percent)} `}${parts.join(', ')}`;
  const whole = [...evaluationTexts(series), ''].map((evaluation) => head + evaluation);
  return whole.find((text) => text.length <= columns) ?? head.slice(0, columns);
}

function countTexts({ step, ofSteps, epoch, ofEpochs }: Progress): string[] {
  const of = (all: number | undefined) => (all === undefined ? '' : ` of ${all}`);
  return [
    ...(step === undefined ? [] : [`step ${step}${of(ofSteps)}`]),
    ...(epoch === undefined ? [] : [`${epoch}${of(ofEpochs)} epochs`]),
  ];
}

const BAR = 10;

function bar(percent: number): string {
  const full = Math.floor((percent / 100) * BAR);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`;
}

function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) return `about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/** The last evaluation, at length, in short and in fewest words: with each of them 80 columns hold more of a long job. */
function evaluationTexts(series: readonly MetricSeries[]): string[] {
  const { step, loss, tokenAccuracy } = evaluationsOf(series).at(-1) ?? {};
  if (loss === undefined) return [];
  // Preference tuning measures the loss alone.
  if (tokenAccuracy === undefined) {
    return [`; evaluation at step ${step}: loss ${loss.toFixed(4)}`, `; loss ${loss.toFixed(2)}`];
  }
  const percent = 100 * tokenAccuracy;
  return [
    `; evaluation at step ${step}: loss ${loss.toFixed(4)}, token accuracy ${percent.toFixed(1)} %`,
    `; loss ${loss.toFixed(2)}, ${percent.toFixed(0)} % right`,
    `; ${percent.toFixed(0)} % right`,
  ];
}

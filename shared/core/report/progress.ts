import type { Run } from '../run/run.ts';
import type { MetricSeries } from '../tuning/metrics.ts';
import { plannedSteps } from '../tuning/plan.ts';
import { lastStep, stepProgress } from '../tuning/progress.ts';
import { type Html, html } from './html.ts';
import { formatCount, formatTime } from './text.ts';

/** A bar and what it says in words. */
export interface ProgressView {
  value: number;
  max: number;
  words: string;
  /** What a reader may want to know besides. */
  note?: string | undefined;
}

/** How far a running job is: by its curves, which have every step, else by its document; undefined where nobody knows. */
export function progressViewOf(
  { spec, status }: Run,
  series: readonly MetricSeries[],
): ProgressView | undefined {
  if (status.state !== 'RUNNING') return undefined;
  const ofSteps = plannedSteps(spec.plan);
  const step = lastStep(series);
  const stored = status.progress;
  const now = step > 0 && ofSteps !== undefined ? stepProgress(step, ofSteps) : stored;
  if (!now) return undefined;
  const estimate = stored?.estimatedEndTime;
  const note = estimate ? `Training ends about ${formatTime(estimate)}, if the pace stays.` : now.reason;
  if (now.tasksDone !== undefined && now.ofTasks !== undefined) {
    return { ...barOf(now.tasksDone, now.ofTasks, 'task'), note };
  }
  return { ...barOf(now.step ?? 0, now.ofSteps ?? 0, 'step'), note };
}

function barOf(
  done: number,
  of: number,
  unit: 'step' | 'task',
): Pick<ProgressView, 'value' | 'max' | 'words'> {
  const words =
    unit === 'step'
      ? `step ${formatCount(done)} of ${formatCount(of)}`
      : `${formatCount(done)} of ${formatCount(of)} tasks done`;
  return { value: Math.min(done, of), max: of, words };
}

export function renderProgress({ value, max, words, note }: ProgressView): Html {
  return html`<progress value="${value}" max="${max}">${words}</progress> <span class="small">${words}</span>${note !== undefined && html`<br><span class="soft small">${note}</span>`}`;
}

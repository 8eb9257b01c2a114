import { formatCount } from '../issues/numbers.ts';
import type { Run } from '../run/run.ts';
import type { Progress } from '../tuning/progress.ts';
import { progressOfJob, type RunProgress } from '../tuning/run-progress.ts';
import { type Html, html } from './html.ts';
import { formatTime } from './text.ts';

/** A bar, where it is known how much there is to do, and what it says in words. */
export interface ProgressView {
  bar?: { value: number; max: number } | undefined;
  words: string;
  /** What a reader may want to know besides. */
  note?: string | undefined;
}

/** How far a running job is; undefined where nobody knows. */
export function progressViewOf({ status }: Run, progress: RunProgress | undefined): ProgressView | undefined {
  const now = progressOfJob(progress, status.job);
  if (status.state !== 'RUNNING' || now === undefined) return undefined;
  const counts = countsOf(now);
  if (counts.length === 0) return undefined;
  const measured = counts.find(({ max }) => max !== undefined);
  const { estimatedEndTime, stepTime, reason } = now;
  const notes = [
    estimatedEndTime && `Training ends about ${formatTime(estimatedEndTime)}, if the pace stays.`,
    stepTime && `The last step was made at ${formatTime(stepTime)}.`,
    reason,
  ].filter((note) => note !== undefined);
  return {
    bar: measured?.max === undefined ? undefined : { value: measured.value, max: measured.max },
    words: counts.map(({ words }) => words).join(', '),
    note: notes.length > 0 ? notes.join(' ') : undefined,
  };
}

interface Count {
  value: number;
  max: number | undefined;
  words: string;
}

/** Steps, passes over the data, tasks: what is known of each. */
function countsOf({ step, ofSteps, epoch, ofEpochs, tasksDone, ofTasks }: Progress): Count[] {
  const of = (max: number | undefined) => (max === undefined ? '' : ` of ${formatCount(max)}`);
  const rows: [value: number | undefined, max: number | undefined, words: (value: string) => string][] = [
    [step, ofSteps, (value) => `step ${value}${of(ofSteps)}`],
    [epoch, ofEpochs, (value) => `${value}${of(ofEpochs)} epochs done`],
    [tasksDone, ofTasks, (value) => `${value}${of(ofTasks)} tasks done`],
  ];
  return rows.flatMap(([value, max, words]) =>
    value === undefined
      ? []
      : [{ value: Math.min(value, max ?? value), max, words: words(formatCount(value)) }],
  );
}

export function renderProgress({ bar, words, note }: ProgressView): Html {
  return html`${bar && html`<progress value="${bar.value}" max="${bar.max}">${words}</progress> `}<span class="small">${words}</span>${note !== undefined && html`<br><span class="soft small">${note}</span>`}`;
}

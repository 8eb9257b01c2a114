import { formatCount } from '../issues/numbers.ts';
import type { Run } from '../run/run.ts';
import { isTerminal } from '../run/states.ts';
import {
  bestEvaluation,
  type Evaluation,
  evaluationsOf,
  type MetricName,
  type MetricPoint,
  type MetricSeries,
  type Overfitting,
} from '../tuning/metrics.ts';
import { plannedSteps, plannedTensorboard } from '../tuning/plan.ts';
import { type ChartLine, type ChartMark, type LineChart, lineChart } from './chart.ts';
import { type Html, html } from './html.ts';
import { formatPercent, formatValue, plural } from './text.ts';

export interface CurvesView {
  charts: LineChart[];
  /** What was measured on the evaluation data, one row a step. */
  evaluations: Evaluation[];
  best?: Evaluation | undefined;
  /** Sentences about what is drawn and what is not. */
  notes: string[];
  /** Why there are no curves. */
  absent?: string | undefined;
}

interface ChartKind {
  id: string;
  title: string;
  /** The one of them that the job measures. */
  train: readonly MetricName[];
  evaluation: MetricName;
  format: (value: number) => string;
  ceiling?: number;
}

const TRAIN_LOSSES: readonly MetricName[] = ['/train_total_loss', '/preference_optimization_train_loss'];

const CHARTS: readonly ChartKind[] = [
  {
    id: 'loss',
    title: 'Loss',
    train: TRAIN_LOSSES,
    evaluation: '/eval_total_loss',
    format: formatValue,
  },
  {
    id: 'accuracy',
    title: 'Share of tokens predicted right',
    train: ['/train_fraction_of_correct_next_step_preds'],
    evaluation: '/eval_fraction_of_correct_next_step_preds',
    format: formatPercent,
    ceiling: 1,
  },
];

/** Finite values only, in the order of steps: what can be drawn and compared. */
export function drawableSeries(series: readonly MetricSeries[]): MetricSeries[] {
  return series.map(({ name, points }) => ({
    name,
    points: points.filter(isDrawable).toSorted((a, b) => a.step - b.step),
  }));
}

/** Beyond that, differences overflow. */
const GREATEST = 1e300;

function isDrawable({ step, value }: MetricPoint): boolean {
  return Number.isFinite(step) && step >= 0 && Math.abs(value) <= GREATEST;
}

/** The curves of a run, from its series as they were read. */
export function curvesOf(run: Run, series: readonly MetricSeries[]): CurvesView {
  const drawable = drawableSeries(series);
  const marks = marksOf(run, drawable);
  const charts = CHARTS.flatMap((kind) => chartOf(kind, { series: drawable, marks, run }) ?? []);
  return {
    charts,
    evaluations: evaluationsOf(drawable),
    best: bestOf(run, drawable),
    notes: notesOf(run, { series, drawable }),
    absent: charts.length === 0 ? whyAbsent(run) : undefined,
  };
}

interface ChartInput {
  series: readonly MetricSeries[];
  marks: readonly ChartMark[];
  run: Run;
}

function chartOf(kind: ChartKind, { series, marks, run }: ChartInput): LineChart | undefined {
  const train = pointsOf(series, ...kind.train);
  const evaluation = pointsOf(series, kind.evaluation);
  const lines: ChartLine[] = [
    { label: 'Training', style: 'train' as const, points: train },
    { label: 'Evaluation', style: 'evaluation' as const, points: evaluation },
  ].filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const { id, title, format, ceiling } = kind;
  return {
    ...{ id: `chart-${id}`, title, lines, marks, format },
    description: lines.map((line) => inWords(line, format)).join(' '),
    plannedSteps: plannedSteps(run.spec.plan),
    ...{ floor: 0, ceiling },
  };
}

function pointsOf(series: readonly MetricSeries[], ...names: MetricName[]): MetricPoint[] {
  return series.find(({ name }) => names.includes(name))?.points ?? [];
}

/** The loss of the training, supervised or by preferences. */
export function trainingLossOf(series: readonly MetricSeries[]): MetricPoint[] {
  return pointsOf(series, ...TRAIN_LOSSES);
}

function inWords({ label, points }: ChartLine, format: (value: number) => string): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  if (points.length === 1) return `${label}: ${format(first.value)} at step ${formatCount(first.step)}.`;
  return `${label}: from ${format(first.value)} at step ${formatCount(first.step)} to ${format(last.value)} at step ${formatCount(last.step)}, ${formatCount(points.length)} points.`;
}

/** The best evaluation: of a run that has ended as it says, since the kept series may have been thinned. */
export function bestOf({ status }: Run, series: readonly MetricSeries[]): Evaluation | undefined {
  return status.metrics?.best ?? bestEvaluation(series);
}

/** What was measured in an evaluation, in words. */
export function evaluationText({ step, loss, tokenAccuracy }: Evaluation): string {
  const parts = [
    ...(tokenAccuracy === undefined ? [] : [`${formatPercent(tokenAccuracy)} of tokens right`]),
    ...(loss === undefined ? [] : [`loss ${formatValue(loss)}`]),
  ];
  return `${parts.join(', ')}, at step ${formatCount(step)}`;
}

/** The checkpoint that the job kept, else the best evaluation; and the end of a training that did not take all its steps. */
function marksOf(run: Run, series: readonly MetricSeries[]): ChartMark[] {
  const best = bestOf(run, series)?.step;
  const { checkpointStep, stoppedAtStep } = run.status.result ?? {};
  const early = earlyEndOf(run, series);
  const mark = (step: number | undefined, words: string, of = '') =>
    step === undefined ? [] : [{ step, label: `${words}: step ${formatCount(step)}${of}` }];
  return [
    ...mark(checkpointStep, checkpointStep === best ? 'best evaluation, kept' : 'kept checkpoint'),
    ...(checkpointStep === best ? [] : mark(best, 'best evaluation')),
    ...mark(stoppedAtStep, 'stopped early'),
    ...(early && stoppedAtStep === undefined
      ? mark(early.last, 'last measured', ` of ${formatCount(early.planned)}`)
      : []),
  ];
}

/** Where the training ended before its last planned step; a gap as wide as that between its last points is none. */
function earlyEndOf(
  { spec, status }: Run,
  series: readonly MetricSeries[],
): { last: number; planned: number } | undefined {
  const planned = plannedSteps(spec.plan);
  const points = trainingLossOf(series);
  const last = points.at(-1)?.step;
  if (!isTerminal(status.state) || planned === undefined || last === undefined) return undefined;
  const gap = last - (points.at(-2)?.step ?? 0);
  return last + gap <= planned ? { last, planned } : undefined;
}

function notesOf(
  run: Run,
  { series, drawable }: Record<'series' | 'drawable', readonly MetricSeries[]>,
): string[] {
  const count = (all: readonly MetricSeries[]) => all.reduce((sum, { points }) => sum + points.length, 0);
  const missing = count(series) - count(drawable);
  const { stoppedAtStep, stoppedBecause } = run.status.result ?? {};
  const { overfitting } = run.status.metrics ?? {};
  return [
    ...(overfitting ? [overfittingText(overfitting)] : []),
    ...(stoppedAtStep !== undefined && stoppedBecause !== undefined
      ? [`Stopped early at step ${formatCount(stoppedAtStep)}: ${stoppedBecause}`]
      : []),
    ...(missing > 0
      ? [`${plural(missing, 'point')} cannot be drawn: no finite number, as when a training diverges.`]
      : []),
  ];
}

/** What was seen, and the line of the manifest that would have stopped there. */
function overfittingText({ message, setting }: Overfitting): string {
  const advice =
    setting === undefined
      ? 'Fewer steps or more examples help.'
      : `To stop there, write ${setting} in the manifest.`;
  return `${message} ${advice}`;
}

/** Why there is nothing to draw: as the run says it, else as it follows from how far the run came and what it asked for; nothing without a job. */
function whyAbsent({ spec, status }: Run): string | undefined {
  if (status.metrics?.absent !== undefined) return status.metrics.absent;
  if (status.job === undefined) {
    return undefined;
  }
  const isTuningJob = spec.plan?.backend === 'tuningJobs';
  if (!isTerminal(status.state)) {
    return isTuningJob
      ? 'There are no curves yet: Vertex AI gives them once the job makes steps.'
      : 'There are no curves yet: Vertex AI gives them when the job has completed.';
  }
  if (!isTuningJob && plannedTensorboard(spec.plan) === undefined) {
    return 'There are no curves: the manifest names no tensorboard_resource_id, and Vertex AI reports the course of a training only to a TensorBoard.';
  }
  return 'There are no curves: no metrics of this job have been read from TensorBoard.';
}

export function renderCurves({ charts, evaluations, best, notes, absent }: CurvesView): Html | undefined {
  if (absent === undefined && charts.length === 0 && notes.length === 0) return undefined;
  const figures = charts.map(
    (chart) =>
      html`<figure><figcaption>${chart.title}</figcaption>${lineChart(chart)}<p class="soft small">${chart.description}</p></figure>`,
  );
  return html`<section id="curves">
<h2>The course of the training</h2>
${absent !== undefined && html`<p>${absent}</p>`}
${figures.length > 0 && html`<div class="pair">${figures}</div>`}
${notes.map((note) => html`<p class="soft small">${note}</p>`)}
${evaluations.length > 0 && evaluationTable(evaluations, best)}
</section>`;
}

/** More rows than that are no reading matter. */
const MOST_ROWS = 100;

function evaluationTable(evaluations: readonly Evaluation[], best: Evaluation | undefined): Html {
  const shown = evaluations.slice(-MOST_ROWS);
  const rows = shown.map(
    ({ step, loss, tokenAccuracy }) =>
      html`<tr><td class="number">${formatCount(step)}</td><td class="number">${loss === undefined ? '–' : formatValue(loss)}</td><td class="number">${tokenAccuracy === undefined ? '–' : formatPercent(tokenAccuracy)}</td><td>${step === best?.step && 'best'}</td></tr>`,
  );
  const which =
    shown.length < evaluations.length
      ? `The last ${shown.length} of ${formatCount(evaluations.length)} evaluations`
      : `All ${plural(evaluations.length, 'evaluation')}`;
  return html`<details><summary>${which} in numbers</summary><div class="scroll"><table><thead><tr><th class="number" scope="col">Step</th><th class="number" scope="col">Loss</th><th class="number" scope="col">Tokens right</th><th></th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

import { formatCount } from '../issues/numbers.ts';
import type { MetricPoint } from '../tuning/metrics.ts';
import { type Html, html } from './html.ts';
import { outlineOf } from './outline.ts';
import { type Axis, axisBetween, axisOf } from './ticks.ts';

/** How a line is drawn: told apart by dashes, markers and weight as well as by colour. */
export type LineStyle = 'train' | 'evaluation';

export interface ChartLine {
  label: string;
  style: LineStyle;
  /** In the order of steps; every value is finite. */
  points: readonly MetricPoint[];
}

/** Something that happened at a step, such as the best evaluation or an early end. */
export interface ChartMark {
  step: number;
  label: string;
}

export interface LineChart {
  /** Unique on the page: what names the chart to a screen reader refers to it. */
  id: string;
  title: string;
  /** The chart in words. */
  description: string;
  lines: readonly ChartLine[];
  marks: readonly ChartMark[];
  /** The steps that were planned; the axis ends there, or where the lines do. */
  plannedSteps?: number | undefined;
  floor?: number | undefined;
  ceiling?: number | undefined;
  format: (value: number) => string;
}

/** Units of the drawing; a browser scales it to the width that there is. */
const SIZE = { width: 480, height: 280 } as const;
const PLOT = { left: 52, right: 456, bottom: 238 } as const;
const MIDDLE = (PLOT.left + PLOT.right) / 2;
/** Over the plot: the legend, then a row for each mark. */
const HEAD = { legend: 30, row: 16 } as const;
const MOST_POINTS = 600;
/** So far from a point its value is told, in units of the drawing; more points than that lie closer to each other than a pointer is wide. */
const REACH = 5;
const MOST_HITS = 100;
/** More markers than that would hide their line. */
const MOST_MARKERS = 30;

type Scale = (value: number) => number;

/** A line chart as inline SVG, in the classes of the page's style sheet. Nothing is drawn that was not measured. */
export function lineChart(chart: LineChart): Html {
  const all = chart.lines.flatMap(({ points }) => points);
  const lastStep = all.reduce((last, { step }) => Math.max(last, step), chart.plannedSteps ?? 0);
  const steps = axisBetween(0, lastStep, 6);
  const values = axisOf(
    all.map(({ value }) => value),
    { count: 5, floor: chart.floor, ceiling: chart.ceiling },
  );
  const top = HEAD.legend + chart.marks.length * HEAD.row;
  const x = scaleOf(steps, PLOT.left, PLOT.right);
  const y = scaleOf(values, PLOT.bottom, top);
  return html`<svg class="chart" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="${chart.id}-title ${chart.id}-text">
<title id="${chart.id}-title">${chart.title}</title>
<desc id="${chart.id}-text">${chart.description}</desc>
${valueAxis(values, y, chart.format)}${stepAxis(steps, x)}
${inRows(chart.marks, x).map((mark, row) => markAt(mark, { x, row }))}
${chart.lines.map((line) => drawLine(line, { x, y, format: chart.format }))}
${legend(chart.lines)}
</svg>`;
}

function scaleOf({ min, max }: Axis, from: number, to: number): Scale {
  return (value) => round(from + ((value - min) / (max - min)) * (to - from));
}

/** A tenth of a unit is finer than a pixel. */
function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

function valueAxis({ ticks }: Axis, y: Scale, format: (value: number) => string): Html[] {
  return ticks.map(
    (tick) =>
      html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${PLOT.left - 7}" y="${y(tick) + 4}" text-anchor="end">${format(tick)}</text>`,
  );
}

function stepAxis({ ticks }: Axis, x: Scale): Html {
  const labels = ticks.map(
    (tick) =>
      html`<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 4}"/><text class="tick" x="${x(tick)}" y="${PLOT.bottom + 18}" text-anchor="middle">${formatCount(tick)}</text>`,
  );
  return html`<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>${labels}
<text class="tick" x="${MIDDLE}" y="${PLOT.bottom + 36}" text-anchor="middle">training step</text>`;
}

interface Scales {
  x: Scale;
  y: Scale;
  format: (value: number) => string;
}

function drawLine({ label, style, points }: ChartLine, { x, y, format }: Scales): Html {
  const path = outlineOf(points, MOST_POINTS)
    .map(({ step, value }, index) => `${index === 0 ? 'M' : 'L'}${x(step)} ${y(value)}`)
    .join('');
  const isMarked = points.length === 1 || (style === 'evaluation' && points.length <= MOST_MARKERS);
  const dots = (className: string, radius: number) =>
    outlineOf(points, MOST_HITS).map(
      ({ step, value }) =>
        html`<circle class="${className}" cx="${x(step)}" cy="${y(value)}" r="${radius}"><title>${label}: ${format(value)} at step ${formatCount(step)}</title></circle>`,
    );
  return html`<path class="line ${style}" d="${path}"/>${isMarked ? dots(`marker ${style}`, 3) : dots('hit', REACH)}`;
}

/** From the edges to the middle, so that a label, which lies towards the middle, crosses no line of a row above. */
function inRows(marks: readonly ChartMark[], x: Scale): ChartMark[] {
  const fromEdge = ({ step }: ChartMark) => (x(step) < MIDDLE ? x(step) : 2 * PLOT.right - x(step));
  return marks.toSorted((a, b) => fromEdge(a) - fromEdge(b));
}

/** A vertical line that hangs from its label over the plot; the label is on the side where there is room. */
function markAt({ step, label }: ChartMark, { x, row }: { x: Scale; row: number }): Html {
  const at = x(step);
  const top = HEAD.legend + row * HEAD.row;
  const isLeft = at < MIDDLE;
  return html`<line class="mark" x1="${at}" x2="${at}" y1="${top}" y2="${PLOT.bottom}"/><text class="mark-label" x="${at + (isLeft ? 5 : -5)}" y="${top + 9}" text-anchor="${isLeft ? 'start' : 'end'}">${label}</text>`;
}

/** Room for a sample of the line and a label of up to 20 characters. */
const LEGEND_STEP = 150;

function legend(lines: readonly ChartLine[]): Html[] {
  return lines.map(({ label, style }, index) => {
    const left = PLOT.left + index * LEGEND_STEP;
    const marker =
      style === 'evaluation' && html`<circle class="marker ${style}" cx="${left + 14}" cy="13" r="3"/>`;
    return html`<path class="line ${style}" d="M${left} 13h28"/>${marker}<text class="legend" x="${left + 35}" y="17">${label}</text>`;
  });
}

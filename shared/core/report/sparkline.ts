import type { MetricPoint } from '../tuning/metrics.ts';
import { type Html, html } from './html.ts';
import { outlineOf } from './outline.ts';
import { formatValue } from './text.ts';

const SIZE = { width: 120, height: 28 } as const;
const MARGIN = 3;

/** A curve as small as a word: its course alone, from its lowest to its highest value. Undefined without two points. */
export function sparkline(points: readonly MetricPoint[], label: string): Html | undefined {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const first = finite[0];
  const last = finite.at(-1);
  if (!first || !last || last.step <= first.step) return undefined;
  const kept = outlineOf(finite, SIZE.width);
  const values = kept.map(({ value }) => value);
  const low = Math.min(...values);
  const height = Math.max(...values) - low || 1;
  const x = (step: number) =>
    MARGIN + ((step - first.step) / (last.step - first.step)) * (SIZE.width - 2 * MARGIN);
  const y = (value: number) => SIZE.height - MARGIN - ((value - low) / height) * (SIZE.height - 2 * MARGIN);
  const path = kept.map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const words = `${label}: ${formatValue(first.value)} at first, ${formatValue(last.value)} at last`;
  return html`<svg class="sparkline" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${words}"><title>${words}</title><polyline class="line train" points="${path}"/><circle class="marker train" cx="${x(last.step).toFixed(1)}" cy="${y(last.value).toFixed(1)}" r="2.5"/></svg>`;
}

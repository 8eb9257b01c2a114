import type { MetricPoint } from '../tuning/metrics.ts';

/**
 * At most `most` points that, drawn as a line, look like all of them: of each stretch the lowest and the highest, in their
 * order, so that no peak is lost; the first and the last point always stay.
 */
export function outlineOf(points: readonly MetricPoint[], most: number): MetricPoint[] {
  if (points.length <= most) return [...points];
  const inner = points.slice(1, -1);
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const edge = (index: number) => Math.floor((index * inner.length) / stretches);
  const kept = Array.from({ length: stretches }, (_, index) =>
    extremes(inner.slice(edge(index), edge(index + 1))),
  );
  return [...points.slice(0, 1), ...kept.flat(), ...points.slice(-1)];
}

function extremes(points: readonly MetricPoint[]): MetricPoint[] {
  const values = points.map(({ value }) => value);
  const low = values.indexOf(values.reduce((least, value) => Math.min(least, value), Infinity));
  const high = values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
  return points.filter((_, index) => index === low || index === high);
}

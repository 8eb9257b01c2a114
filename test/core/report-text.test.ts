import { describe, expect, test } from 'vitest';
import { formatCount } from '../../shared/core/issues/numbers.ts';
import { escapeHtml, html, markupOf } from '../../shared/core/report/html.ts';
import { outlineOf } from '../../shared/core/report/outline.ts';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatTime,
  formatValue,
  millisecondsBetween,
  shorten,
} from '../../shared/core/report/text.ts';
import { axisBetween, axisOf } from '../../shared/core/report/ticks.ts';

describe('numbers and times are written as a person reads them', () => {
  const CASES: [name: string, written: string, expected: string][] = [
    ['a count', formatCount(1_234_567), '1,234,567'],
    ['a count under a thousand', formatCount(999), '999'],
    ['a negative count', formatCount(-1_234), '-1,234'],
    ['a count with a fraction', formatCount(1_234.567), '1,234.57'],
    ['a count beyond words', formatCount(1e21), '1.00e+21'],
    ['no number', formatCount(Number.NaN), 'NaN'],
    ['a loss', formatValue(0.123456), '0.1235'],
    ['zero', formatValue(0), '0'],
    ['a tiny loss', formatValue(0.0000123), '1.23e-5'],
    ['a loss that grew beyond bounds', formatValue(1.5e30), '1.50e+30'],
    ['a share', formatPercent(0.9361), '93.6 %'],
    ['a whole share', formatPercent(1), '100 %'],
    ['no bytes', formatBytes(0), '0 bytes'],
    ['bytes', formatBytes(1_023), '1,023 bytes'],
    ['kilobytes', formatBytes(152_854), '149.3 KB'],
    ['terabytes', formatBytes(2_000 * 1024 ** 4), '2,000 TB'],
    ['a moment', formatDuration(0), '0 s'],
    ['seconds', formatDuration(2_860), '2.9 s'],
    ['almost a minute', formatDuration(59_960), '1 min'],
    ['minutes', formatDuration(200_000), '3 min 20 s'],
    ['hours', formatDuration(7_500_000), '2 h 5 min'],
    ['days', formatDuration(90_000_000), '1 d 1 h'],
    ['a time', formatTime('2026-03-01T12:00:01.234Z'), '2026-03-01 12:00:01 UTC'],
    ['a time of another zone', formatTime('2026-03-01T21:00:01+09:00'), '2026-03-01 12:00:01 UTC'],
    ['no time', formatTime('soon'), 'soon'],
    ['no time but a number', formatTime('-1/2'), '-1/2'],
    ['a long text', shorten('abcdef', 4), 'abc…'],
    ['a text of characters with two halves', shorten('😀😀😀', 2), '😀…'],
  ];
  test.each(CASES)('%s', (_name, written, expected) => {
    expect(written).toBe(expected);
  });

  test('a time before the one that it follows gives no duration', () => {
    expect(millisecondsBetween('2026-03-01T12:00:01Z', '2026-03-01T12:00:00Z')).toBeUndefined();
    expect(millisecondsBetween('2026-03-01T12:00:00Z', 'soon')).toBeUndefined();
  });
});

describe('an axis has round ticks', () => {
  const CASES: [name: string, ticks: number[], expected: number[]][] = [
    ['of a loss', axisOf([0.12, 2.3], { count: 5, floor: 0 }).ticks, [0, 0.5, 1, 1.5, 2, 2.5]],
    ['of tenths', axisOf([0, 0.5], { count: 5 }).ticks, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
    [
      'of a share near its end',
      axisOf([0.91, 0.999], { count: 5, ceiling: 1 }).ticks,
      [0.9, 0.92, 0.94, 0.96, 0.98, 1],
    ],
    ['of one value', axisOf([4], { count: 4 }).ticks, [2, 3, 4, 5, 6]],
    ['of zeros', axisOf([0, 0], { count: 4, floor: 0 }).ticks, [0, 0.5, 1]],
    ['of nothing', axisOf([], { count: 2 }).ticks, [0, 0.5, 1]],
    ['of tiny values', axisOf([1e-9, 3e-9], { count: 2 }).ticks, [1e-9, 2e-9, 3e-9]],
    ['of huge values', axisOf([0, 1e300], { count: 2 }).ticks, [0, 5e299, 1e300]],
    ['of steps', axisBetween(0, 300, 6).ticks, [0, 50, 100, 150, 200, 250, 300]],
    ['of steps to an odd end', axisBetween(0, 217, 6).ticks, [0, 50, 100, 150, 200]],
    ['of no steps', axisBetween(0, 0, 2).ticks, [0, 0.5, 1]],
  ];
  test.each(CASES)('%s', (_name, ticks, expected) => {
    expect(ticks).toEqual(expected);
  });

  test('that holds every value', () => {
    const { min, max } = axisOf([0.123, 7.77], { count: 5 });
    expect([min <= 0.123, max >= 7.77]).toEqual([true, true]);
  });
});

describe('the outline of a long series', () => {
  const points = Array.from({ length: 10_000 }, (_, index) => ({
    step: index + 1,
    value: Math.sin(index / 50),
  }));

  test('keeps within its bound, and keeps the ends and the order', () => {
    const kept = outlineOf(points, 600);
    expect(kept.length).toBeLessThanOrEqual(600);
    expect(kept.length).toBeGreaterThan(500);
    expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
    expect(kept).toEqual(kept.toSorted((a, b) => a.step - b.step));
  });

  test('loses no peak', () => {
    const peaked = points.map((point) => (point.step === 4_321 ? { ...point, value: 50 } : point));
    expect(outlineOf(peaked, 600)).toContainEqual({ step: 4_321, value: 50 });
  });

  test('of a short series is the series', () => {
    expect(outlineOf(points.slice(0, 600), 600)).toEqual(points.slice(0, 600));
  });
});

describe('markup', () => {
  test('escapes text and attributes, and leaves markup as it is', () => {
    const bold = html`<b title="${'"\'`>'}">${'<script>&'}</b>`;
    expect(markupOf(html`<p>${bold}${[bold, undefined, false]}</p>`)).toBe(
      `<p>${'<b title="&quot;&#39;&#96;&gt;">&lt;script&gt;&amp;</b>'.repeat(2)}</p>`,
    );
  });

  test('has no characters that are an error in HTML', () => {
    expect(escapeHtml('a\u0000b\u001bc\ud800d\uffffe\tf\n')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\tf\n');
  });

  test('a value from JSON cannot pretend to be markup', () => {
    const pretended = JSON.parse('[["<b>"]]') as string[][];
    expect(markupOf(html`${pretended}`)).toBe('&lt;b&gt;');
  });
});

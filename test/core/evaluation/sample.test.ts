import { describe, expect, test } from 'vitest';
import { createSample } from '../../../shared/core/evaluation/sample.ts';

function chosen(lines: readonly string[], most: number): string[] {
  const sample = createSample(most);
  for (const [index, text] of lines.entries()) sample.add({ line: index + 1, text });
  return sample.chosen().map(({ line, text }) => `${line} ${text}`);
}

const LINES = Array.from({ length: 500 }, (_, index) => `example ${index}`);
const textOf = (line: string) => line.replace(/^\d+ /, '');

describe('a sample of a file', () => {
  test('is all of a file that has no more, in its order', () => {
    expect(chosen(['c', 'a', 'b'], 3)).toEqual(['1 c', '2 a', '3 b']);
  });

  test('is the same however often it is taken, and in whatever order the file is', () => {
    const sample = chosen(LINES, 20);
    expect(sample).toHaveLength(20);
    expect(chosen(LINES, 20)).toEqual(sample);
    expect(chosen(LINES.toReversed(), 20).map(textOf).sort()).toEqual(sample.map(textOf).sort());
  });

  test('is from the whole file', () => {
    const lines = chosen(LINES, 50).map((line) => Number(line.split(' ')[0]));
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines.filter((line) => line > 250).length).toBeGreaterThan(15);
  });
});

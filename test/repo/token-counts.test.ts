import { describe, expect, test } from 'vitest';
import { CORPORA } from '../../scripts/tokens/corpora.ts';
import { estimateOf, timesInLargeFile } from '../../scripts/tokens/judge.ts';
import recorded from '../../scripts/tokens/true-counts.json' with { type: 'json' };

const rows = recorded.rows.map(({ name, tokens, bytes }) => {
  const corpus = CORPORA.find((one) => one.name === name);
  return { name, tokens, bytes, texts: corpus?.texts() ?? [] };
});

describe('tokens beside the real tokenizer’s', () => {
  test('every corpus was counted', () => {
    expect(rows.map(({ name }) => name)).toEqual(CORPORA.map(({ name }) => name));
  });

  test.each(rows)('$name: within 0.1 %, and the interval has the true count', ({ texts, tokens }) => {
    const { low, estimate, high } = estimateOf(texts);
    expect(Math.abs(estimate - tokens) / tokens).toBeLessThan(0.001);
    expect([low <= tokens, tokens <= high]).toEqual([true, true]);
  });

  test.each(rows)(
    '$name as a large file: within 1 % from a sample, and the interval has the true count and is narrow',
    ({ texts, tokens, bytes }) => {
      const times = timesInLargeFile(bytes);
      const truth = tokens * times;
      const { low, estimate, high, isExact } = estimateOf(texts, { times });
      expect(isExact).toBe(false);
      expect(Math.abs(estimate - truth) / truth).toBeLessThan(0.01);
      expect([low <= truth, truth <= high]).toEqual([true, true]);
      expect((high - low) / truth).toBeLessThan(0.04);
    },
  );
});

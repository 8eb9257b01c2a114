import { describe, expect, test } from 'vitest';
import { CORPORA } from '../../scripts/tokens/corpora.ts';
import { estimateOf, SMALL_BUDGET } from '../../scripts/tokens/judge.ts';
import recorded from '../../scripts/tokens/true-counts.json' with { type: 'json' };

const rows = recorded.rows.map(({ name, tokens, bytes }) => {
  const corpus = CORPORA.find((one) => one.name === name);
  return { name, tokens, bytes, texts: corpus?.texts() ?? [] };
});

describe('tokens beside the real tokenizer’s', () => {
  test('every corpus was counted', () => {
    expect(rows.map(({ name }) => name)).toEqual(CORPORA.map(({ name }) => name));
  });

  test.each(rows)('$name: within 2 %, and the interval has the true count', ({ texts, tokens }) => {
    const { low, estimate, high } = estimateOf(texts);
    expect(Math.abs(estimate - tokens) / tokens).toBeLessThan(0.02);
    expect([low <= tokens, tokens <= high]).toEqual([true, true]);
  });

  test.each(rows.filter(({ bytes }) => bytes > 500_000))(
    '$name from a sample: the interval has the true count',
    ({ texts, tokens }) => {
      const { low, estimate, high, isExact } = estimateOf(texts, SMALL_BUDGET);
      expect(isExact).toBe(false);
      expect([low <= tokens, tokens <= high]).toEqual([true, true]);
      expect(Math.abs(estimate - tokens) / tokens).toBeLessThan(0.03);
    },
  );
});

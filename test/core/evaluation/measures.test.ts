import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chrf } from '../../../shared/core/evaluation/chrf.ts';
import { editSimilarity } from '../../../shared/core/evaluation/edit-similarity.ts';
import { MEASURE_NAMES, MEASURES } from '../../../shared/core/evaluation/measures.ts';
import { rougeL } from '../../../shared/core/evaluation/rouge-l.ts';
import { tokenF1 } from '../../../shared/core/evaluation/token-f1.ts';
import published from './published-values.json' with { type: 'json' };

describe('the measures equal what their sources publish with their own tests', () => {
  test.each(published.rougeL.cases)('ROUGE-L of $answer', ({ expected, answer, value }) => {
    expect(rougeL(expected, answer)).toBeCloseTo(value, published.rougeL.places);
  });

  test.each(published.tokenF1.cases)('token F1 of $answer', ({ expected, answer, value }) => {
    expect(tokenF1(expected, answer)).toBeCloseTo(value, published.tokenF1.places);
  });

  test.each(published.editSimilarity.cases)('edit similarity of $answer', ({ expected, answer, value }) => {
    expect(editSimilarity(expected, answer)).toBeCloseTo(value, published.editSimilarity.places);
  });

  test.each(published.chrf.cases)(
    'chrF of $answer',
    ({ expected, answer, value, keepWhitespace = false }) => {
      const { beta } = published.chrf.options;
      expect(chrf(expected, answer, { beta, keepWhitespace })).toBeCloseTo(value, published.chrf.places);
    },
  );
});

describe('every measure', () => {
  test.each(MEASURE_NAMES)('%s is 1 of a text beside itself and between 0 and 1 of any two', (name) => {
    const { score } = MEASURES[name];
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        expect(score(one, one)).toBeCloseTo(1, 12);
        expect(score(one, other)).toBeGreaterThanOrEqual(0);
        expect(score(one, other)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['accuracy', 'Positive', ' positive. ', 1],
    ['accuracy', 'positive', 'negative', 0],
    ['exactMatch', 'The  answer', ' The answer\n', 1],
    ['exactMatch', 'The answer', 'the answer', 0],
    ['exactMatch', 'e\u0301', '\u00e9', 1],
    ['exactCode', 'if a:\n  b()\n  c()', 'if a:\n  b()\nc()', 0],
    ['exactCode', '  return a  \n\n\n  + b\n', '\n  return a\r\n  + b', 1],
    ['exactCode', '  return a', 'return a', 0],
    ['tokenF1', 'rock n roll', 'rock', 0.5],
    ['tokenF1', 'the cat sat', 'A cat sat!', 1],
    ['tokenF1', '東京都に住む', '東京都', 2 / 3],
    ['tokenF1', '+', '-', 0],
    ['tokenF1', 'the', '', 0],
    ['rougeL', '東京都に住む', '大阪', 0],
    ['rougeL', '👍', '👎', 0],
    ['rougeL', '👍', '', 0],
    ['rougeL', '👍', ' 👍 ', 1],
    ['chrf', '日本語', '日本', 0.59],
    ['editSimilarity', 'kitten', 'sitting', 1 - 3 / 7],
    ['editSimilarity', '', '', 1],
  ] as const)('%s of %j answered with %j', (name, expected, answer, value) => {
    expect(MEASURES[name].score(expected, answer)).toBeCloseTo(value, 1);
  });
});

import { describe, expect, test } from 'vitest';
import { classify } from '../../../shared/core/evaluation/classification.ts';
import { type AnsweredExample, compareAnswers } from '../../../shared/core/evaluation/comparison.ts';
import { meanInterval, pairedDifference } from '../../../shared/core/evaluation/interval.ts';

/** So many examples with label `yes`, answered as told. */
const yes = (count: number, tuned: string, base?: string): AnsweredExample[] =>
  Array.from({ length: count }, () => ({ expected: 'yes', tuned, ...(base !== undefined && { base }) }));
const no = (count: number, tuned: string, base?: string): AnsweredExample[] =>
  yes(count, tuned, base).map((answer) => ({ ...answer, expected: 'no' }));

describe('what so few examples can show', () => {
  test('a mean of one example says almost nothing, of a thousand much', () => {
    const one = meanInterval([1], [0, 1]);
    expect(one).toMatchObject({ value: 1, high: 1 });
    expect(one.low).toBeLessThan(0.4);
    const many = meanInterval(
      Array.from({ length: 1000 }, (_, index) => index % 2),
      [0, 1],
    );
    expect(many.value).toBe(0.5);
    expect(many.high - many.low).toBeLessThan(0.07);
  });

  test('the interval of a share is about the one of Agresti and Coull', () => {
    // 72 of 100: 0.625 to 0.799, by their formula with z = 1.96.
    const { low, high } = meanInterval([...Array(72).fill(1), ...Array(28).fill(0)], [0, 1]);
    expect(low).toBeCloseTo(0.625, 1);
    expect(high).toBeCloseTo(0.799, 1);
  });

  test('five better answers of five prove no more than that it is better', () => {
    const { value, low, high } = pairedDifference([1, 1, 1, 1, 1], [0, 0, 0, 0, 0]);
    expect({ value, high }).toEqual({ value: 1, high: 1 });
    expect(low).toBeLessThan(0.5);
  });

  test('the same answers always give the same interval', () => {
    const scores = [0.1, 0.9, 0.4, 0.3, 1, 0, 0.7];
    expect(meanInterval(scores, [0, 1])).toEqual(meanInterval(scores, [0, 1]));
  });
});

describe('the sentence', () => {
  test.each<[string, AnsweredExample[], RegExp]>([
    [
      'better',
      [...yes(20, 'yes', 'no'), ...no(20, 'no', 'no'), ...yes(10, 'no', 'no')],
      /^The tuned model is better than its base by 2\d to 5\d points: 80 % accuracy beside 40 % on 50 examples\./,
    ],
    [
      'worse',
      [...yes(20, 'no', 'yes'), ...no(20, 'no', 'no')],
      /^The tuned model is worse than its base by 3\d to 6\d points: 50 % accuracy beside 100 % on 40 examples\./,
    ],
    [
      'no difference',
      [...yes(10, 'yes', 'yes'), ...no(9, 'no', 'no'), ...no(1, 'no', 'yes')],
      /^No difference between the tuned model and its base that 20 examples can show: 100 % accuracy beside 95 %/,
    ],
    [
      'no base',
      [...yes(10, 'yes'), ...no(10, 'no')],
      /^On 20 examples the tuned model has 100 % accuracy; with so many it is between \d\d % and 100 %\. It is better than always answering the commonest label, which has 50 %/,
    ],
    [
      'a base without any answer',
      [...yes(10, 'yes', ''), ...no(10, 'no', ' ')],
      /^On 20 examples the tuned model has 100 % accuracy; .* and 100 %\. Its base gave no answer to any of them, so that nobody can say which is better\. It is better than always/,
    ],
    [
      'neither with any answer',
      yes(10, '', ''),
      / so that nobody can say which is better\. The tuned model gave no answer to 10 of them, which counts as wrong\. /,
    ],
    [
      'some without an answer',
      [...yes(10, 'yes', 'no'), ...yes(2, '', 'yes'), ...yes(1, 'yes', '')],
      / on 13 examples\. The tuned model gave no answer to 2 of them and its base to 1, which counts as wrong\. /,
    ],
    [
      'of the base some',
      [...yes(10, 'yes', 'yes'), ...yes(1, 'yes', '')],
      / on 11 examples\. The base gave no answer to 1 of them, which counts as wrong\. /,
    ],
    [
      'the rival',
      [...yes(45, 'yes', 'x'), ...no(5, 'yes', 'x')],
      /50 examples do not show that it is better than always answering the commonest label, which has 90 %\.$/,
    ],
  ])('%s', (_, answers, sentence) => {
    expect(compareAnswers({ task: 'classification', answers }).sentence).toMatch(sentence);
  });

  test('a base without any answer is compared with nothing', () => {
    const compared = compareAnswers({ task: 'classification', answers: yes(20, 'yes', '') });
    expect(compared).toMatchObject({ tuned: { value: 1 }, unanswered: { tuned: 0, base: 20 } });
    expect(compared).toMatchObject({ base: undefined, difference: undefined });
  });

  test('without an answer there is nothing to compare', () => {
    expect(() => compareAnswers({ task: 'text', answers: [] })).toThrow(RangeError);
  });
});

describe('classes', () => {
  test('macro F1 is the one of scikit-learn', () => {
    // The example of sklearn.metrics.f1_score: y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1], macro 0.26…
    const answers = [0, 2, 1, 0, 0, 1].map((answer, index) => ({
      expected: String(index % 3),
      answer: String(answer),
    }));
    expect(classify(answers).macroF1).toBeCloseTo(0.2667, 4);
  });

  test('a label that fewer than three examples have is not shown, nor is an answer that is no label', () => {
    const answers = [
      ...Array.from({ length: 4 }, () => ({ expected: 'cat', answer: 'my secret text' })),
      { expected: 'a text of one example', answer: 'cat' },
    ];
    const { classes, confusions } = classify(answers);
    expect(classes.map(({ label }) => label)).toEqual(['cat']);
    expect(confusions).toEqual([{ expected: 'cat', answered: '', examples: 4 }]);
  });
});

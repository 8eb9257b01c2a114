import { describe, expect, test } from 'vitest';
import { costsInShort, evaluationCost, evaluationInShort } from '../../../shared/core/evaluation/in-short.ts';
import type { EvaluationStatus } from '../../../shared/core/evaluation/status.ts';

const PLANNED: EvaluationStatus = {
  ...{ state: 'PLANNED', reason: 'AfterSuccess', message: '', examples: 50, ofExamples: 50 },
  ...{ isBaseAsked: true, maxUsd: 0.02 },
};
const LEFT_OUT: EvaluationStatus = { state: 'LEFT_OUT', reason: 'NotWanted', message: 'It is not wanted.' };

describe('an evaluation in a line', () => {
  test.each<[EvaluationStatus, string]>([
    [PLANNED, 'all 50 examples, asked of the tuned model and its base: at most 0.02 USD'],
    [
      { ...PLANNED, ofExamples: 1200, isBaseAsked: false },
      '50 of 1,200 examples, asked of the tuned model alone: at most 0.02 USD',
    ],
    [
      { ...PLANNED, maxCheckpoints: 3 },
      'all 50 examples, asked of the tuned model, 3 other checkpoints at most and its base: at most 0.02 USD',
    ],
    [
      { ...PLANNED, maxUsd: null },
      'all 50 examples, asked of the tuned model and its base: no price of the answers is known',
    ],
    [
      { ...PLANNED, judge: { model: 'gemini-2.5-pro', state: 'PLANNED' } },
      'all 50 examples, asked of the tuned model and its base, judged by gemini-2.5-pro: at most 0.02 USD',
    ],
    [
      { ...PLANNED, judge: { model: 'gemini-2.5-pro', state: 'LEFT_OUT', message: 'No room.' } },
      'all 50 examples, asked of the tuned model and its base, not judged (No room.): at most 0.02 USD',
    ],
    [
      { ...PLANNED, maxUsd: null, judge: { model: 'gemini-3.5-flash', state: 'PLANNED' } },
      'all 50 examples, asked of the tuned model and its base, judged by gemini-3.5-flash: no price of the answers and verdicts is known',
    ],
    [LEFT_OUT, 'none: It is not wanted.'],
    [{ ...LEFT_OUT, remedy: 'Ask for it.' }, 'none: It is not wanted. Ask for it.'],
  ])('%j', (evaluation, words) => {
    expect(evaluationInShort(evaluation)).toBe(words);
  });

  test('says that the embedded cloud bills nobody', () => {
    expect(evaluationInShort(PLANNED, { isLocal: true })).toMatch(/: on Google Cloud at most 0\.02 USD$/);
  });
});

describe('the cost of an evaluation', () => {
  test.each<[EvaluationStatus, string | undefined]>([
    [PLANNED, 'at most 0.02 USD'],
    [{ ...PLANNED, state: 'DONE', usd: 0.0123 }, '0.01 USD'],
    [{ ...PLANNED, state: 'DONE', usd: 0.0012 }, 'less than 0.01 USD'],
    [{ ...PLANNED, state: 'DONE', usd: null, maxUsd: null }, undefined],
    [{ ...PLANNED, state: 'FAILED' }, 'at most 0.02 USD'],
    [{ ...LEFT_OUT, maxUsd: 3 }, undefined],
  ])('%j', (evaluation, words) => {
    expect(evaluationCost(evaluation)).toBe(words);
  });
});

test('stands behind that of the training', () => {
  const cost = { ...{ trainingTokens: null, price: null, madeOf: '' }, usd: { low: 2.95, high: 3.02 } };
  expect(costsInShort(cost, PLANNED)).toBe('2.95 to 3.02 USD expected; evaluation at most 0.02 USD');
  expect(costsInShort(cost, LEFT_OUT)).toBe('2.95 to 3.02 USD expected');
});

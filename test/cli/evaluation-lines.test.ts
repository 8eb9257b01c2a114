import { describe, expect, test } from 'vitest';
import { evaluationLines } from '../../cli/start/evaluation.ts';
import type { Scored } from '../../shared/core/evaluation/answers.ts';
import { aRun } from '../support/runs.ts';

const DONE = aRun({
  state: 'SUCCEEDED',
  status: { evaluation: { state: 'DONE', reason: 'Compared', message: 'The tuned model is better.' } },
});

const answer = (line: number, tuned: number, base: number, over: Partial<Scored> = {}): Scored => ({
  ...{ line, prompt: `prompt ${line}`, expected: 'yes', tuned: tuned === 1 ? 'yes' : 'no' },
  ...{ base: base === 1 ? 'yes' : 'so so', score: { tuned, base } },
  ...over,
});

const linesShown = (text: string) => [...text.matchAll(/Line (\d+)/g)].map(([, line]) => Number(line));

describe('the end of a run', () => {
  test('says whether the tuned model is better, and shows an answer with its verdict', () => {
    expect(evaluationLines(DONE, [answer(7, 1, 0)], 60)).toBe(
      [
        'The tuned model is better.',
        '  Line 7    prompt 7',
        '  Expected  yes',
        '  Tuned     right: yes          Base      wrong: so so',
      ].join('\n'),
    );
  });

  test('says what a judge found of an answer, where one was asked', () => {
    const judged = [
      answer(1, 0, 0, { judge: { outcome: 'tuned', tunedFirst: 'tuned', baseFirst: 'tuned' } }),
      answer(2, 0, 0, { judge: { outcome: 'disagreement' } }),
      answer(3, 0, 0, { judge: { outcome: 'tie', isSame: true } }),
    ];
    const shown = evaluationLines(DONE, judged, 60)
      .split('\n')
      .filter((line) => line.startsWith('  Judge'));
    expect(shown).toEqual([
      '  Judge     tuned is better',
      '  Judge     changed with the order',
      '  Judge     the same answer',
    ]);
  });

  test.each<[string, Scored[], number[]]>([
    [
      'one wrong among many right',
      [1, 2, 3, 4, 5].map((line) => answer(line, Number(line !== 4), 0)),
      [1, 2, 4],
    ],
    [
      'one right among many wrong',
      [1, 2, 3, 4, 5].map((line) => answer(line, Number(line === 5), 0)),
      [1, 2, 5],
    ],
    [
      'what the tuned model alone knows',
      [answer(1, 1, 1), answer(2, 1, 1), answer(3, 1, 0), answer(4, 0, 1)],
      [1, 3, 4],
    ],
    ['all that there are', [answer(1, 0, 0), answer(2, 0, 0)], [1, 2]],
  ])('shows three of them: %s', (_name, answers, expected) => {
    expect(linesShown(evaluationLines(DONE, answers, 80))).toEqual(expected);
  });

  test('says how near an answer is that is neither right nor wrong, and that nothing was answered', () => {
    const text = evaluationLines(DONE, [answer(1, 0.614, 0, { base: ' ' })], 80);
    expect(text).toContain('Tuned     61 % near: no');
    expect(text).toContain('Base      wrong: (nothing)');
  });

  test('shows the end of a long prompt, the beginning of a long answer, and no line is too wide', () => {
    const words = (name: string) => Array.from({ length: 60 }, (_, index) => `${name}${index}`).join(' ');
    const text = evaluationLines(DONE, [answer(1, 0, 0, { prompt: words('p'), tuned: words('t') })], 60);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(text).toContain('p59');
    expect(text).not.toContain('p0 ');
    expect(text).toContain('Tuned     wrong: t0 ');
  });

  test('says why nobody can say it', () => {
    const evaluation = { state: 'LEFT_OUT', reason: 'NoEvaluationData', message: 'There is none.' } as const;
    expect(evaluationLines(aRun({ status: { evaluation } }), [], 80)).toBe(
      'Nobody can say whether it is better than its base. There is none.',
    );
  });
});

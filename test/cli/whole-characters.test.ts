import { expect, test } from 'vitest';
import { showAnswers } from '../../cli/ask/show.ts';
import { wrap } from '../../cli/command-line/wrap.ts';
import { evaluationLines } from '../../cli/start/evaluation.ts';
import type { Scored } from '../../shared/core/evaluation/answers.ts';
import { renderReport } from '../../shared/core/report/report.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun } from '../support/runs.ts';

/** Characters of Japanese and Chinese; some of them take two units of a JavaScript text. */
const SENTENCES = [
  ['Japanese', '𠮷野家の返送方法を教えてください𩸽'],
  ['Chinese', '请问如何退货𠀋谢谢'],
  ['a long answer', '𠮷'.repeat(700)],
] as const;

const answered = (text: string): Scored => ({
  ...{ line: 1, prompt: text, expected: text, tuned: text, base: text },
  score: { tuned: 1, base: 0.5 },
});
const evaluation = { state: 'DONE', reason: 'Compared', message: '' } as const;
const DONE: Run = aRun({ state: 'SUCCEEDED', status: { evaluation } });

/** Neither half of a character nor the sign for what is none. */
function expectWhole(text: string): void {
  expect(text.isWellFormed()).toBe(true);
  expect(text).not.toContain('\u{fffd}');
}

test.each(SENTENCES)('%s is whole on a terminal, however wide that is', (_name, sentence) => {
  const said = { model: '', baseModel: 'm', prompt: '', systemInstruction: null, answer: sentence };
  for (let columns = 30; columns < 120; columns++) {
    expectWhole(evaluationLines(DONE, [answered(sentence)], columns));
    expectWhole(
      showAnswers(
        [
          { ...said, role: 'tuned' },
          { ...said, role: 'base' },
        ],
        columns,
      ),
    );
    for (const line of wrap(sentence, columns)) {
      expectWhole(line);
      expect(line.length).toBeLessThanOrEqual(columns);
    }
    expect(wrap(sentence, columns).join('')).toBe(sentence);
  }
});

test.each(SENTENCES)('%s is whole in a report', (_name, sentence) => {
  expectWhole(renderReport({ run: DONE, series: [], answers: [answered(sentence)] }));
});

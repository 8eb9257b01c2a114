/** The answers of both models as lines of text. */
import type { Run } from '../../shared/core/run/run.ts';
import { wrap } from '../command-line/wrap.ts';
import type { Answers } from './ask.ts';

/** Beyond so many lines a text says how many more there are. */
const MAX_LINES = 3;
const LABEL = 10;

/** Question, expected answer and both answers under each other, no line over `columns` characters. */
export function answerLines({ question, tuned, base }: Answers, run: Run, columns: number): string {
  const block = (label: string, text: string) =>
    linesOf(text, columns - LABEL - 2)
      .map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL)}${line}`.trimEnd())
      .join('\n');
  return [
    ...wrap(`Both models were asked ${question.from}.`, columns),
    block('Question', question.asked),
    block('Expected', question.expected),
    block('Tuned', tuned),
    block('Base', base),
    ...wrap(`${verdict({ question, tuned, base })} ${measure(run)}`, columns),
  ].join('\n');
}

function verdict({ question: { expected }, tuned, base }: Answers): string {
  const isRight = (answer: string) => answer.trim() === expected.trim();
  const [tunedIs, baseIs] = [isRight(tuned), isRight(base)];
  if (tunedIs && baseIs) return 'Both wrote the expected answer.';
  if (tunedIs) return 'The tuned model wrote the expected answer, the base model did not.';
  if (baseIs) return 'The base model wrote the expected answer, the tuned model did not.';
  return 'Neither wrote the expected answer letter by letter.';
}

/** One answer is an anecdote: the evaluation of the whole file is the measure, where there is one. */
function measure({ status }: Run): string {
  const { step, tokenAccuracy } = status.result?.evaluation ?? {};
  if (tokenAccuracy === undefined) return 'One answer is an example of what it writes, not a measure of it.';
  const examples = status.datasets?.evaluation_data_uri?.examples;
  return (
    `Of all ${examples === undefined ? '' : `${examples} `}examples of the evaluation file the tuned model had ` +
    `${(100 * tokenAccuracy).toFixed(1)} % of the answers’ tokens right at step ${step}, each with the right ones before it.`
  );
}

/** The first lines of a text, and how many more it has. */
function linesOf(text: string, width: number): string[] {
  const lines = wrap(text, width);
  if (lines.every((line) => line === '')) return ['(nothing)'];
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES - 1), `… and ${lines.length - MAX_LINES + 1} more lines`];
}

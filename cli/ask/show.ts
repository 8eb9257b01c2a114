import { wrap } from '../command-line/wrap.ts';
import type { Answer } from './answers.ts';

/** From so many characters on two answers stand side by side. */
const SIDE_BY_SIDE = 80;
const GAP = ' | ';

/** What each model answered: side by side where a line has room for it. */
export function showAnswers(answers: readonly Answer[], columns: number): string {
  const [left, right] = answers;
  if (left && right && columns >= SIDE_BY_SIDE) return sideBySide(left, right, columns);
  return `${answers.flatMap((answer) => [...blockOf(answer, columns), '']).join('\n')}`;
}

function sideBySide(left: Answer, right: Answer, columns: number): string {
  const width = Math.floor((columns - GAP.length) / 2);
  const [one, other] = [blockOf(left, width), blockOf(right, width)];
  const rows = Array.from({ length: Math.max(one.length, other.length) }, (_, row) =>
    `${(one[row] ?? '').padEnd(width)}${GAP}${other[row] ?? ''}`.trimEnd(),
  );
  return `${rows.join('\n')}\n`;
}

const TITLES = { tuned: 'Tuned', base: 'Base' } as const;

function blockOf({ role, baseModel, answer, error }: Answer, width: number): string[] {
  const said = error === undefined ? answer || '(nothing)' : `No answer: ${error}`;
  return [
    ...wrap(`${TITLES[role]} ${baseModel}`, width),
    '-'.repeat(Math.min(width, 40)),
    ...wrap(said, width),
  ];
}

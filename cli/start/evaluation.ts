/** Whether a tuned model is better than its base, and three of the answers that say so, as lines of text. */
import { storageReader } from '../../local/vertex/storage/storage-reader.ts';
import {
  readAnswerLines,
  type Scored,
  ScoredSchema,
  scoreText,
} from '../../shared/core/evaluation/answers.ts';
import { fewOf } from '../../shared/core/evaluation/few.ts';
import { outcomeText } from '../../shared/core/evaluation/judge/verdict.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { readableRun } from '../../shared/core/run/versions.ts';
import { wrap } from '../command-line/wrap.ts';
import type { Stack } from './stack.ts';

const LABEL = 10;

/** What came of the evaluation of a run, with some of the answers: those of the best one where it is a sweep. */
export async function answersText(run: Run, { cloud, firestore }: Stack, columns: number): Promise<string> {
  const storage = cloud.clientEnvironment.STORAGE_EMULATOR_HOST ?? '';
  const { winner } = run.status.sweep ?? {};
  const best = winner && readableRun((await firestore.doc(`runs/${winner.runId}`).get()).data());
  if (!best) return `${evaluationLines(run, await answersOf(run, storage), columns)}\n`;
  const few = fewOf(await answersOf(best, storage));
  const lines = few.flatMap((answer) => answerLines(answer, columns));
  return lines.length === 0
    ? ''
    : `Run ${winner.index}, the best of the sweep, answered:\n${lines.join('\n')}\n`;
}

/** All answers of a run's evaluation, of a cloud whose storage is at this origin; none where there is no such file. */
export async function answersOf({ status }: Run, storage: string): Promise<Scored[]> {
  const { answersFile } = status.evaluation ?? {};
  const lines =
    answersFile === undefined ? undefined : (await storageReader(storage)(answersFile))?.lines?.();
  const rows: Scored[] = [];
  for await (const line of lines ?? []) rows.push(...readAnswerLines(ScoredSchema, line));
  return rows;
}

/** What came of the evaluation, and three answers of it, no line over `columns` characters. */
export function evaluationLines({ status }: Run, answers: readonly Scored[], columns: number): string {
  const { evaluation } = status;
  if (evaluation === undefined) return '';
  if (evaluation.state !== 'DONE')
    return wrap(`Nobody can say whether it is better than its base. ${evaluation.message}`, columns).join(
      '\n',
    );
  const few = fewOf(answers);
  return [
    ...wrap(evaluation.message, columns),
    ...few.flatMap((answer) => answerLines(answer, columns)),
  ].join('\n');
}

function answerLines(
  { line, prompt, expected, tuned, base, score, judge }: Scored,
  columns: number,
): string[] {
  const row = (label: string, text: string, width = columns) =>
    `  ${label.padEnd(LABEL)}${oneLine(text, width - LABEL - 2)}`;
  const said = [
    ['Tuned', `${scoreText(score.tuned)}: ${shown(tuned)}`] as const,
    ...(base === undefined ? [] : [['Base', `${scoreText(score.base ?? 0)}: ${shown(base)}`] as const]),
  ];
  const half = Math.floor(columns / 2);
  const areShort = said.every(([, text]) => plain(text).length <= half - LABEL - 2);
  return [
    `  ${`Line ${line}`.padEnd(LABEL)}${endOf(prompt, columns - LABEL - 2)}`,
    row('Expected', expected),
    ...(areShort
      ? [
          said
            .map(([label, text]) => row(label, text, half).padEnd(half))
            .join('')
            .trimEnd(),
        ]
      : said.map(([label, text]) => row(label, text))),
    ...(judge === undefined ? [] : [row('Judge', outcomeText(judge))]),
  ];
}

const shown = (text: string) => (text.trim() === '' ? '(nothing)' : text);

/** A text without line feeds, and without what a terminal would obey. */
const plain = (text: string) => wrap(text.replace(/\s+/g, ' ').trim(), Number.POSITIVE_INFINITY).join(' ');

/** Characters are cut whole. */
function oneLine(text: string, width: number): string {
  const line = Array.from(plain(text));
  if (line.length <= width) return line.join('');
  return `${line
    .slice(0, width - 2)
    .join('')
    .trimEnd()} …`;
}

function endOf(text: string, width: number): string {
  const line = Array.from(plain(text));
  if (line.length <= width) return line.join('');
  return `… ${line
    .slice(2 - width)
    .join('')
    .trimStart()}`;
}

/** Relevance judgements as TREC has them: query, iteration, document and relevance, with white space between and no header. */
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import type { RewriteOptions } from '../forms/convert-records.ts';
import { rewriteRecords } from '../lines/rewrite-records.ts';

const LINE = /^\S+[ \t]+\S+[ \t]+\S+[ \t]+-?\d+[ \t\r]*$/;

/** Whether a label file is one of these, by its first lines. The second column is an iteration, which nobody uses. */
export function isQrels(beginning: Uint8Array): boolean {
  const lines = new TextDecoder().decode(beginning).split('\n').slice(0, 3);
  return LINE.test(lines[0] ?? '') && lines.every((line) => line.trim() === '' || LINE.test(line));
}

/** The cells of a line in the order of labels; those of a line that has others stay as they are. */
export function cellsOfQrels(line: string): string[] {
  const cells = line.trim().split(/\s+/);
  const [query = '', , document = '', score = ''] = cells;
  return cells.length === 4 ? [query, document, score] : cells;
}

/** Writes judgements that were checked as labels. */
export async function* writeLabels(
  chunks: AsyncIterable<Uint8Array>,
  { onLine = () => {} }: Pick<RewriteOptions, 'onLine'> = {},
): AsyncGenerator<string> {
  onLine(1);
  yield `${EMBEDDING_DATASET.labelHeader.join('\t')}\n`;
  yield* rewriteRecords(chunks, {
    write: (text, _number, line) => {
      onLine(line);
      return `${cellsOfQrels(text).join('\t')}\n`;
    },
  });
}

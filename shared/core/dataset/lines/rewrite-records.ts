import { createFileProgress } from './progress.ts';
import { createTextFile, type LineConsumer, type SplitRecords } from './text-file.ts';

/**
 * Writes a file that was checked and has no errors once more: what `write` makes of each record, in their order, numbered from 1, with
 * the line that it begins on. Blank lines are none. Memory is that of the longest record, and of one chunk. `split` cuts it into its records; without it into lines.
 */
export async function* rewriteRecords(
  chunks: AsyncIterable<Uint8Array>,
  split: SplitRecords | undefined,
  write: (text: string, number: number, line: number) => string,
): AsyncGenerator<string> {
  let written = '';
  let number = 0;
  const progress = createFileProgress();
  const reader: LineConsumer = {
    readLine(text) {
      number += 1;
      written += write(text, number, progress.line);
    },
    readLongLine() {
      throw new RangeError('a record that is too long was to be written once more');
    },
  };
  const file = createTextFile(reader, { report: () => {}, progress }, split);
  for await (const chunk of chunks) {
    file.push(chunk);
    if (written !== '') yield written;
    written = '';
  }
  file.finish();
  if (written !== '') yield written;
}

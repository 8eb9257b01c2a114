import { createFileProgress } from './progress.ts';
import { createTextFile, type FileTools, type LineConsumer, type RecordSplitter } from './text-file.ts';

/** Makes what is written of a record, from its number and the line that it begins on. */
export type WriteRecord = (number: number, line: number) => string;

export interface RewritingConsumer extends LineConsumer {
  /** Takes the next record without its text. */
  writeRecord(write: WriteRecord): void;
}

export interface RewriteRecordsOptions {
  /** What cuts the file into its records; without it each is a line. */
  split?: ((reader: RewritingConsumer, tools: FileTools) => RecordSplitter) | undefined;
  write: (text: string, ...place: Parameters<WriteRecord>) => string;
}

/**
 * Writes a file that was checked and has no errors once more: what `write` makes of each record, in their order, numbered from 1, with
 * the line that it begins on. Blank lines are none. Memory is that of the longest record, and of one chunk.
 */
export async function* rewriteRecords(
  chunks: AsyncIterable<Uint8Array>,
  { split, write }: RewriteRecordsOptions,
): AsyncGenerator<string> {
  let written = '';
  const progress = createFileProgress();
  const reader: RewritingConsumer = {
    readLine(text) {
      reader.writeRecord((number, line) => write(text, number, line));
    },
    writeRecord(make) {
      progress.examples += 1;
      written += make(progress.examples, progress.line);
    },
    readLongLine() {
      throw new RangeError('a record that is too long was to be written once more');
    },
  };
  const file = createTextFile(
    reader,
    { report: () => {}, progress },
    split && ((_, tools) => split(reader, tools)),
  );
  for await (const chunk of chunks) {
    file.push(chunk);
    if (written !== '') yield written;
    written = '';
  }
  file.finish();
  if (written !== '') yield written;
}

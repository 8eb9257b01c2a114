import { isObject, type ParsedObject } from '../../json/values.ts';
import { type Container, LINES } from '../containers/container.ts';
import { splitterOf } from '../containers/splitters.ts';
import { createFileProgress } from '../lines/progress.ts';
import { createTextFile, type LineConsumer } from '../lines/text-file.ts';

/** Whether an example is in a part of a file, by its number from 1. */
export type IsTaken = (example: number) => boolean;

export interface RecordConversion {
  container: Container;
  convert: (example: ParsedObject) => object | undefined;
  /** Without it every example. */
  isTaken?: IsTaken | undefined;
}

/** Converts the records of a file that was checked and has no errors: one line an example, without those that are left out. */
export function convertRecords(
  chunks: AsyncIterable<Uint8Array>,
  { container, convert, isTaken = () => true }: RecordConversion,
): AsyncGenerator<string> {
  return writeRecords(chunks, container, (text, example) =>
    isTaken(example) ? convertRecord(text, convert) : '',
  );
}

/** Some lines of a file that was checked and has no errors, as they are. */
export function takeLines(chunks: AsyncIterable<Uint8Array>, isTaken: IsTaken): AsyncGenerator<string> {
  return writeRecords(chunks, LINES, (text, example) => (isTaken(example) ? `${text}\n` : ''));
}

/** What is written of each record, in their order; blank lines are none. Memory is that of the longest record, and of one chunk. */
async function* writeRecords(
  chunks: AsyncIterable<Uint8Array>,
  container: Container,
  write: (text: string, example: number) => string,
): AsyncGenerator<string> {
  let lines = '';
  let example = 0;
  const reader: LineConsumer = {
    readLine(text) {
      example += 1;
      lines += write(text, example);
    },
    readLongLine() {
      throw new RangeError('a record that is too long was to be converted');
    },
  };
  const tools = { report: () => {}, progress: createFileProgress() };
  const file = createTextFile(reader, tools, splitterOf(container));
  for await (const chunk of chunks) {
    file.push(chunk);
    if (lines !== '') yield lines;
    lines = '';
  }
  file.finish();
  if (lines !== '') yield lines;
}

function convertRecord(text: string, convert: (example: ParsedObject) => object | undefined): string {
  const example: unknown = JSON.parse(text);
  if (!isObject(example)) throw new RangeError('a record that is no object was to be converted');
  const converted = convert(example);
  return converted ? `${JSON.stringify(converted)}\n` : '';
}

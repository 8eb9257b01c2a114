import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Container } from '../containers/container.ts';
import { splitterOf } from '../containers/splitters.ts';
import { createFileProgress } from '../lines/progress.ts';
import { createTextFile, type LineConsumer } from '../lines/text-file.ts';

/**
 * Converts the records of a file that was checked and has no errors: one line an example, in their order, without blank lines and
 * examples that are left out. Memory is that of the longest record, and of one chunk.
 */
export async function* convertRecords(
  chunks: AsyncIterable<Uint8Array>,
  container: Container,
  convert: (example: ParsedObject) => object | undefined,
): AsyncGenerator<string> {
  let lines = '';
  const reader: LineConsumer = {
    readLine(text) {
      lines += convertRecord(text, convert);
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

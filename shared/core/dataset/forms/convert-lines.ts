import { isObject, type ParsedObject } from '../../json/values.ts';

/**
 * Converts the lines of a file that was checked and has no errors: one line an example, in their order, without blank lines and
 * examples that are left out. Memory is that of the longest line.
 */
export async function* convertLines(
  chunks: AsyncIterable<Uint8Array>,
  convert: (example: ParsedObject) => object | undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    const converted = lines.map((line) => convertLine(line, convert)).join('');
    if (converted !== '') yield converted;
  }
  const last = convertLine(rest + decoder.decode(), convert);
  if (last !== '') yield last;
}

function convertLine(line: string, convert: (example: ParsedObject) => object | undefined): string {
  if (line.trim() === '') return '';
  const example: unknown = JSON.parse(line);
  if (!isObject(example)) throw new RangeError('a line that is no object was to be converted');
  const converted = convert(example);
  return converted ? `${JSON.stringify(converted)}\n` : '';
}

/** What the other lines of a file are in the copy of one part. */
export type OtherLines = 'leftOut' | 'blank';

/**
 * The lines of one part of a file that was checked and has no errors; blank lines are no examples and are not counted. As blank lines
 * the others keep the lines that are taken at their numbers. Memory is that of the longest line.
 */
export async function* partLines(
  chunks: AsyncIterable<Uint8Array>,
  isTaken: (example: number) => boolean,
  others: OtherLines = 'leftOut',
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const inPlace = others === 'blank' ? '\n' : '';
  let example = 0;
  let rest = '';

  function take(line: string): string {
    if (line.trim() === '') return inPlace;
    example += 1;
    return isTaken(example) ? `${line}\n` : inPlace;
  }

  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    const taken = lines.map(take).join('');
    if (taken !== '') yield taken;
  }
  rest += decoder.decode();
  const last = rest === '' ? '' : take(rest);
  if (last !== '') yield last;
}

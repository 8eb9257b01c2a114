import { printable } from '../../shared/core/json/printable.ts';

/**
 * The text as a terminal shows it, in lines of at most so many characters, broken at spaces where there are any; the indentation
 * of code stays.
 */
export function wrap(text: string, width: number): string[] {
  return printable(text)
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const isWord = space < 0 || rest.slice(0, space).trim() === '';
    const cut = isWord ? wholeCut(rest, width) : space;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

const LAST_OF_ONE_UNIT = 0xffff;

/** No cut goes through a character that takes two units of a text. */
function wholeCut(text: string, at: number): number {
  const isWithin = at > 1 && (text.codePointAt(at - 1) ?? 0) > LAST_OF_ONE_UNIT;
  return isWithin ? at - 1 : at;
}

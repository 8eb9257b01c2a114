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
    const cut = rest.slice(0, space).trim() === '' ? width : space;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

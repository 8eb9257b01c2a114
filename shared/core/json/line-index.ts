/** Where the lines of a text begin: they end with LF, CR LF or CR. */
export interface LineIndex {
  /** The line of an index of the text, from 1. */
  lineAt(at: number): number;
  /** The place of an index in its line, in UTF-16 units from 1. */
  columnAt(at: number): number;
}

const LINE_END = /\r\n|\n|\r/g;

/** Reads the line ends of a text once; each look afterwards is a binary search. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(LINE_END)) starts.push(index + end.length);

  function lineAt(at: number): number {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  return { lineAt, columnAt: (at) => at - (starts[lineAt(at) - 1] ?? 0) + 1 };
}

/** Where the column of a text is that goes over several lines, of which the first is 0. */
export function placeIn(text: string, column: number): { line: number; column: number } {
  const before = text.slice(0, column - 1).split('\n');
  return { line: before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
}

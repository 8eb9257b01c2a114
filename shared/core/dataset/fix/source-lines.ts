import type { NumberList } from './number-list.ts';

/** Which line of a file as it was each line of its corrected copy comes from. */
export interface SourceLines {
  /** The next line of the copy comes from this one. */
  add(source: number): void;
  /** Lines are counted from 1; a line that nobody noted is where it was. */
  of(line: number): number;
}

/** Makes the lines of an empty copy. */
export function createSourceLines(sources: NumberList): SourceLines {
  return {
    add: sources.add,
    of: (line) => (line <= sources.size ? sources.at(line - 1) : line),
  };
}

import { createHashIndex } from '../tallies/hash-index.ts';
import { createTextHasher } from '../tallies/text-hash.ts';
import { createLineSet } from './line-set.ts';
import type { NumberList } from './number-list.ts';

/** Lines that repeat something of an earlier one; noted in their order, and asked for in it. */
export interface Repeats {
  add(line: number, firstLine: number): void;
  /** The earlier line, of a line that repeats it; asked once of every line. */
  next(line: number): number | undefined;
  readonly size: number;
}

/** Makes an empty list, a bit a line beside what `firstLines` holds. */
export function createRepeats(firstLines: NumberList): Repeats {
  const lines = createLineSet();
  let asked = 0;
  return {
    add(line, firstLine) {
      if (lines.has(line)) return;
      lines.add(line);
      firstLines.add(firstLine);
    },
    next: (line) => (lines.has(line) ? firstLines.at(asked++) : undefined),
    get size() {
      return lines.size;
    },
  };
}

/** Lines that later ones may be the same as throughout. */
export interface FirstTexts {
  /** A later line may be the same as this one. */
  expect(line: number): void;
  /** The text of a line, which is kept as its hash where the line is expected. */
  note(line: number, text: string): void;
  /** Whether the text of an earlier line was this one; false where there were more than are kept. */
  isSame(line: number, text: string): boolean;
}

/** Makes an empty table: at most 64 MiB, however many there are. */
export function createFirstTexts(): FirstTexts {
  const expected = createLineSet();
  const hashes = createHashIndex();
  const hasher = createTextHasher();
  const hash = (text: string) => {
    hasher.reset();
    hasher.write(text);
    hasher.digest();
  };
  return {
    expect: expected.add,
    note(line, text) {
      if (!expected.has(line)) return;
      hash(text);
      hashes.add(line, 0, hasher.low, hasher.high);
    },
    isSame(line, text) {
      const at = hashes.find(line, 0);
      if (at === -1) return false;
      hash(text);
      return hashes.lineAt(at) === hasher.low && hashes.tagAt(at) === hasher.high;
    },
  };
}

import type { BlankLineRun } from '../statistics.ts';

/** Ours: so many runs are kept, which bounds the document; the file that has more has its lines counted and not named. */
const MAX_RUNS = 500;

/** Where the blank lines of a file are, in little room: files have few of them, or one after every example. */
export interface BlankLines {
  /** Notes a line without an example for the job; lines come in their order. */
  add(line: number): void;
  /** Several examples begin on one line: their numbers tell no line. */
  giveUp(): void;
  /** Whether `giveUp` was called. */
  readonly isGivenUp: boolean;
  /** All of them; undefined where they need more runs than are kept, or lines do not tell examples apart. */
  runs(): BlankLineRun[] | undefined;
}

/** Makes an empty note. */
export function createBlankLines(): BlankLines {
  const runs: BlankLineRun[] = [];
  let isOver = false;
  let isGivenUp = false;

  return {
    get isGivenUp() {
      return isGivenUp;
    },
    add(line) {
      if (isOver) return;
      const last = runs.at(-1);
      if (last && goesOn(last, line)) {
        last.step = last.count === 1 ? line - last.line : last.step;
        last.count += 1;
      } else if (runs.length === MAX_RUNS) isOver = true;
      else runs.push({ line, count: 1, step: 1 });
    },
    giveUp() {
      isGivenUp = true;
      isOver = true;
    },
    runs: () => (isOver ? undefined : runs),
  };
}

function goesOn({ line: first, count, step }: BlankLineRun, line: number): boolean {
  return count === 1 || line === first + count * step;
}

/** The line of an example; examples are counted from 1 without the blank lines, which come in their order. */
export function lineOfExample(example: number, runs: readonly BlankLineRun[]): number {
  let line = example;
  for (const { line: first, count, step } of runs) {
    if (line < first) break;
    // A blank line that is passed moves the example on by one line, and the next one is `step` lines further.
    const passed = step === 1 ? count : Math.min(count, Math.floor((line - first) / (step - 1)) + 1);
    line += passed;
    if (passed < count) break;
  }
  return line;
}

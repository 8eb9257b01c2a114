/** Examples with one input, all of them or none: a sample of the groups of a file, by the smallest hashes, in bounded memory. */
import type { ExampleHash } from '../tallies/duplicates.ts';

/** An example as it passes by. */
export interface SplitExample extends ExampleHash {
  /** From 1, blank lines not counted. */
  example: number;
  /** Where it is in the file, from 1. */
  line: number;
  bytes: number;
}

export type ExamplePlace = Pick<SplitExample, 'example' | 'line'>;

/** All examples of one input. */
export interface InputGroup {
  places: ExamplePlace[];
  bytes: number;
  /** How many examples have each output, by its hash. */
  outputs: readonly (readonly [output: number, count: number])[];
}

export interface InputGroups {
  add(example: SplitExample): void;
  /** The groups with the smallest hashes, complete, the smallest first. */
  inOrder(): InputGroup[];
}

/** Ours: rows that are held, and to how many of them they are cut: six times as many as any model takes, so that labels can be chosen from. */
const HELD_ROWS = 65_536;
const KEPT_ROWS = HELD_ROWS / 2;

/** Columns of numbers, 20 bytes a row. */
const COLUMNS = ['order', 'output', 'example', 'line', 'bytes'] as const;
type Rows = Record<(typeof COLUMNS)[number], Uint32Array>;

/**
 * Makes an empty sample. Whether a row is held depends on the hash of its input alone and on a bound that only falls, so that all rows
 * of an input that is there at the end are, in whatever order they came. Inputs whose hashes agree count as one.
 */
export function createInputGroups(maxGroupRows: number): InputGroups {
  const rows = Object.fromEntries(COLUMNS.map((name) => [name, new Uint32Array(HELD_ROWS)])) as Rows;
  let held = 0;
  /** What is not below it is not held. */
  let bound = 2 ** 32;
  /** Groups that nobody can take as a whole. */
  const tooLarge = new Set<number>();

  function cut(): void {
    const kept: number[] = [];
    for (const { order, run } of runsOf(rows, held)) {
      if (run.length > maxGroupRows) tooLarge.add(order);
      else if (kept.length + run.length <= KEPT_ROWS) kept.push(...run);
      else {
        bound = order;
        break;
      }
    }
    kept.sort((a, b) => a - b);
    for (const name of COLUMNS) {
      const column = rows[name];
      for (const [index, row] of kept.entries()) column[index] = column[row] as number;
    }
    held = kept.length;
  }

  return {
    add(example) {
      const order = orderOf(example.inputLow, example.inputHigh);
      if (order >= bound || tooLarge.has(order)) return;
      rows.order[held] = order;
      rows.output[held] = example.output;
      rows.example[held] = example.example;
      rows.line[held] = example.line;
      rows.bytes[held] = example.bytes;
      held += 1;
      if (held === HELD_ROWS) cut();
    },
    inOrder: () =>
      runsOf(rows, held)
        .filter(({ run }) => run.length <= maxGroupRows)
        .map(({ run }) => groupOf(rows, run)),
  };
}

/** The rows of each group, the smallest hash first. */
function runsOf({ order: orders }: Rows, held: number): { order: number; run: number[] }[] {
  // A hash and the number of its row are one number of 48 bits, and numbers are sorted fast.
  const keys = Float64Array.from({ length: held }, (_, row) => (orders[row] as number) * HELD_ROWS + row);
  const runs: { order: number; run: number[] }[] = [];
  for (const key of keys.sort()) {
    const row = key % HELD_ROWS;
    const order = (key - row) / HELD_ROWS;
    const last = runs.at(-1);
    if (last?.order === order) last.run.push(row);
    else runs.push({ order, run: [row] });
  }
  return runs;
}

function groupOf({ output: outputs, bytes, example, line }: Rows, run: readonly number[]): InputGroup {
  const counts = new Map<number, number>();
  let size = 0;
  for (const row of run) {
    const output = outputs[row] as number;
    counts.set(output, (counts.get(output) ?? 0) + 1);
    size += bytes[row] as number;
  }
  const places = run.map((row) => ({ example: example[row] as number, line: line[row] as number }));
  return { places, bytes: size, outputs: [...counts] };
}

/** The halves of a hash, mixed once more into 32 bits: by it groups are put in a row. */
function orderOf(low: number, high: number): number {
  let mixed = Math.imul(low ^ 0x7feb352d, 0x9e3779b1) ^ Math.imul(high, 0x846ca68b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

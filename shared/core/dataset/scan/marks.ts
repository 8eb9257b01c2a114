/** What a line is searched for before anybody decodes it, as wasm/marks.ts reads it. */
import { MARKS_BYTES, type Scanner } from './scanner.ts';

/** Bytes of a mark that are compared; a line with a mark that begins like another may have the other. */
const COMPARED_BYTES = 8;
const HALVES = 16;
const TABLES = ['first', 'second', 'third'].length;
const GROUPS = 8;
/** In bytes from where the marks are. */
const COUNT = TABLES * 2 * HALVES;
const LIST = COUNT + HALVES;

/** Writes the marks into the memory of a scanner; they are text, which has no line feed. */
export function writeMarks({ bytes, places }: Scanner, texts: readonly string[]): void {
  const marks = texts.map((text) => Buffer.from(text)).sort(Buffer.compare);
  const space = bytes.subarray(places.marks, places.marks + MARKS_BYTES);
  if (LIST + marks.length * COMPARED_BYTES * 2 > space.length) throw new RangeError('too many marks');
  space.fill(0);
  space.writeInt32LE(marks.length, COUNT);
  marks.forEach((mark, index) => {
    // Marks that begin alike share a group, so that few other texts look like one of it.
    noteGroup(space, mark, 1 << Math.floor((index * GROUPS) / marks.length));
    const entry = LIST + index * COMPARED_BYTES * 2;
    const compared = mark.subarray(0, COMPARED_BYTES);
    compared.copy(space, entry);
    space.fill(0xff, entry + COMPARED_BYTES, entry + COMPARED_BYTES + compared.length);
  });
}

function noteGroup(tables: Buffer, mark: Buffer, group: number): void {
  const add = (at: number) => {
    tables[at] = (tables[at] as number) | group;
  };
  for (let table = 0; table < TABLES; table++) {
    const byte = mark[table];
    const [low, high] = [table * 2 * HALVES, (table * 2 + 1) * HALVES];
    for (let half = 0; half < HALVES; half++) {
      if (byte === undefined || (byte & 15) === half) add(low + half);
      if (byte === undefined || byte >>> 4 === half) add(high + half);
    }
  }
}

/** What a line is searched for before anybody decodes it, as wasm/marks.ts reads it. */
import { MARKS_BYTES, type Scanner } from './scanner.ts';

/** Texts without line feeds. */
export interface Marks {
  exact: readonly string[];
  /** In capitals or not. */
  anyCase: readonly string[];
}

export const NO_MARKS: Marks = { exact: [], anyCase: [] };

/** Bytes of a mark that are compared; a line with a mark that begins like another may have the other. */
const COMPARED_BYTES = 8;
const HALVES = 16;
const TABLES = ['first', 'second', 'third'].length;
const GROUPS = 8;
/** In bytes from where the marks are. */
const COUNT = TABLES * 2 * HALVES;
const LIST = COUNT + HALVES;
/** A letter of ASCII without it is a capital. */
const CASE = 0x20;

interface Mark {
  bytes: Buffer;
  /** Which bits of them count. */
  mask: Buffer;
}

/** Writes the marks into the memory of a scanner. */
export function writeMarks({ bytes, places }: Scanner, { exact, anyCase }: Marks): void {
  const marks = [
    ...exact.map((text) => markOf(text, false)),
    ...anyCase.map((text) => markOf(text, true)),
  ].sort((one, other) => Buffer.compare(one.bytes, other.bytes));
  const space = bytes.subarray(places.marks, places.marks + MARKS_BYTES);
  if (LIST + marks.length * COMPARED_BYTES * 2 > space.length) throw new RangeError('too many marks');
  space.fill(0);
  space.writeInt32LE(marks.length, COUNT);
  marks.forEach((mark, index) => {
    // Marks that begin alike share a group, so that few other texts look like one of it.
    noteGroup(space, mark, 1 << Math.floor((index * GROUPS) / marks.length));
    const entry = LIST + index * COMPARED_BYTES * 2;
    mark.bytes.copy(space, entry);
    mark.mask.copy(space, entry + COMPARED_BYTES);
  });
}

function markOf(text: string, isAnyCase: boolean): Mark {
  const written = Buffer.from(text).subarray(0, COMPARED_BYTES);
  const mask = Buffer.from(written.map((byte) => (isAnyCase && isLetter(byte) ? 0xff ^ CASE : 0xff)));
  return { bytes: Buffer.from(written.map((byte, at) => byte & (mask[at] as number))), mask };
}

const isLetter = (byte: number) => (byte | CASE) >= 0x61 && (byte | CASE) <= 0x7a;

/** Notes both halves of the first bytes of a mark as they may be: any where it has no more. */
function noteGroup(tables: Buffer, { bytes, mask }: Mark, group: number): void {
  for (let table = 0; table < TABLES; table++) {
    for (let byte = 0; byte < 256; byte++) {
      if ((byte & (mask[table] ?? 0)) !== (bytes[table] ?? 0)) continue;
      const low = table * 2 * HALVES + (byte & 15);
      const high = (table * 2 + 1) * HALVES + (byte >>> 4);
      tables[low] = (tables[low] as number) | group;
      tables[high] = (tables[high] as number) | group;
    }
  }
}

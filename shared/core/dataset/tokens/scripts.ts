/** Of UTF-16 units from the first up to and with the last: 0 for Latin, Chinese, Japanese and Korean, else 1 and more as above. */
const RANGES: readonly [first: number, last: number, script: number][] = [
  [0x00, 0x20, 0],
  [0x21, 0x40, 1],
  [0x41, 0x5a, 0],
  [0x5b, 0x60, 1],
  [0x61, 0x7a, 0],
  [0x7b, 0x7f, 1],
  [0x80, 0x24f, 0],
  [0x250, 0x2ff, 2],
  // Marks on the letter before, which some tokenizers put together with it first.
  [0x300, 0x36f, 3],
  [0x370, 0x7ff, 2],
  // Latin with two marks, as Vietnamese has it.
  [0x1e00, 0x1eff, 0],
  // Dashes, quotation marks, and the mark that a vocabulary has for a space.
  [0x2000, 0x206f, 0],
  [0x2581, 0x2581, 0],
  [0x3000, 0x30ff, 0],
  [0x3400, 0x9fff, 0],
  [0xac00, 0xd7a3, 0],
  [0xff00, 0xffef, 0],
];

const SCRIPT_OF_UNIT = new Uint8Array(0x1_0000).fill(3);
for (const [first, last, script] of RANGES) SCRIPT_OF_UNIT.fill(script, first, last + 1);

/** Bits that a script takes, as a number. */
export const SCRIPT_BITS = 2;

/** The script of a stretch: 0 for the usual ones, else its place in `SCRIPTS` and 1. One of signs has them at its begin and its end. */
export function scriptOf(text: string, start: number, end: number): number {
  let highest = 0;
  for (let at = start; at < end; at++) highest = Math.max(highest, text.charCodeAt(at));
  if (highest > 0x7f) return SCRIPT_OF_UNIT[highest] as number;
  const begin = text.charCodeAt(start) === 0x20 && end > start + 1 ? start + 1 : start;
  const last = SCRIPT_OF_UNIT[text.charCodeAt(end - 1)] as number;
  return last & (SCRIPT_OF_UNIT[text.charCodeAt(begin)] as number);
}

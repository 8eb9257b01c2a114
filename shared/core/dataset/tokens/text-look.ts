/**
 * What a look at a few characters of a text says of it: prose, code, numbers and Japanese have other tokens to their length. No
 * more than one character of sixteen is looked at, and sixteen of a longer text.
 */
const LOOKS = 16;
const APART = 16;
/** Sixteenths of characters beyond ASCII: below the one a text is in ASCII, from the other on in another script. */
const [SOME, MOST] = [4, 12];
/** The signs and letters of Chinese, Japanese and Korean begin here; most other scripts lie before. */
const EAST_ASIAN = 0x2e80;

/** A text by its UTF-16 units, such as a string; what is no string has one made of it only where it has to be whole. */
export interface UnitText {
  readonly length: number;
  charCodeAt(at: number): number;
  toString(): string;
}

/** How many kinds of texts are told apart. */
export const TEXT_KINDS = 4 * (LOOKS + 1);

/** The kind of the units from `start` to `end` of a text, a number below `TEXT_KINDS`; the same for texts that look alike. */
export function kindOfText(text: UnitText, start: number, end: number): number {
  const step = Math.max(APART, ((end - start) / LOOKS) | 0);
  let looks = 0;
  let unusual = 0;
  let wide = 0;
  let eastAsian = 0;
  for (let at = start + (step >> 1); at < end; at += step) {
    const unit = text.charCodeAt(at);
    looks += 1;
    if (unit >= EAST_ASIAN) eastAsian += 1;
    if (unit > 0x7f) wide += 1;
    else if (unit !== 0x20 && (unit < 0x61 || unit > 0x7a)) unusual += 1;
  }
  if (looks === 0) return 0;
  const unusualShare = ((unusual * LOOKS) / looks) | 0;
  const wideShare = (wide * LOOKS) / looks;
  const other = 2 * eastAsian < wide ? 3 : 2;
  return unusualShare + (wideShare < SOME ? 0 : wideShare < MOST ? 1 : other) * (LOOKS + 1);
}

/** Tokens of a text before any of its kind was counted, as the corpora of docs/token-counts.md have them. */
export function guessTokens(kind: number, bytes: number, units: number): number {
  const wide = (bytes - units) / 2;
  const unusual = kind % (LOOKS + 1);
  return ((units - wide) / 4.4) * (0.85 + 0.14 * unusual) + wide / 1.6;
}

/**
 * How many tokens a text may have, without a tokenizer (PaLM's is not public). Two statements, never mixed:
 *
 * Proved: a vocabulary with byte fallback spends at least one byte on a token, so tokens <= UTF-8 bytes. Checked on
 * Gemma 3's tokenizer; the PaLM paper (section 2.2) describes its vocabulary as lossless with byte fallback.
 * Estimated: an interval around what Gemma 3's vocabulary was measured to spend: English 4.85 bytes a token, code 3.3,
 * Japanese 6.8 (2.26 characters), emoji 2.8.
 */
import type { TokenInterval } from '../statistics.ts';
/** The sentence that goes beside every estimate. */
export const TOKEN_METHOD =
  'estimate without a tokenizer: 3 to 6 ASCII characters or 0.7 to 4 wide characters a token; ' +
  'where the bytes alone do not prove a limit, up to one token for each digit or symbol';

/** The interval of an ordinary text, from its length in UTF-8 bytes and in UTF-16 units alone. */
export function estimateTokens(bytes: number, units: number): TokenInterval {
  const wide = (bytes - units) / 2;
  const narrow = units - wide;
  return { low: Math.ceil(narrow / 6 + wide / 4), high: Math.min(bytes, Math.ceil(narrow / 3 + wide * 1.5)) };
}

/** The interval of a text whose bytes do not prove its limit: one pass widens it for what tokenizers treat unlike prose. */
export function estimateUnusual(bytes: number, units: number, { dense, repeated }: Unusual): TokenInterval {
  const { low, high } = estimateTokens(bytes, units);
  return {
    low: Math.max(Math.ceil(bytes / LONGEST_TOKEN_BYTES), low - Math.floor(repeated / 4)),
    high: Math.min(bytes, high + Math.ceil((dense * 2) / 3)),
  };
}

/** The longest entry of Gemma 3's vocabulary covers 48 bytes: no text needs fewer tokens than its bytes by 48. */
const LONGEST_TOKEN_BYTES = 48;

/** What tokenizers treat unlike prose, counted in UTF-16 units. */
export interface Unusual {
  /** Digits and symbols of ASCII: often a token each. */
  dense: number;
  /** Units like the one before: runs of one character (rules, indentation) often are one token together. */
  repeated: number;
}

/** Counts both in one text. */
export function countUnusual(text: string): Unusual {
  let dense = 0;
  let repeated = 0;
  let before = -1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === before) repeated += 1;
    if (isDense(unit)) dense += 1;
    before = unit;
  }
  return { dense, repeated };
}

/** ASCII from `!` to `~` without the letters. */
function isDense(unit: number): boolean {
  const letter = unit | 0x20;
  return unit > 0x20 && unit < 0x7f && (letter < 0x61 || letter > 0x7a);
}

/** Where a string of JSON ends. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The index after the closing quote of the string that opens at `start`, in a text that is JSON; else perhaps its end. */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** The index of the closing quote of the string that opens at `start`, or of the first thing that no string can hold. */
export function endOfSoundString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE || unit < 0x20) return at;
    if (unit !== BACKSLASH) continue;
    const next = skip(ESCAPE, text, at);
    if (next === at) return at;
    at = next - 1;
  }
  return text.length;
}

/** Where a sticky pattern ends, or `at` where it does not match. */
export function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const isSpace = (unit: number) => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

/** A text without what JSON has around values; JavaScript's `trim` takes more. A pattern would be tried at every space within. */
export function withoutSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** A text as JSON has it, without its quotes. */
export const withoutQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Something else in the place of a part of a text. */
export interface TextEdit {
  from: number;
  to: number;
  write: string;
}

/** A text with its parts replaced, which are in their order and do not overlap; in one pass, however many there are. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, write } of edits) {
    parts.push(text.slice(at, from), write);
    at = to;
  }
  return [...parts, text.slice(at)].join('');
}

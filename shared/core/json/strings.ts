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

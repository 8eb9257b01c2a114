/**
 * What `JSON.parse` does not tell of a line: duplicate keys (it keeps the last) and depth.
 * The exact scan is slow beside the parser, so `mayRepeatKey` first proves almost every line innocent.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * False proves that a valid line with `keys` different keys has no duplicate: the colon of every member follows a quote
 * or white space, so a line with no more such colons than keys has one member for each key.
 */
export function mayRepeatKey(line: string, keys: number): boolean {
  let members = 0;
  for (let at = line.indexOf(':'); at !== -1; at = line.indexOf(':', at + 1)) {
    const before = line.charCodeAt(at - 1);
    if (before === QUOTE || before <= 0x20) members += 1;
    if (members > keys) return true;
  }
  return false;
}

interface Frame {
  /** The keys so far; none in an array. */
  keys: Set<string> | undefined;
  /** Where we are: the last key, or the index. */
  at: string | number;
}

/** The path of the first key that its object already has, escaped or not, in a line of valid JSON. */
export function findDuplicateKey(line: string): string | undefined {
  const stack: Frame[] = [];
  let isKeyNext = false;
  for (let at = 0; at < line.length; at++) {
    const top = stack.at(-1);
    switch (line.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(line, at);
        if (isKeyNext && top?.keys) {
          const key = decodeKey(line.slice(at, end));
          top.at = key;
          if (top.keys.has(key)) return pathOf(stack);
          top.keys.add(key);
          isKeyNext = false;
        }
        at = end - 1;
        break;
      }
      case 0x7b: // {
        stack.push({ keys: new Set(), at: '' });
        isKeyNext = true;
        break;
      case 0x5b: // [
        stack.push({ keys: undefined, at: 0 });
        isKeyNext = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        stack.pop();
        isKeyNext = false;
        break;
      case 0x2c: // ,
        if (typeof top?.at === 'number') top.at += 1;
        isKeyNext = top?.keys !== undefined;
        break;
    }
  }
  return undefined;
}

/** Whether brackets nest deeper than `limit`, in any text; cheap enough to ask before parsing a long line. */
export function isDeeperThan(line: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(line, at) - 1;
    else if (unit === 0x7b || unit === 0x5b) depth += 1;
    else if (unit === 0x7d || unit === 0x5d) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/** The index after the closing quote of the string that opens at `start`, or the end of the line. */
function endOfString(line: string, start: number): number {
  for (let quote = line.indexOf('"', start + 1); quote !== -1; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (line.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return line.length;
}

function decodeKey(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

/** Only plain names are spelled out: a key can hold anything, also the content of an example. */
export function safeKey(key: string): string {
  return /^[\w.-]{1,40}$/.test(key) ? key : '(a key)';
}

function pathOf(stack: Frame[]): string {
  return stack
    .map(({ at }, depth) => (typeof at === 'number' ? `[${at}]` : `${depth > 0 ? '.' : ''}${safeKey(at)}`))
    .join('');
}

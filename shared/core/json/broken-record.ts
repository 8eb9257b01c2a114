/** An object of JSON that goes on over several lines, since line feeds stand in its texts as they are. */

export interface BrokenRecord {
  /** Reads the next line: whether the object goes on behind it, ends with it, or is none. `number` counts lines, also blank ones. */
  add(line: string, number: number): 'open' | 'over' | 'none';
  /** What was read so far, with a line feed for every line end. */
  readonly text: string;
}

/** Ours: what is longer was not meant to be one example. */
const LONGEST = 1024 * 1024;

const [QUOTE, BACKSLASH] = ['"', '\\'];
const isSpace = (mark: string) => mark === ' ' || mark === '\t' || mark === '\r';

/** Begins with the first line, in which a text is open at its end. */
export function createBrokenRecord(): BrokenRecord {
  const parts: string[] = [];
  let [length, last, depth] = [0, 0, 0];
  let isInText = false;
  /** The mark before, white space left out: a quote ends a text only before a comma, colon or bracket. */
  let before = '';

  /** Where the text goes on behind its part of a line that begins at `start`; undefined where it does not end there. */
  function endOfText(line: string, start: number): number | undefined {
    for (let at = start; at < line.length; at++) {
      if (line[at] === BACKSLASH) at += 1;
      else if (line[at] === QUOTE) return at + 1;
    }
    return undefined;
  }

  /** Whether a mark may stand outside of the texts of an object. */
  function takesMark(mark: string): boolean {
    const isAfterText = before === QUOTE;
    before = mark;
    if (mark === '{' || mark === '[') depth += 1;
    if (mark === '}' || mark === ']') depth -= 1;
    if (isAfterText) return ',:}]'.includes(mark);
    return /[{}[\]:,\w.+-]/.test(mark) || mark === QUOTE;
  }

  function readLine(line: string): 'open' | 'over' | 'none' {
    for (let at = 0; at < line.length; ) {
      if (isInText) {
        const end = endOfText(line, at);
        isInText = end === undefined;
        at = end ?? line.length;
        continue;
      }
      const mark = line[at] ?? '';
      at += 1;
      if (isSpace(mark)) continue;
      if (!takesMark(mark)) return 'none';
      isInText = mark === QUOTE;
      if (depth === 0) return mark === '}' && line.slice(at).trim() === '' ? 'over' : 'none';
    }
    return isInText || depth > 0 ? 'open' : 'none';
  }

  return {
    add(line, number) {
      if (parts.length > 0) parts.push('\n'.repeat(number - last));
      parts.push(line);
      last = number;
      const found = readLine(line);
      length += line.length;
      return length > LONGEST ? 'none' : found;
    },
    get text() {
      return parts.join('');
    },
  };
}

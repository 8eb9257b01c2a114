/** Reads literals of Python as `repr` writes them, strictly, into JSON. Source: Python, "Lexical analysis" and `ast.literal_eval`. */

const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };
/** Numbers that are the same in both; Python's have no leading zeros, either. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /(?:True|False|None)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
/** Escapes of one letter, and how many digits the others have. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' },
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const OCTAL = /[0-7]{1,3}/y;
const MAX_DEPTH = 64;

/** The JSON of a literal; undefined where the text is none, or holds what JSON has no word for. */
export function pythonAsJson(text: string, { isOfNumpy = false } = {}): string | undefined {
  const reading: Reading = { text, at: 0, isOfNumpy };
  const value = readValue(reading, 0);
  skip(reading, SPACE);
  return value !== undefined && reading.at === text.length ? value : undefined;
}

interface Reading {
  text: string;
  at: number;
  /** Whether a list may have white space alone between its dictionaries, as NumPy shows them. */
  isOfNumpy: boolean;
}

/** What a sticky pattern takes. */
function take(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.at;
  const [found] = pattern.exec(reading.text) ?? [];
  reading.at += found?.length ?? 0;
  return found;
}

const skip: (reading: Reading, pattern: RegExp) => void = take;

function readValue(reading: Reading, depth: number): string | undefined {
  skip(reading, SPACE);
  const begin = reading.text[reading.at] ?? '';
  if (begin === "'" || begin === '"') return readText(reading, begin);
  if (CLOSERS[begin] !== undefined) return depth < MAX_DEPTH ? readAll(reading, begin, depth) : undefined;
  const word = take(reading, WORD);
  return word === undefined ? take(reading, NUMBER) : WORDS[word];
}

/** A dictionary, a list or a tuple; one value in brackets without a comma is no tuple, and braces without colons are a set. */
function readAll(reading: Reading, open: string, depth: number): string | undefined {
  reading.at += 1;
  const members: string[] = [];
  let isOpen = true;
  for (;;) {
    skip(reading, SPACE);
    if (reading.text[reading.at] === CLOSERS[open]) break;
    if (!isOpen) return undefined;
    const member = open === '{' ? readMember(reading, depth) : readValue(reading, depth + 1);
    if (member === undefined) return undefined;
    members.push(member);
    skip(reading, SPACE);
    isOpen = reading.text[reading.at] === ',';
    if (isOpen) reading.at += 1;
    else if (reading.isOfNumpy && open === '[')
      isOpen = member.endsWith('}') && reading.text[reading.at] === '{';
  }
  reading.at += 1;
  if (open === '{') return `{${members.join(', ')}}`;
  return open === '(' && members.length === 1 && !isOpen ? undefined : `[${members.join(', ')}]`;
}

function readMember(reading: Reading, depth: number): string | undefined {
  const quote = reading.text[reading.at] ?? '';
  const key = quote === "'" || quote === '"' ? readText(reading, quote) : undefined;
  skip(reading, SPACE);
  if (key === undefined || reading.text[reading.at] !== ':') return undefined;
  reading.at += 1;
  const value = readValue(reading, depth + 1);
  return value === undefined ? undefined : `${key}: ${value}`;
}

function readText(reading: Reading, quote: string): string | undefined {
  const { text } = reading;
  let read = '';
  for (let at = reading.at + 1; at < text.length; ) {
    const next = text[at] ?? '';
    if (next === quote) {
      reading.at = at + 1;
      return JSON.stringify(read);
    }
    // What it has no sign for is written as an escape.
    if (next < ' ') return undefined;
    if (next !== '\\') {
      read += next;
      at += 1;
      continue;
    }
    const found = readEscape(text, at + 1);
    if (found === undefined) return undefined;
    read += found.value;
    at = found.end;
  }
  return undefined;
}

/** What stands behind a backslash. */
function readEscape(text: string, at: number): { value: string; end: number } | undefined {
  const letter = text[at] ?? '';
  const value = LETTERS[letter];
  if (value !== undefined) return { value, end: at + 1 };
  OCTAL.lastIndex = at;
  const [octal] = OCTAL.exec(text) ?? [];
  if (octal !== undefined) return { value: String.fromCharCode(parseInt(octal, 8)), end: at + octal.length };
  const count = DIGITS[letter];
  const digits = text.slice(at + 1, at + 1 + (count ?? 0));
  if (count === undefined || digits.length < count || !/^[\da-fA-F]+$/.test(digits)) return undefined;
  const code = parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), end: at + 1 + count };
}

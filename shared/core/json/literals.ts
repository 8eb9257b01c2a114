/**
 * Reads literals of Python, as `repr` writes them, and of JavaScript, strictly, into JSON. Sources: Python, "Lexical analysis" and
 * `ast.literal_eval`; ECMAScript, "Literals" and "Object Initializer".
 */

interface Dialect {
  words: Readonly<Record<string, string>>;
  word: RegExp;
  /** A name of a field without quotes; none in Python. */
  name?: RegExp;
  space: RegExp;
  /** What begins and ends a text. */
  quotes: string;
  /** Escapes of one letter, and how many digits the others have. */
  letters: Readonly<Record<string, string>>;
  digits: Readonly<Record<string, number>>;
  octal?: RegExp;
  hasTuples?: true;
  /** A list may have white space alone between its dictionaries. */
  hasBareLists?: true;
}

/** Numbers that are the same in all three; Python's have no leading zeros, either. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
const LETTERS = {
  ...{ '\\': '\\', "'": "'", '"': '"', n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' },
};

const PYTHON: Dialect = {
  words: { True: 'true', False: 'false', None: 'null' },
  word: /(?:True|False|None)(?!\w)/y,
  space: /[ \t\r\n]*/y,
  quotes: `'"`,
  letters: { ...LETTERS, a: '\x07' },
  digits: { x: 2, u: 4, U: 8 },
  octal: /[0-7]{1,3}/y,
  hasTuples: true,
};

/** As NumPy shows lists. */
const NUMPY: Dialect = { ...PYTHON, hasBareLists: true };

/** A text between backticks is one where nothing is put into it. */
const JAVASCRIPT: Dialect = {
  words: { true: 'true', false: 'false', null: 'null' },
  word: /(?:true|false|null)(?![\w$])/y,
  name: /[A-Za-z_$][\w$]*/y,
  space: /(?:[ \t\r\n]|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y,
  quotes: `'"\``,
  letters: { ...LETTERS, '`': '`' },
  digits: { x: 2, u: 4 },
};

const MAX_DEPTH = 64;

/** The JSON of a literal of Python; undefined where the text is none, or holds what JSON has no word for. */
export const pythonAsJson = (text: string): string | undefined => asJson(text, PYTHON);

/** The same of a list that NumPy shows. */
export const numpyAsJson = (text: string): string | undefined => asJson(text, NUMPY);

/** The JSON of a literal of JavaScript, or undefined. */
export const javascriptAsJson = (text: string): string | undefined => asJson(text, JAVASCRIPT);

function asJson(text: string, dialect: Dialect): string | undefined {
  const reading: Reading = { text, at: 0, dialect };
  const value = readValue(reading, 0);
  skip(reading, dialect.space);
  return value !== undefined && reading.at === text.length ? value : undefined;
}

interface Reading {
  text: string;
  at: number;
  dialect: Dialect;
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
  const { dialect } = reading;
  skip(reading, dialect.space);
  const begin = reading.text[reading.at] ?? '';
  if (begin !== '' && dialect.quotes.includes(begin)) return readText(reading, begin);
  const isOpen = CLOSERS[begin] !== undefined && (begin !== '(' || dialect.hasTuples);
  if (isOpen) return depth < MAX_DEPTH ? readAll(reading, begin, depth) : undefined;
  const word = take(reading, dialect.word);
  return word === undefined ? take(reading, NUMBER) : dialect.words[word];
}

/** A dictionary, a list or a tuple; one value in brackets without a comma is no tuple, and braces without colons are a set. */
function readAll(reading: Reading, open: string, depth: number): string | undefined {
  reading.at += 1;
  const members: string[] = [];
  let isOpen = true;
  for (;;) {
    skip(reading, reading.dialect.space);
    if (reading.text[reading.at] === CLOSERS[open]) break;
    if (!isOpen) return undefined;
    const member = open === '{' ? readMember(reading, depth) : readValue(reading, depth + 1);
    if (member === undefined) return undefined;
    members.push(member);
    skip(reading, reading.dialect.space);
    isOpen = reading.text[reading.at] === ',';
    if (isOpen) reading.at += 1;
    else if (reading.dialect.hasBareLists && open === '[')
      isOpen = member.endsWith('}') && reading.text[reading.at] === '{';
  }
  reading.at += 1;
  if (open === '{') return `{${members.join(', ')}}`;
  return open === '(' && members.length === 1 && !isOpen ? undefined : `[${members.join(', ')}]`;
}

function readMember(reading: Reading, depth: number): string | undefined {
  const key = readKey(reading);
  skip(reading, reading.dialect.space);
  if (key === undefined || reading.text[reading.at] !== ':') return undefined;
  reading.at += 1;
  const value = readValue(reading, depth + 1);
  return value === undefined ? undefined : `${key}: ${value}`;
}

/** The name of a field, in quotes or, where that may be, without. */
function readKey(reading: Reading): string | undefined {
  const { text, at, dialect } = reading;
  const quote = text[at] ?? '';
  if (quote === "'" || quote === '"') return readText(reading, quote);
  const name = dialect.name && take(reading, dialect.name);
  return name === undefined ? undefined : JSON.stringify(name);
}

function readText(reading: Reading, quote: string): string | undefined {
  const { text, dialect } = reading;
  const isTemplate = quote === '`';
  let read = '';
  for (let at = reading.at + 1; at < text.length; ) {
    const end = endOfPlain(text, at, quote);
    read += text.slice(at, end);
    const next = text[end] ?? '';
    if (next === quote) {
      reading.at = end + 1;
      return JSON.stringify(read);
    }
    at = end + 1;
    if (next === '\\') {
      const found = readEscape(text, at, dialect);
      if (found === undefined) return undefined;
      read += found.value;
      at = found.end;
      continue;
    }
    // What it has no sign for is written as an escape; a text with something put into it is none.
    if (next < ' ' && !(isTemplate && (next === '\n' || next === '\t'))) return undefined;
    if (next === '$' && text[at] === '{') return undefined;
    read += next;
  }
  return undefined;
}

/** Where the signs end that only stand for themselves. */
function endOfPlain(text: string, from: number, quote: string): number {
  const plain = PLAIN[quote] ?? /$/y;
  plain.lastIndex = from;
  return from + (plain.exec(text)?.[0].length ?? 0);
}

const PLAIN: Readonly<Record<string, RegExp>> = {
  "'": /[^'\\\p{Cc}]*/uy,
  '"': /[^"\\\p{Cc}]*/uy,
  '`': /[^`$\\\p{Cc}]*/uy,
};

/** What stands behind a backslash. */
function readEscape(
  text: string,
  at: number,
  { letters, digits: counts, octal: pattern }: Dialect,
): { value: string; end: number } | undefined {
  const letter = text[at] ?? '';
  const value = letters[letter];
  if (value !== undefined) return { value, end: at + 1 };
  if (pattern) pattern.lastIndex = at;
  const [octal] = pattern?.exec(text) ?? [];
  if (octal !== undefined) return { value: String.fromCharCode(parseInt(octal, 8)), end: at + octal.length };
  const count = counts[letter];
  const digits = text.slice(at + 1, at + 1 + (count ?? 0));
  if (count === undefined || digits.length < count || !/^[\da-fA-F]+$/.test(digits)) return undefined;
  const code = parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), end: at + 1 + count };
}

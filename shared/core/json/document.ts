import { MANIFEST_FILE } from '../models/limits.ts';

/** Where a value stands: the 1-based line of its key (of an array's element: of the value), and its members by name or index. */
export interface JsonPlace {
  line: number;
  members: Map<string | number, JsonPlace>;
}

/** A JSON text that could be read, with the place of everything in it. */
export interface JsonDocument {
  value: unknown;
  places: JsonPlace;
  hasByteOrderMark: boolean;
}

export type JsonPath = readonly (string | number)[];

/** What is wrong with a text. `path` and `firstLine` come with a duplicate key. Columns count UTF-16 units from 1. */
export interface JsonProblem {
  kind: 'size' | 'encoding' | 'syntax' | 'depth' | 'duplicate_key' | 'lone_surrogate' | 'number_range';
  problem: string;
  line?: number;
  column?: number;
  path?: JsonPath;
  firstLine?: number;
}

/**
 * Refused: all that is wrong; syntax ends the reading and stands alone or last. `salvage` is there when the text was
 * JSON after all (duplicate keys, lone surrogates, numbers out of range), so that a caller can report more in one go.
 */
export type StrictJson =
  | ({ ok: true } & JsonDocument)
  | { ok: false; problems: JsonProblem[]; salvage?: JsonDocument };

export interface StrictJsonLimits {
  maxBytes: number;
  maxDepth: number;
}

/**
 * Reads JSON as RFC 8259 has it and no other way: strict UTF-8 (one leading byte order mark is skipped and told), no
 * duplicate keys however they are escaped, no half characters, no number beyond a double. Takes time in proportion to
 * the text. The value itself is made by JSON.parse, so that no second opinion of the text can exist.
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits = MANIFEST_FILE): StrictJson {
  if (bytes.length > limits.maxBytes) {
    return refused({ kind: 'size', problem: `${bytes.length} bytes, more than ${limits.maxBytes}` });
  }
  const decoded = decodeUtf8(bytes);
  if (typeof decoded !== 'string') return refused(decoded);
  const hasByteOrderMark = decoded.startsWith('\ufeff');
  const text = hasByteOrderMark ? decoded.slice(1) : decoded;
  const scan = scanDocument(text, limits.maxDepth);
  if (scan.fatal !== undefined) return { ok: false, problems: [...scan.problems, scan.fatal] };
  const document = { value: JSON.parse(text) as unknown, places: scan.places, hasByteOrderMark };
  if (scan.problems.length > 0) return { ok: false, problems: scan.problems, salvage: document };
  return { ok: true, ...document };
}

/** The line of a path; of a path that is not in the text, that of the nearest thing around it. */
export function lineOf(places: JsonPlace, path: JsonPath): number {
  let place = places;
  for (const step of path) {
    const next = place.members.get(step);
    if (next === undefined) break;
    place = next;
  }
  return place.line;
}

function refused(problem: JsonProblem): StrictJson {
  return { ok: false, problems: [problem] };
}

// ---- bytes to text -------------------------------------------------------------------------------------------------

const NEWLINE = 0x0a;

function decodeUtf8(bytes: Uint8Array): string | JsonProblem {
  const disguise = recogniseOther(bytes);
  if (disguise !== undefined) return { kind: 'encoding', problem: disguise };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    return { kind: 'encoding', problem: 'bytes that are not UTF-8', line: lineOfBadUtf8(bytes, decoder) };
  }
}

/** Names what the bytes are when they are plainly something else than UTF-8 text. */
function recogniseOther(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) return 'a gzip file';
  if (first === 0xfe && second === 0xff) return 'UTF-16 text (big-endian)';
  if (first === 0xff && second === 0xfe) return 'UTF-16 text (little-endian)';
  if (first === 0 && second !== undefined && second !== 0) return 'UTF-16 text (big-endian)';
  if (second === 0 && first !== undefined && first !== 0) return 'UTF-16 text (little-endian)';
  return undefined;
}

/** No byte of a longer UTF-8 sequence is a line feed, so lines can be judged one by one. */
function lineOfBadUtf8(bytes: Uint8Array, decoder: { decode(bytes: Uint8Array): string }): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    line += 1;
    start = end;
  }
  return line;
}

// ---- text to places ------------------------------------------------------------------------------------------------

/** The reader's position. One for each text; the functions below move it on. */
interface Scan {
  readonly text: string;
  readonly maxDepth: number;
  readonly path: (string | number)[];
  readonly problems: JsonProblem[];
  at: number;
  line: number;
  lineStart: number;
  /** Why reading ended early. From then on `at` is at the end of the text, so that every loop ends by itself. */
  fatal?: JsonProblem;
}

function scanDocument(text: string, maxDepth: number): Scan & { places: JsonPlace } {
  const places: JsonPlace = { line: 1, members: new Map() };
  const scan = { text, maxDepth, path: [], problems: [], at: 0, line: 1, lineStart: 0, places };
  skipSpace(scan);
  places.line = scan.line;
  scanValue(scan, places);
  skipSpace(scan);
  if (scan.at < text.length) fail(scan, `${nextShown(scan)} after the end of the value`);
  return scan;
}

function scanValue(scan: Scan, place: JsonPlace): void {
  const next = scan.text[scan.at];
  if (next === '{') scanObject(scan, place);
  else if (next === '[') scanArray(scan, place);
  else if (next === '"') scanString(scan);
  else if (match(scan, WORD)) expectEndOfWord(scan);
  else scanNumber(scan);
}

function scanObject(scan: Scan, place: JsonPlace): void {
  enter(scan);
  if (take(scan, '}')) return;
  do {
    skipSpace(scan);
    scanMember(scan, place);
    skipSpace(scan);
  } while (take(scan, ','));
  expect(scan, '}', 'a comma or a closing brace');
}

function scanMember(scan: Scan, place: JsonPlace): void {
  if (scan.text[scan.at] !== '"') {
    fail(scan, `${nextShown(scan)} where a key was expected`);
    return;
  }
  const member: JsonPlace = { line: scan.line, members: new Map() };
  const column = columnOf(scan);
  const key = scanString(scan);
  if (key === undefined) return;
  scan.path.push(key);
  const earlier = place.members.get(key);
  if (earlier === undefined) place.members.set(key, member);
  else {
    scan.problems.push({
      kind: 'duplicate_key',
      problem: 'a key that the object has already',
      line: member.line,
      column,
      path: [...scan.path],
      firstLine: earlier.line,
    });
  }
  skipSpace(scan);
  expect(scan, ':', 'a colon after the key');
  skipSpace(scan);
  scanValue(scan, member);
  scan.path.pop();
}

function scanArray(scan: Scan, place: JsonPlace): void {
  enter(scan);
  if (take(scan, ']')) return;
  do {
    skipSpace(scan);
    const index = place.members.size;
    const member: JsonPlace = { line: scan.line, members: new Map() };
    place.members.set(index, member);
    scan.path.push(index);
    scanValue(scan, member);
    scan.path.pop();
    skipSpace(scan);
  } while (take(scan, ','));
  expect(scan, ']', 'a comma or a closing bracket');
}

/** Goes into an object or array; the path is as long as they are deep. */
function enter(scan: Scan): void {
  if (scan.path.length >= scan.maxDepth) {
    fail(scan, `objects and arrays nested more than ${scan.maxDepth} deep`, 'depth');
    return;
  }
  scan.at += 1;
  skipSpace(scan);
}

/** Characters of a string that stand for themselves: all but quote, backslash and U+0000 to U+001F. */
const PLAIN = /[^"\\\p{Cc}]+|[\u007f-\u009f]+/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Moves over a string and gives its value; undefined when it is broken. */
function scanString(scan: Scan): string | undefined {
  const start = scan.at;
  const { line } = scan;
  const column = columnOf(scan);
  scan.at += 1;
  while (match(scan, PLAIN) || match(scan, ESCAPE)) {
    // every round moves on by one run of plain characters or one escape
  }
  if (!take(scan, '"')) {
    fail(scan, brokenString(scan));
    return undefined;
  }
  const value = JSON.parse(scan.text.slice(start, scan.at)) as string;
  if (!value.isWellFormed()) {
    const problem = 'half of a surrogate pair, which no text can hold';
    scan.problems.push({ kind: 'lone_surrogate', problem, line, column, path: [...scan.path] });
  }
  return value;
}

function brokenString(scan: Scan): string {
  if (scan.at >= scan.text.length) return 'a string without an end';
  return scan.text[scan.at] === '\\'
    ? 'an escape that JSON does not have'
    : `${nextShown(scan)} in a string, where it must be escaped`;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const WORDLIKE = /[A-Za-z0-9_.+-]/;

function scanNumber(scan: Scan): void {
  const start = scan.at;
  const column = columnOf(scan);
  if (!match(scan, NUMBER)) {
    fail(scan, `${nextShown(scan)} where a value was expected`);
    return;
  }
  if (!Number.isFinite(Number(scan.text.slice(start, scan.at)))) {
    const problem = 'a number beyond the range of a double';
    scan.problems.push({ kind: 'number_range', problem, line: scan.line, column, path: [...scan.path] });
  }
  expectEndOfWord(scan);
}

/** `01`, `1.` and `nullx` begin well and are no JSON. */
function expectEndOfWord(scan: Scan): void {
  if (WORDLIKE.test(scan.text[scan.at] ?? '')) fail(scan, 'a word or number that JSON does not have');
}

const SPACE = /[ \t\n\r]+/y;
const LINE_END = /\r\n|\n|\r/g;

function skipSpace(scan: Scan): void {
  const start = scan.at;
  if (!match(scan, SPACE)) return;
  for (const end of scan.text.slice(start, scan.at).matchAll(LINE_END)) {
    scan.line += 1;
    scan.lineStart = start + end.index + end[0].length;
  }
}

/** Moves over what a sticky pattern finds here. */
function match(scan: Scan, pattern: RegExp): boolean {
  pattern.lastIndex = scan.at;
  if (!pattern.test(scan.text)) return false;
  scan.at = pattern.lastIndex;
  return true;
}

function take(scan: Scan, character: string): boolean {
  if (scan.text[scan.at] !== character) return false;
  scan.at += 1;
  return true;
}

function expect(scan: Scan, character: string, what: string): void {
  if (!take(scan, character)) fail(scan, `${nextShown(scan)} where ${what} was expected`);
}

function columnOf(scan: Scan): number {
  return scan.at - scan.lineStart + 1;
}

function nextShown(scan: Scan): string {
  const next = scan.text.codePointAt(scan.at);
  if (next === undefined) return 'the end of the file';
  const character = String.fromCodePoint(next);
  const isPlain = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  return isPlain
    ? `the character ${character}`
    : `the character U+${next.toString(16).toUpperCase().padStart(4, '0')}`;
}

function fail(scan: Scan, problem: string, kind: JsonProblem['kind'] = 'syntax'): void {
  scan.fatal ??= { kind, problem, line: scan.line, column: columnOf(scan) };
  scan.at = scan.text.length;
}

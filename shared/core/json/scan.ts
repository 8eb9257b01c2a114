/**
 * The one reader of JSON (RFC 8259): where a text stops being JSON, and what JSON.parse does not say of it. Values are
 * JSON.parse's to make, so that no second opinion of a text can exist. A loop, for any depth and length.
 */
import {
  type Expected,
  type JsonFault,
  type JsonProblem,
  stringProblem,
  unexpectedProblem,
} from './faults.ts';
import { endOfSoundString, endOfString, skip } from './strings.ts';

/** From the outermost value inwards: names of members, indices of elements. */
export type JsonPath = readonly (string | number)[];

/** What is JSON and still not the same to every reader, or to none a text or number (RFC 8259, sections 4, 6 and 8.2). */
export interface JsonFlaw {
  kind: 'duplicate_key' | 'lone_surrogate' | 'number_range';
  /** In UTF-16 units from 0. */
  at: number;
  path: JsonPath;
  /** Where the object has the same key first; undefined of other flaws. */
  firstAt: number | undefined;
}

export interface JsonScan {
  /** Why the text is no JSON; undefined when it is. */
  fault: JsonFault | undefined;
  /** Where objects and arrays nest deeper than is allowed; nothing behind it was read. */
  tooDeepAt: number | undefined;
  /** In the order of the text. */
  flaws: JsonFlaw[];
}

export interface JsonScanOptions {
  /** How deep objects and arrays may nest; any depth unless given. */
  maxDepth?: number;
  /** How many flaws are noted; all unless given. */
  maxFlaws?: number;
  /** The text is known to be JSON: what is inside of its strings, numbers and words is not looked at. */
  isJson?: boolean;
  /** Called where the key of a member or an element begins, with the number of objects and arrays around it. */
  onMember?: (step: string | number, at: number, depth: number) => void;
}

/** An object or array that is open. */
interface Open {
  /** The keys so far, with where each is first; none in an array. */
  keys: Map<string, number> | undefined;
  /** The member or element that is being read. */
  step: string | number;
}

interface Scan extends JsonScan, Required<Omit<JsonScanOptions, 'onMember'>> {
  readonly text: string;
  readonly onMember: JsonScanOptions['onMember'];
  /** Whether strings and numbers are held against what every reader can take. */
  readonly looksForFlaws: boolean;
  /** From the outermost. */
  readonly open: Open[];
  at: number;
  state: State;
  isOver: boolean;
}

/** Reads a text up to its first fault. */
export function scanJson(text: string, options: JsonScanOptions = {}): JsonScan {
  const { maxDepth = Infinity, maxFlaws = Infinity, isJson = false, onMember } = options;
  const scan: Scan = {
    text,
    maxDepth,
    maxFlaws,
    isJson,
    onMember,
    looksForFlaws: maxFlaws > 0 && !isJson,
    fault: undefined,
    tooDeepAt: undefined,
    flaws: [],
    open: [],
    at: 0,
    state: VALUE,
    isOver: false,
  };
  skipSpace(scan);
  while (scan.at < text.length && !scan.isOver) {
    readToken(scan);
    skipSpace(scan);
  }
  if (!scan.isOver && scan.state !== END) endWith(scan, 'ends_early');
  return scan;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What may stand next: a value, a key, the end of an object or array, a character that another state follows. */
interface State {
  expected: Expected;
  takes: 'value' | 'key' | undefined;
  closing: number;
  separator: number;
  next: State | undefined;
}

const NONE = -1;
const state = (
  expected: Expected,
  { takes, closing = NONE, separator = NONE, next }: Partial<State>,
): State => ({
  ...{ expected, takes, closing, separator, next },
});

const VALUE = state('value', { takes: 'value' });
const VALUE_OR_BRACKET = state('valueOrBracket', { takes: 'value', closing: CLOSE_BRACKET });
const KEY = state('key', { takes: 'key' });
const KEY_OR_BRACE = state('keyOrBrace', { takes: 'key', closing: CLOSE_BRACE });
const COLON_AFTER_KEY = state('colon', { separator: COLON, next: VALUE });
const COMMA_OR_BRACE = state('commaOrBrace', { separator: COMMA, next: KEY, closing: CLOSE_BRACE });
const COMMA_OR_BRACKET = state('commaOrBracket', { separator: COMMA, next: VALUE, closing: CLOSE_BRACKET });
const END = state('end', {});

function readToken(scan: Scan): void {
  const { takes, closing, separator, next } = scan.state;
  const unit = scan.text.charCodeAt(scan.at);
  if (unit === closing) leave(scan);
  else if (takes === 'value') readValue(scan, unit);
  else if (takes === 'key' && unit === QUOTE) readKey(scan);
  else if (next && unit === separator) {
    scan.at += 1;
    scan.state = next;
  } else fail(scan);
}

function readValue(scan: Scan, unit: number): void {
  beginElement(scan);
  if (unit === OPEN_BRACE || unit === OPEN_BRACKET) enter(scan, unit === OPEN_BRACE);
  else if (unit === QUOTE) readString(scan);
  else readWord(scan);
}

/** Notes that an element of an array begins, where the value is one. */
function beginElement({ open, onMember, at }: Scan): void {
  const array = open.at(-1);
  if (!array || array.keys) return;
  array.step = Number(array.step) + 1;
  onMember?.(array.step, at, open.length);
}

function enter(scan: Scan, isObject: boolean): void {
  if (scan.open.length >= scan.maxDepth) {
    scan.tooDeepAt = scan.at;
    scan.isOver = true;
    return;
  }
  scan.open.push(isObject ? { keys: new Map(), step: '' } : { keys: undefined, step: -1 });
  scan.state = isObject ? KEY_OR_BRACE : VALUE_OR_BRACKET;
  scan.at += 1;
}

function leave(scan: Scan): void {
  scan.open.pop();
  scan.at += 1;
  endValue(scan);
}

function endValue(scan: Scan): void {
  const around = scan.open.at(-1);
  scan.state = around ? (around.keys ? COMMA_OR_BRACE : COMMA_OR_BRACKET) : END;
}

function readKey(scan: Scan): void {
  const { at, open } = scan;
  const object = open.at(-1);
  if (!passString(scan) || !object?.keys) return;
  scan.state = COLON_AFTER_KEY;
  if (scan.maxFlaws === 0 && !scan.onMember) return;
  const key = stringOf(scan.text.slice(at, scan.at));
  if (scan.looksForFlaws && !key.isWellFormed()) note(scan, 'lone_surrogate', { at, depth: open.length - 1 });
  object.step = key;
  scan.onMember?.(key, at, open.length);
  const firstAt = object.keys.get(key);
  if (firstAt === undefined) object.keys.set(key, at);
  else note(scan, 'duplicate_key', { at, firstAt });
}

function readString(scan: Scan): void {
  const { at } = scan;
  if (!passString(scan)) return;
  if (scan.looksForFlaws && !stringOf(scan.text.slice(at, scan.at)).isWellFormed()) {
    note(scan, 'lone_surrogate', { at });
  }
  endValue(scan);
}

/** Moves over a string, or ends the reading where it is broken. */
function passString(scan: Scan): boolean {
  const { text, at, isJson } = scan;
  scan.at = isJson ? endOfString(text, at) : endOfSoundString(text, at) + 1;
  if (isJson || text.charCodeAt(scan.at - 1) === QUOTE) return true;
  scan.at -= 1;
  endWith(scan, stringProblem(text, scan.at), 'endOfString');
  return false;
}

function stringOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** A number, or one of the three words of JSON. */
function readWord(scan: Scan): void {
  const { text, at } = scan;
  const endOfNumber = skip(NUMBER, text, at);
  const end = endOfNumber > at ? endOfNumber : skip(LITERAL, text, at);
  if (end === at) {
    fail(scan);
    return;
  }
  if (scan.looksForFlaws && endOfNumber > at && !Number.isFinite(Number(text.slice(at, end)))) {
    note(scan, 'number_range', { at });
  }
  scan.at = end;
  endValue(scan);
}

/** Moves over white space; other than `trim`, over no more of it than JSON has. */
function skipSpace(scan: Scan): void {
  let unit = scan.text.charCodeAt(scan.at);
  while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) {
    scan.at += 1;
    unit = scan.text.charCodeAt(scan.at);
  }
}

function note(
  scan: Scan,
  kind: JsonFlaw['kind'],
  where: { at: number; firstAt?: number; depth?: number },
): void {
  if (scan.flaws.length >= scan.maxFlaws) return;
  const { at, firstAt, depth = scan.open.length } = where;
  scan.flaws.push({ kind, at, path: scan.open.slice(0, depth).map(({ step }) => step), firstAt });
}

function fail(scan: Scan): void {
  endWith(scan, unexpectedProblem(scan.text, scan.at, scan.state.expected));
}

function endWith(scan: Scan, problem: JsonProblem, expected = scan.state.expected): void {
  scan.fault = { problem, at: scan.at, expected };
  scan.isOver = true;
}

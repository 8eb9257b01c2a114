/** A whole file of JSON: its value, with the line of everything in it, or all that is wrong with it. */
import type { Expected, JsonFault } from './faults.ts';
import { recogniseFile } from './file-kind.ts';
import { createLineIndex, type LineIndex } from './line-index.ts';
import { type JsonFlaw, type JsonPath, type JsonScan, scanJson } from './scan.ts';
import { firstInvalidByte } from './utf8.ts';

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

/** What is wrong with a file, in words. `path` and `firstLine` come with a duplicate key. Columns count UTF-16 units from 1. */
export interface DocumentProblem {
  kind: 'size' | 'encoding' | 'syntax' | 'depth' | JsonFlaw['kind'];
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
  | { ok: false; problems: DocumentProblem[]; salvage?: JsonDocument };

/** What is larger or nested deeper is refused. */
export interface StrictJsonLimits {
  maxBytes: number;
  maxDepth: number;
}

/**
 * Reads JSON as RFC 8259 has it and no other way: strict UTF-8 (one leading byte order mark is skipped and noted), no
 * duplicate keys however they are escaped, no half characters, no number beyond a double. Takes time in proportion to
 * the text.
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): StrictJson {
  if (bytes.length > limits.maxBytes) {
    return refused({ kind: 'size', problem: `${bytes.length} bytes, more than ${limits.maxBytes}` });
  }
  const decoded = decode(bytes);
  if (typeof decoded !== 'string') return refused(decoded);
  const hasByteOrderMark = decoded.startsWith('\ufeff');
  const text = hasByteOrderMark ? decoded.slice(1) : decoded;

  const lines = createLineIndex(text);
  const { places, onMember } = createPlaces(text, lines);
  const scan = scanJson(text, { maxDepth: limits.maxDepth, onMember });
  const problems = problemsOf(scan, { text, lines, maxDepth: limits.maxDepth });
  if (scan.fault || scan.tooDeepAt !== undefined) return { ok: false, problems };
  const document = { value: JSON.parse(text) as unknown, places, hasByteOrderMark };
  return problems.length > 0 ? { ok: false, problems, salvage: document } : { ok: true, ...document };
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

function refused(problem: DocumentProblem): StrictJson {
  return { ok: false, problems: [problem] };
}

function decode(bytes: Uint8Array): string | DocumentProblem {
  const file = recogniseFile(bytes);
  if (file.kind === 'wide') return { kind: 'encoding', problem: file.encoding };
  if (file.kind === 'compressed') {
    const article = file.compression === 'xz' ? 'an' : 'a';
    return { kind: 'encoding', problem: `${article} ${file.compression} file` };
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  const invalid = firstInvalidByte(text, buffer);
  if (invalid === -1) return text;
  const line = createLineIndex(buffer.toString('latin1', 0, invalid)).lineAt(invalid);
  return { kind: 'encoding', problem: 'bytes that are not UTF-8', line };
}

/** Collects the places of a text while it is scanned. */
function createPlaces(text: string, lines: LineIndex) {
  const newPlace = (at: number): JsonPlace => ({ line: lines.lineAt(at), members: new Map() });
  const places = newPlace(Math.max(0, text.search(/[^ \t\n\r]/)));
  /** The place around a member at each depth, the outermost first. */
  const around = [places];
  return {
    places,
    onMember(step: string | number, at: number, depth: number) {
      const members = around[depth - 1]?.members;
      const place = newPlace(at);
      around[depth] = place;
      if (!members?.has(step)) members?.set(step, place);
    },
  };
}

// ---- in words ------------------------------------------------------------------------------------------------------

const FLAWS: Record<JsonFlaw['kind'], string> = {
  duplicate_key: 'a key that the object has already',
  lone_surrogate: 'half of a surrogate pair, which no text can hold',
  number_range: 'a number beyond the range of a double',
};

interface Reading {
  text: string;
  lines: LineIndex;
  maxDepth: number;
}

/** The flaws in the order of the text, then what ended the reading. */
function problemsOf({ flaws, fault, tooDeepAt }: JsonScan, reading: Reading): DocumentProblem[] {
  const { text, lines, maxDepth } = reading;
  const placeOf = (at: number) => ({ line: lines.lineAt(at), column: lines.columnAt(at) });
  const problems = flaws.map(({ kind, at, path, firstAt }): DocumentProblem => {
    const first = firstAt === undefined ? {} : { firstLine: lines.lineAt(firstAt) };
    return { kind, problem: FLAWS[kind], ...placeOf(at), path, ...first };
  });
  if (fault) problems.push({ kind: 'syntax', problem: faultSentence(text, fault), ...placeOf(fault.at) });
  if (tooDeepAt !== undefined) {
    const problem = `objects and arrays nested more than ${maxDepth} deep`;
    problems.push({ kind: 'depth', problem, ...placeOf(tooDeepAt) });
  }
  return problems;
}

/** Behind the character that was found. */
const EXPECTATIONS: Record<Expected, string> = {
  value: 'where a value was expected',
  valueOrBracket: 'where a value was expected',
  key: 'where a key was expected',
  keyOrBrace: 'where a key was expected',
  colon: 'where a colon after the key was expected',
  commaOrBrace: 'where a comma or a closing brace was expected',
  commaOrBracket: 'where a comma or a closing bracket was expected',
  end: 'after the end of the value',
  endOfString: 'in a string, where it must be escaped',
};

/** What other formats have, by its name. */
const NAMED: Partial<Record<JsonFault['problem'], string>> = {
  trailing_comma:
    'a comma after the last entry, which JSON does not have: remove the comma before this place',
  comment: 'a comment (//, /* or #), which JSON does not have: remove it',
};

const WORDLIKE = /[A-Za-z0-9_.+-]/;

function faultSentence(text: string, { problem, at, expected }: JsonFault): string {
  if (problem === 'string_not_closed') return 'a string without an end';
  const named = NAMED[problem];
  if (named !== undefined) return named;
  if (problem === 'bad_escape') return 'an escape that JSON does not have';
  // `01`, `1.` and `nullx` begin well and are no JSON; elsewhere a word is never reached in its middle.
  const isInWord = WORDLIKE.test(text.charAt(at)) && WORDLIKE.test(text.charAt(at - 1));
  if (isInWord) return 'a word or number that JSON does not have';
  return `${shownCharacter(text, at)} ${EXPECTATIONS[expected]}`;
}

function shownCharacter(text: string, at: number): string {
  const next = text.codePointAt(at);
  if (next === undefined) return 'the end of the file';
  const character = String.fromCodePoint(next);
  const isPlain = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  return isPlain
    ? `the character ${character}`
    : `the character U+${next.toString(16).toUpperCase().padStart(4, '0')}`;
}

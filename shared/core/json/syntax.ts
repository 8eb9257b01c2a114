/** Says where and why a line is not JSON (RFC 8259), in words for a person and without quoting the line. */
import type { JsonProblem } from '../issues/dataset.ts';

export interface JsonFault {
  problem: JsonProblem;
  /** 1-based, in UTF-16 units. */
  column: number;
}

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const WHITE_SPACE = /[ \t\r\n]*/y;

/** The first fault of a line, or undefined when the line is one JSON value. */
export function findJsonFault(line: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = skip(WHITE_SPACE, line, 0);
  const afterValue = (): Expected => (open.length === 0 ? 'end' : 'commaOrEnd');
  const fault = (problem: JsonProblem, index = at): JsonFault => ({ problem, column: index + 1 });

  while (at < line.length) {
    const char = line.charAt(at);
    const wantsValue = expected === 'value' || expected === 'valueOrEnd';
    const wantsKey: boolean = expected === 'key' || expected === 'keyOrEnd';
    if (char === '"' && (wantsValue || wantsKey)) {
      const end = endOfSoundString(line, at + 1);
      if (line.charAt(end) !== '"') return fault(stringProblem(line, end), end);
      expected = wantsKey ? 'colon' : afterValue();
      at = end + 1;
    } else if ((char === '{' || char === '[') && wantsValue) {
      open.push(char);
      expected = char === '{' ? 'keyOrEnd' : 'valueOrEnd';
      at += 1;
    } else if (isClosing(char, open.at(-1), expected)) {
      open.pop();
      expected = afterValue();
      at += 1;
    } else if (char === ',' && expected === 'commaOrEnd') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else if (char === ':' && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else {
      const end = wantsValue ? Math.max(skip(NUMBER, line, at), skip(LITERAL, line, at)) : at;
      if (end === at) return fault(unexpectedProblem(line, at, expected));
      expected = afterValue();
      at = end;
    }
    at = skip(WHITE_SPACE, line, at);
  }
  return expected === 'end' ? undefined : fault('ends_early');
}

/** Where a sticky pattern ends, or `at` when it does not match there. */
function skip(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The index of the closing quote, or of the first thing that a JSON string cannot hold; a loop, for strings of any length. */
function endOfSoundString(line: string, start: number): number {
  let at = start;
  while (at < line.length) {
    const unit = line.charCodeAt(at);
    if (unit === 0x22 || unit < 0x20) return at;
    const next = unit === 0x5c ? skip(ESCAPE, line, at) : at + 1;
    if (next === at) return at;
    at = next;
  }
  return at;
}

function isClosing(char: string, open: '{' | '[' | undefined, expected: Expected): boolean {
  if (char === '}') return open === '{' && (expected === 'keyOrEnd' || expected === 'commaOrEnd');
  if (char === ']') return open === '[' && (expected === 'valueOrEnd' || expected === 'commaOrEnd');
  return false;
}

function stringProblem(line: string, at: number): JsonProblem {
  if (at >= line.length) return 'string_not_closed';
  if (line.charAt(at) === '\\') return 'bad_escape';
  return line.charAt(at) === '\0' ? 'nul' : 'control_character';
}

/** What people and programs write instead of JSON; the first row that matches names the fault. */
const MISTAKES: readonly { pattern: RegExp; problem: JsonProblem; when?: readonly Expected[] }[] = [
  { pattern: /\0/y, problem: 'nul' },
  { pattern: /[\u2028\u2029\u0085]/y, problem: 'unicode_separator' },
  { pattern: /\ufeff/y, problem: 'bom_inside' },
  { pattern: /[}\]]/y, problem: 'trailing_comma', when: ['key'] },
  { pattern: /\]/y, problem: 'trailing_comma', when: ['value'] },
  { pattern: /\/\/|\/\*|#/y, problem: 'comment' },
  { pattern: /'/y, problem: 'single_quote' },
  { pattern: /[\u2018\u2019\u201c\u201d]/y, problem: 'typographic_quote' },
  {
    pattern: /[-+]?(?:NaN|Infinity|None|True|False|undefined)/y,
    problem: 'foreign_literal',
    when: ['value', 'valueOrEnd'],
  },
  { pattern: /[-+.\d]/y, problem: 'bad_number', when: ['value', 'valueOrEnd'] },
  { pattern: /[\w$]/y, problem: 'unquoted_key', when: ['key', 'keyOrEnd'] },
  { pattern: /["{[\w'-]/y, problem: 'missing_comma', when: ['commaOrEnd'] },
];

function unexpectedProblem(line: string, at: number, expected: Expected): JsonProblem {
  const mistake = MISTAKES.find(
    ({ pattern, when }) => (!when || when.includes(expected)) && skip(pattern, line, at) > at,
  );
  if (mistake) return mistake.problem;
  if (expected !== 'end') return 'unexpected_character';
  return /\r[ \t\r]*$/.test(line.slice(Math.max(0, at - 100), at)) ? 'lone_cr' : 'text_after_value';
}

/** What can be wrong with a text that is to be JSON (RFC 8259). */

/** Why it is none; named after what people and programs write instead. */
export type JsonProblem =
  | 'ends_early'
  | 'string_not_closed'
  | 'line_feed_inside'
  | 'cut_short'
  | 'list_not_closed'
  | 'text_after_list'
  | 'control_character'
  | 'bad_escape'
  | 'trailing_comma'
  | 'missing_comma'
  | 'single_quote'
  | 'typographic_quote'
  | 'unquoted_key'
  | 'foreign_literal'
  | 'not_a_number'
  | 'bad_number'
  | 'comment'
  | 'ellipsis'
  | 'text_after_value'
  | 'bom_inside'
  | 'unexpected_character'
  | 'nul'
  | 'unicode_separator'
  | 'lone_cr';

/** What may stand next. */
export type Expected =
  | 'value'
  | 'valueOrBracket'
  | 'key'
  | 'keyOrBrace'
  | 'colon'
  | 'commaOrBrace'
  | 'commaOrBracket'
  | 'endOfString'
  | 'end';

/** The first place where a text is no JSON. */
export interface JsonFault {
  problem: JsonProblem;
  /** In UTF-16 units from 0; the length of the text where it ends too early. */
  at: number;
  expected: Expected;
}

const VALUE: readonly Expected[] = ['value', 'valueOrBracket'];

/** The first row that matches names the problem. */
const MISTAKES: readonly { pattern: RegExp; problem: JsonProblem; when?: readonly Expected[] }[] = [
  { pattern: /\0/y, problem: 'nul' },
  { pattern: /[\u2028\u2029\u0085]/y, problem: 'unicode_separator' },
  { pattern: /\ufeff/y, problem: 'bom_inside' },
  { pattern: /[}\]]/y, problem: 'trailing_comma', when: ['key'] },
  { pattern: /\]/y, problem: 'trailing_comma', when: ['value'] },
  { pattern: /\/\/|\/\*|#/y, problem: 'comment' },
  { pattern: /'/y, problem: 'single_quote' },
  { pattern: /[\u2018\u2019\u201c\u201d]/y, problem: 'typographic_quote' },
  { pattern: /-?(?:NaN|Infinity)/y, problem: 'not_a_number', when: VALUE },
  { pattern: /None|True|False|undefined|\+(?:NaN|Infinity)/y, problem: 'foreign_literal', when: VALUE },
  { pattern: /\.{2,}|\u2026/y, problem: 'ellipsis' },
  { pattern: /[-+.\d]/y, problem: 'bad_number', when: VALUE },
  { pattern: /[\w$]/y, problem: 'unquoted_key', when: ['key', 'keyOrBrace'] },
  { pattern: /["{[\w'-]/y, problem: 'missing_comma', when: ['commaOrBrace', 'commaOrBracket'] },
];

/** Names what stands at `at` in the place of what was expected. */
export function unexpectedProblem(text: string, at: number, expected: Expected): JsonProblem {
  if (at >= text.length) return 'ends_early';
  const mistake = MISTAKES.find(({ pattern, when }) => {
    pattern.lastIndex = at;
    return (!when || when.includes(expected)) && pattern.test(text);
  });
  if (mistake) return mistake.problem;
  if (expected !== 'end') return 'unexpected_character';
  return /\r[ \t\r]*$/.test(text.slice(Math.max(0, at - 100), at)) ? 'lone_cr' : 'text_after_value';
}

/** Names what stands at `at` inside of a string, which cannot hold it. */
export function stringProblem(text: string, at: number): JsonProblem {
  if (at >= text.length) return 'string_not_closed';
  if (text.charAt(at) === '\\') return 'bad_escape';
  return text.charAt(at) === '\0' ? 'nul' : 'control_character';
}

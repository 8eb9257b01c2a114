/** NaN and Infinity, which Python writes into JSON: null says the same in a field that holds no text of an example. */
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { mapJson } from '../../json/repair.ts';

/** Fields without which an example is none; Alpaca's "input" may be empty. */
const NAMES = new Set([
  ...['input_text', 'output_text', 'prompt', 'completion', 'instruction', 'response', 'chosen', 'rejected'],
  ...['content', 'value', 'text', 'parts', 'messages', 'contents', 'conversations', 'query', 'pos'],
  ...Object.values(PAIR_FORMS).flat(),
]);
const MAY_BE_EMPTY = /"instruction"\s*:\s*"/;

const patternOf = (names: Iterable<string>) =>
  new RegExp(`"(?:${[...names].join('|')})"\\s*:\\s*-?(?:NaN|Infinity)`);
const IN_TEXTS = patternOf(NAMES);
const IN_TEXTS_BUT_INPUT = patternOf([...NAMES].filter((name) => name !== 'input'));

/** The JSON with null for each; undefined where one stands for a question or an answer, which nobody can guess. */
export function withNulls(text: string): string | undefined {
  const inTexts = MAY_BE_EMPTY.test(text) ? IN_TEXTS_BUT_INPUT : IN_TEXTS;
  if (inTexts.test(text)) return undefined;
  return mapJson(text, {
    outside: (part) => part.replaceAll(/(?<![\w.+-])-?(?:NaN|Infinity)(?![\w.])/g, 'null'),
  });
}

/** Lists of turns that are no member of an example, or one only as a text. */

import { pythonAsJson } from '../../json/literals.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { valueOfText } from '../lines/text-value.ts';

/** Members of an example that are lists of turns. */
const LISTS: ReadonlySet<string> = new Set([
  'messages',
  'contents',
  'conversations',
  'conversation',
  'dialog',
  ...['prompt', 'chosen', 'rejected'],
]);
const SPEAKERS = ['role', 'from', 'author'];
const SAID = ['content', 'value', 'parts', 'text', 'tool_calls'];

/** Whether a value is a list of what is said by turns. */
export function isListOfTurns(value: unknown): value is ParsedObject[] {
  const has = (turn: ParsedObject, fields: string[]) => fields.some((field) => Object.hasOwn(turn, field));
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((turn) => isObject(turn) && has(turn, SPEAKERS) && has(turn, SAID))
  );
}

/** The list in a member that should be one and is a text of it, its JSON or what Python shows; undefined where it is none. */
export function listInText(record: ParsedObject, field: string): ParsedObject[] | undefined {
  const value = record[field];
  if (typeof value !== 'string' || !LISTS.has(field)) return undefined;
  const list = listOf(value);
  return isListOfTurns(list) ? list : undefined;
}

/** Whether a text is the JSON of a list of turns. */
export const isJsonOfTurns = (text: unknown): boolean =>
  typeof text === 'string' && isListOfTurns(valueOfText(text));

/** The value of which a text is the JSON, or what Python shows of it. */
function listOf(text: string): unknown {
  const value = valueOfText(text);
  return value === undefined && text.trimStart().startsWith('[')
    ? valueOfText(pythonAsJson(text) ?? '')
    : value;
}

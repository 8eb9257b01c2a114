/** JSON in a text of an example: calls, what they gave, declarations of functions. */
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { MAX_DEPTH, MAX_MEMBERS } from '../limits.ts';
import { excessOfText, valueOfText } from '../lines/text-value.ts';
import type { FormReading } from './form.ts';

/** An object, or the JSON text of one. */
export function parsedObject(value: unknown): ParsedObject | undefined {
  const parsed = typeof value === 'string' ? valueOfText(value) : value;
  return isObject(parsed) ? parsed : undefined;
}

/** The object of a JSON text; reports a text that is none. */
export function readJsonText(value: unknown, path: string, reading: FormReading): ParsedObject | undefined {
  const object = parsedObject(value);
  if (object === undefined) reportNoJson(value, 'an object, or its JSON in a text', { path, reading });
  return object;
}

/** Tells what a value is that should have been something, or its JSON in a text. */
export function reportNoJson(
  value: unknown,
  expected: string,
  { path, reading }: { path: string; reading: FormReading },
): void {
  const { report } = reading;
  const excess = typeof value === 'string' ? excessOfText(value) : undefined;
  if (excess === 'depth') report('line_too_deep', { maxDepth: MAX_DEPTH }, { path });
  else if (excess === 'members') report('line_too_many_members', { maxMembers: MAX_MEMBERS }, { path });
  else report('field_wrong_type', { expected, type: foundIn(value) }, { path });
}

function foundIn(value: unknown): string {
  if (typeof value !== 'string') return typeName(value);
  const parsed = valueOfText(value);
  return parsed === undefined ? 'a text that is no JSON' : `the JSON of ${typeName(parsed)}`;
}

/** The fields of an example: there, texts, not empty, whole characters. */

import { type ParsedObject, typeName } from '../../json/values.ts';
import { squeeze } from '../faults/field-names.ts';
import type { Reporter } from '../lines/reporter.ts';

/** Whether a value is a text that can be used; reports it when not, and warns of one that is only white space. */
export function checkTextValue(
  value: unknown,
  path: string,
  report: Reporter,
  more: { isBesideCalls?: boolean } = {},
): value is string {
  if (typeof value !== 'string') {
    const isScalar = typeof value === 'number' || typeof value === 'boolean';
    const field = isScalar && /^\w+$/.test(path) ? path : undefined;
    report('field_wrong_type', { expected: 'a text', type: typeName(value), field, ...more }, { path });
    return false;
  }
  if (value === '') {
    report('field_empty', {}, { path });
    return false;
  }
  if (isBlank(value)) report('field_blank', { characters: value.length }, { path });
  return checkWellFormed(value, path, report);
}

/** Whether a text has no half characters; only an escape can have brought one in, the bytes were checked before. */
export function checkWellFormed(text: string, path: string, report: Reporter): boolean {
  if (text.isWellFormed()) return true;
  report('lone_surrogate', {}, { path });
  return false;
}

/** Whether an object has the field at all; looks for a near miss in the spelling when not. */
export function checkPresent(example: ParsedObject, field: string, report: Reporter, path = field): boolean {
  if (Object.hasOwn(example, field)) return true;
  const wanted = squeeze(field);
  const similar = Object.keys(example).some((key) => squeeze(key) === wanted);
  report('field_missing', similar ? { field, similar } : { field }, { path });
  return false;
}

/** The list that a field of an example is; reports it when it is none. */
export function checkList(
  example: ParsedObject,
  field: string,
  report: Reporter,
): readonly unknown[] | undefined {
  const list = example[field];
  if (list === undefined && !checkPresent(example, field, report)) return undefined;
  if (Array.isArray(list)) return list;
  report('field_wrong_type', { expected: `a list of ${field}`, type: typeName(list) }, { path: field });
  return undefined;
}

/** The turns of a conversation: a list with something in it; reports it when it is not. */
export function checkTurns(
  example: ParsedObject,
  field: string,
  report: Reporter,
): readonly unknown[] | undefined {
  const list = checkList(example, field, report);
  if (list?.length !== 0) return list;
  report('messages_empty', {}, { path: field });
  return undefined;
}

/** Most texts begin with a letter, and then nothing needs to be looked at. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first <= 0x20 || first >= 0xa0) && /^[\s\p{Default_Ignorable_Code_Point}]+$/u.test(text);
}

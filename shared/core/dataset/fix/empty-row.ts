import { isObject, type ParsedObject } from '../../json/values.ts';

/** Fields that say whose or which a text is, and hold none. */
const BESIDE_TEXTS: ReadonlySet<string> = new Set([
  ...['role', 'author', 'from', 'type', 'name', 'weight', 'score', 'choice'],
  ...['id', 'idx', 'index', 'row_id', 'uuid', 'prompt_id', 'custom_id', 'key'],
]);

/** Whether nothing in a record is there to read: its texts are empty or white space, and nothing else is in it. */
export function isEmptyRow(record: ParsedObject): boolean {
  return Object.entries(record).every(([key, value]) => BESIDE_TEXTS.has(key) || isNothing(value));
}

/** A loop would need no less: records are as deep as their form, and deeper ones are refused before. */
function isNothing(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isNothing);
  return isObject(value) && isEmptyRow(value);
}

/** Recognises a file whose records all are in one form that nobody here knows. */
import { shownKey } from '../../json/line.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

/** Whether a record is in a known form. */
export type IsInKnownForm = (record: ParsedObject) => boolean;

/** So few records may be slips. */
const LEAST_RECORDS = 3;
const NAMED_FIELDS = 10;

/** Fields that an example of a form has: a record with one of them is an example with a fault. */
const OF_EXAMPLES: ReadonlySet<string> = new Set([
  ...['input_text', 'output_text', 'messages', 'contents', 'completions', 'conversations'],
  ...['systemInstruction', 'system_instruction', 'request', 'body', 'prompt', 'completion'],
]);

/** The fields that all of the first records have in common, where none of them is in a known form; else undefined. */
export function recogniseUnknownForm({ values }: Beginning, isKnown: IsInKnownForm): string[] | undefined {
  if (values.length < LEAST_RECORDS || !values.every(isObject)) return undefined;
  const records = values as readonly ParsedObject[];
  const isExample = (record: ParsedObject) =>
    isKnown(record) || Object.keys(record).some((key) => OF_EXAMPLES.has(key));
  if (records.some(isExample)) return undefined;
  const [first = {}, ...others] = records;
  const fields = Object.keys(first).filter((key) => others.every((record) => Object.hasOwn(record, key)));
  return fields.length === 0 ? undefined : fields.slice(0, NAMED_FIELDS).map(shownKey);
}

import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { checkPresent, checkTextValue } from '../formats/fields.ts';
import type { Reporter } from '../lines/reporter.ts';
import type { Example } from './example.ts';

/** What reading an example tells besides the example. */
export interface FormReading {
  report: Reporter;
  /** A field that has no place in an example is there, with something in it; `place` is what leads to it, such as `messages[].`. */
  onUnused(field: string, place: string): void;
}

/** One row of the table: a form in which examples are written. */
export interface Form {
  /** Whether a record has this form; rows are asked in the order of the table, the more telling ones first. */
  matches(record: ParsedObject): boolean;
  /** The field in which most of an example is: where a fault of the whole example is said to be. */
  path: string;
  /** Whether records are pairs of a better and a worse answer. */
  isPair?: true;
  /** Whether the texts of a record tell the form, and not its fields: a file is in it where most of its records are. */
  isByTexts?: true;
  /** Whether these are marks that people may write in what is said, too. */
  hasWordsAsMarks?: boolean;
  /** Whether a record is read by the marks of a template in its texts. */
  isMarked?(record: ParsedObject): boolean;
  /** The example; undefined where an issue with it was reported. */
  read(record: ParsedObject, reading: FormReading): Example | undefined;
  /** The record of an example that fits: undefined members are left out by JSON. */
  write?(example: Example): object;
  /** Whether a record has what a model that takes this form does not know, so that it is read and written once more. */
  isForeign?(record: ParsedObject): boolean;
}

/** Reports the fields of a record that nobody reads; those that hold nothing say nothing. */
export function noteUnused(
  record: ParsedObject,
  known: readonly string[],
  { onUnused }: Pick<FormReading, 'onUnused'>,
  place = '',
): void {
  for (const [key, value] of Object.entries(record)) {
    const isRead = known.includes(key) && !(isOfSystem(key) && systemTexts(value) === undefined);
    if (!isRead && !isNothing(value)) onUnused(key, place);
  }
}

const isOfSystem = (key: string) => SYSTEM_FIELDS.some((field) => field === key);

/** Whether a value says nothing. */
export const isNothing = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** The text in a field of a record; reports it when there is none. */
export function textIn(
  record: ParsedObject,
  field: string,
  { report, path = field }: { report: Reporter; path?: string },
): string | undefined {
  const value = record[field];
  if (value === undefined && !checkPresent(record, field, report, path)) return undefined;
  return checkTextValue(value, path, report) ? value : undefined;
}

/** The object in a field of a record; reports it when there is none. */
export function objectIn(
  record: ParsedObject,
  field: string,
  { report }: Pick<FormReading, 'report'>,
): ParsedObject | undefined {
  const value = record[field];
  if (value === undefined && !checkPresent(record, field, report)) return undefined;
  if (isObject(value)) return value;
  report('field_wrong_type', { expected: 'an object', type: typeName(value) }, { path: field });
  return undefined;
}

/** What people call the system instruction beside a question or a conversation. */
export const SYSTEM_FIELDS = ['system', 'system_prompt'] as const;

/** The system instruction in the first of the fields that has one, as `Example.system`; nothing where it has neither texts nor parts of text. */
export function systemIn(record: ParsedObject, fields: readonly string[]): readonly string[] | undefined {
  const texts = fields.map((field) => systemTexts(record[field])).find((found) => found !== undefined);
  return texts?.filter((text) => text !== '');
}

/** A text, or a list of texts or of parts with one, as Anthropic and Amazon have it. */
function systemTexts(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((part: unknown) => (isObject(part) ? part.text : part));
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/** What says how much an answer counts: a number of OpenAI's, or whether it is trained on, as Axolotl has it. */
export const FIELDS_OF_WEIGHT = ['weight', 'train', 'training'] as const;

/** How much an answer counts, where that is not what every answer does. */
export function weightIn({ weight, ...message }: ParsedObject): number | undefined {
  if (typeof weight === 'number') return weight === 1 ? undefined : weight;
  return FIELDS_OF_WEIGHT.some((field) => message[field] === false) ? 0 : undefined;
}

/** What people call the field of a message that has what the model thought before. */
export const FIELDS_OF_THOUGHTS = [
  'reasoning_content',
  'reasoning',
  'thinking',
  'thoughts',
  'thought',
] as const;

export const hasThought = (message: ParsedObject): boolean =>
  FIELDS_OF_THOUGHTS.some((field) => !isNothing(message[field]));

/** The first of some fields that a record has. */
export const fieldIn = <Field extends string>(
  record: ParsedObject,
  fields: readonly Field[],
): Field | undefined => fields.find((field) => has(record, field));

/** The first element of a list, where it is an object; else an empty one. */
export function firstIn(list: unknown): ParsedObject {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : {};
}

export const has = (value: ParsedObject, ...keys: string[]) => keys.every((key) => Object.hasOwn(value, key));

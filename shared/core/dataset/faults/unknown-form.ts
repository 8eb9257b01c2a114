/** Recognises a file whose records all are in one form that nobody here knows. */
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { shownKey } from '../../json/line.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

/** Whether a record is in a known form. */
export type IsInKnownForm = (record: ParsedObject) => boolean;

/** So few records are slips, where they have a field of an example and no list of objects. */
const LEAST_RECORDS = 3;
const NAMED_FIELDS = 10;

/** Fields that are lists in an example. */
const LIST_FIELDS: ReadonlySet<string> = new Set(['messages', 'contents', 'completions', 'conversations']);

/** Fields that an example of a form has, and no other record: one with any of them is an example with a fault. */
const OF_EXAMPLES: ReadonlySet<string> = new Set([
  ...['input_text', 'output_text', 'systemInstruction', 'system_instruction', 'request', 'body'],
  ...LIST_FIELDS,
]);

const hasFieldOfExample = (record: ParsedObject) =>
  Object.keys(record).some((field) => OF_EXAMPLES.has(field));

const isOfExample = ([field, value]: [string, unknown]) =>
  OF_EXAMPLES.has(field) && (LIST_FIELDS.has(field) ? isOfTurns(value) && !areTexts(field, value) : true);

/** Several answers to one question, and no pair of them. */
const areTexts = (field: string, value: unknown) =>
  field === 'completions' && Array.isArray(value) && typeof value[0] === 'string';

/** What an element of these lists has: who speaks, which is a word, and what is said. */
const SPEAKERS = ['role', 'from', 'author'];
const OF_TURN = [...SPEAKERS, 'content', 'value', 'parts', 'text', 'completion', 'score'];

function isOfTurns(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [first] = value;
  if (!isObject(first)) return true;
  return (
    OF_TURN.some((field) => Object.hasOwn(first, field)) && !SPEAKERS.some((one) => isObject(first[one]))
  );
}

const isListOfObjects = (value: unknown) => Array.isArray(value) && isObject(value[0]);

const asks: readonly string[] = Object.values(PAIR_FORMS).map(([asked]) => asked);
const answers: readonly string[] = [
  ...Object.values(PAIR_FORMS).map(([, answered]) => answered),
  // Of a classification.
  ...['label', 'labels', 'label_text', 'class', 'category', 'sentiment', 'intent', 'topic'],
];

/** Whether a record has a field that may be an answer. */
export const hasAnswer = (record: ParsedObject): boolean =>
  answers.some((field) => Object.hasOwn(record, field));

/** Two fields that may be asked and answered, of which the second may be a number. */
export interface PerhapsPair {
  asked: string;
  answered: string;
  isNumber?: boolean;
}

export type TextPath = readonly (string | number)[];

/** A form that nobody knows. */
export interface UnknownForm {
  /** The fields that all of the first records have in common. */
  fields: string[];
  /** What is asked and what is answered, where one field each is called as in a form that is known. */
  perhaps?: PerhapsPair | undefined;
  /** Where all have texts, if not two fields alone are to choose from: a number is a place in a list. */
  paths?: TextPath[] | undefined;
}

/** The form of the first records, where none of them is in a known one; else undefined. */
export function recogniseUnknownForm(
  values: Beginning['values'],
  isKnown: IsInKnownForm,
): UnknownForm | undefined {
  if (!values.every(isObject)) return undefined;
  const records = values as readonly ParsedObject[];
  const areMany = records.length >= LEAST_RECORDS;
  const haveLists = records.some((record) => Object.values(record).some(isListOfObjects));
  if (!areMany && !haveLists && records.some(hasFieldOfExample)) return undefined;
  if (records.some((record) => isKnown(record) || Object.entries(record).some(isOfExample))) return undefined;
  const [first = {}, ...others] = records;
  const fields = Object.keys(first).filter((key) => others.every((record) => Object.hasOwn(record, key)));
  if (fields.length === 0) return undefined;
  // Of one object with lists in it the texts beside them are notes.
  const paths = areMany || !haveLists ? pathsIn(records) : [];
  const areFlat = paths.every(({ length }) => length === 1);
  return {
    fields: fields.slice(0, NAMED_FIELDS).map(shownKey),
    perhaps: pairIn(fields, first),
    paths: areFlat && fields.filter((field) => isScalar(first[field])).length > 1 ? undefined : paths,
  };
}

const isScalar = (value: unknown) => value !== null && typeof value !== 'object';

const DEEPEST = 8;

/** Where all records have a text, as far as the names that lead there may be shown. */
function pathsIn([first, ...others]: readonly ParsedObject[]): TextPath[] {
  const paths: TextPath[] = [];
  function find(value: unknown, path: TextPath): void {
    if (typeof value === 'string' && value !== '') paths.push(path);
    if (typeof value !== 'object' || value === null || path.length === DEEPEST) return;
    const members = Array.isArray(value) ? [] : Object.entries(value);
    if (isSingle(value)) find(value[0], [...path, 0]);
    for (const [key, one] of members) if (shownKey(key) === key) find(one, [...path, key]);
  }
  find(first, []);
  const isText = (record: ParsedObject, path: TextPath) => typeof valueAt(record, path) === 'string';
  return paths.filter((path) => others.every((record) => isText(record, path))).slice(0, NAMED_FIELDS);
}

const valueAt = (record: ParsedObject, path: TextPath) =>
  path.reduce<unknown>(
    (value, step) => (isSingle(value) || isObject(value) ? (value as ParsedObject)[step] : undefined),
    record,
  );

/** Of a list with more than one element, the others would be lost. */
const isSingle = (value: unknown): value is [unknown] => Array.isArray(value) && value.length === 1;

/** A text or a number, or a list of texts; spans and judgements of steps are none. */
const mayBeAnswer = (value: unknown) =>
  isScalar(value) || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

function pairIn(fields: readonly string[], first: ParsedObject): UnknownForm['perhaps'] {
  const asked = fields.filter((field) => asks.includes(field));
  const answered = fields.filter((field) => answers.includes(field));
  if (asked.length !== 1 || answered.length !== 1) return undefined;
  const [answer = ''] = answered;
  if (!mayBeAnswer(first[answer])) return undefined;
  return { asked: asked[0] ?? '', answered: answer, isNumber: typeof first[answer] === 'number' };
}

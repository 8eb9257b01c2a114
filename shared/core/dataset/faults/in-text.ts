/** Recognises examples that are the JSON in a text of one value: the list of a wrapper that was encoded twice, or a list of such texts. */
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { shownKey } from '../../json/line.ts';
import { startOfValue } from '../../json/member-values.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { scanJson } from '../../json/scan.ts';
import { endOfString } from '../../json/strings.ts';
import { isObject } from '../../json/values.ts';
import { containerOf, recordsIn } from '../containers/recognise.ts';
import { isListOfTurns } from '../containers/turn-lists.ts';
import type { Beginning } from './beginning.ts';
import type { IsInKnownForm } from './unknown-form.ts';

/** Where the text is, or each of the texts: names of members; null for every element of a list. */
export interface FoundInText {
  steps: readonly (string | null)[];
  /** Whether it is one text that holds all of them. */
  areTogether?: true | undefined;
}

/** A text, all texts of a list, or an object with one of both in it. */
const MAY_BE = /^(?:"|\[\s*"|\{[\s\S]{0,4000}?":\s*(?:\[\s*)?"(?:\s|\\[nrt])*[[{])/;
const BEGINS_JSON = /^\s*[[{]/;
/** So many texts are looked at, and so deep. */
const [LOOKED_AT, DEEPEST] = [20, 4];
/** Ours: so many objects that are in no known form are examples, and not the functions or the pieces of one. */
const LEAST_UNKNOWN = 3;

/** Of a file of which the end is not seen, such a member may be one of its first example. */
const OF_EXAMPLES: ReadonlySet<string> = new Set([
  ...Object.values(PAIR_FORMS).flat(),
  ...['input_text', 'output_text', 'messages', 'contents', 'conversations', 'conversation', 'tools'],
  ...['instruction', 'context', 'completion', 'chosen', 'rejected', 'system'],
]);

/** Where the examples of a file are that is one value, if in its texts; undefined where nobody can tell. */
export function recogniseInText(
  { bytes, isWhole, values }: Beginning,
  isKnown: IsInKnownForm,
): FoundInText | undefined {
  const text = bytes.toString('utf8').trimStart();
  const [first] = values;
  if (!MAY_BE.test(text) || values.filter((value) => value !== undefined).length > 1) return undefined;
  if (isObject(first) && isKnown(first)) return undefined;
  const whole = isWhole ? parsedOrNot(text) : undefined;
  if (isWhole && (whole === undefined || (isObject(whole) && isKnown(whole)))) return undefined;
  const texts = textsIn(text);
  const [one, another] = texts;
  if (one && another && isOfOneList(one.path, another.path) && isObject(parsedOrNot(one.text)))
    return shown([...one.path.slice(0, -1).map(String), null]);
  const [found, ...more] = texts.filter((each) => holdsExamples(each.text, isKnown));
  const isOfExample = !isWhole && OF_EXAMPLES.has(String(found?.path.at(-1)));
  return found && more.length === 0 && !isOfExample ? togetherAt(found.path) : undefined;
}

function togetherAt(path: Path): FoundInText | undefined {
  const found = shown(path.map((step) => (typeof step === 'string' ? step : null)));
  return found && { ...found, areTogether: true };
}

const shown = (steps: FoundInText['steps']): FoundInText | undefined =>
  steps.every((step) => step === null || shownKey(step) === step) ? { steps } : undefined;

type Path = readonly (string | number)[];

const isOfOneList = (one: Path, another: Path) =>
  one.length === another.length &&
  one.every((step, at) => (at === one.length - 1 ? typeof step === 'number' : step === another[at])) &&
  one.slice(0, -1).every((step) => typeof step === 'string');

/** The first texts that begin as JSON does, the last of them perhaps cut. */
function textsIn(text: string): { path: Path; text: string }[] {
  const found: { path: Path; text: string }[] = [];
  const path: (string | number)[] = [];
  const look = (start: number, at: Path) => {
    const value = text[start] === '"' && found.length < LOOKED_AT ? stringFrom(text, start) : undefined;
    if (value !== undefined && BEGINS_JSON.test(value)) found.push({ path: [...at], text: value });
  };
  if (text.startsWith('"')) look(0, []);
  const { fault } = scanJson(text, {
    maxFlaws: 0,
    onMember(step, at, depth) {
      if (depth > DEEPEST) return;
      path.length = depth - 1;
      path.push(step);
      look(typeof step === 'string' ? startOfValue(text, at) : at, path);
    },
  });
  // There are several values.
  return fault?.expected === 'end' ? [] : found;
}

const BEGINS_TEXT = /^"\s*(?:\\n)*\s*[[{"\\]/;
/** An escape has no more letters. */
const LONGEST_ESCAPE = 6;

/** The text that begins there; of one that was cut what is there. */
function stringFrom(text: string, start: number): string | undefined {
  const written = text.slice(start, endOfString(text, start));
  const whole = parsedOrNot(written);
  if (typeof whole === 'string') return BEGINS_TEXT.test(whole) ? stringFrom(whole, 0) : whole;
  for (let cut = 0; cut <= LONGEST_ESCAPE; cut++) {
    const value = parsedOrNot(`${written.slice(0, written.length - cut)}"`);
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** Whether a text, or its beginning, is examples: a list of them, lines, or an object around them. */
function holdsExamples(text: string, isKnown: IsInKnownForm): boolean {
  const inner = parsedOrNot(text);
  if (typeof inner === 'string') return holdsExamples(inner, isKnown);
  const bytes = Buffer.from(text);
  const records = recordsIn(bytes, containerOf(bytes, isKnown));
  if (isListOfTurns(records as unknown)) return false;
  const isList = text.trimStart().startsWith('[') || records.length > 1;
  const areKnown = records.length > 0 && records.every(isKnown);
  return isList && (areKnown || records.length >= LEAST_UNKNOWN);
}

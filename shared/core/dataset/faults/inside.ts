/** Recognises examples that lie inside of other objects: each in a member of its record, or all somewhere in one object. */
import { shownKey } from '../../json/line.ts';
import { startOfValue, valueFrom } from '../../json/member-values.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { scanJson } from '../../json/scan.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';
import type { IsInKnownForm } from './unknown-form.ts';

/** What leads to the examples from a record or from the file: names of members; null for every member or element. */
type StepsInside = readonly (string | null)[];

interface FoundInside {
  steps: StepsInside;
  /** Whether they are there as the JSON of each, in a text. */
  isText?: true | undefined;
}

/** What tools call the member that holds a row: other members with a pair of texts in it may be notes. */
const WRAPPERS = [
  ...['row', 'example', 'data', 'record', 'item', 'sample', 'node', '_source', 'json', 'payload', 'value'],
  ...['doc', 'entry', 'instance', 'jsonPayload', 'document', 'content', 'properties', 'attributes', 'fields'],
  ...['conversation', 'chat', 'thread', 'session', 'trace'],
];
/** Where logs have a line, which may be the JSON of an example: Docker's, Google's, Amazon's and those of queues. */
const OF_TEXTS = ['log', 'message', 'msg', 'textPayload', 'line', 'raw', 'body', ...WRAPPERS];

/** The member of a record that holds an example, itself or as its JSON in a text. */
export interface Wrapper {
  name: string;
  isText: boolean;
}

/** The member of a record that holds an example, where the record is none. */
export function wrapperIn(record: ParsedObject, isKnown: IsInKnownForm): Wrapper | undefined {
  if (isKnown(record)) return undefined;
  const name = WRAPPERS.find((one) => {
    const inner = record[one];
    return isObject(inner) && isExample(inner, isKnown);
  });
  if (name !== undefined) return { name, isText: false };
  const text = OF_TEXTS.find((one) => {
    const inner = objectInText(record[one]);
    return inner !== undefined && isExample(inner, isKnown);
  });
  return text === undefined ? undefined : { name: text, isText: true };
}

/** The object of which a text is the JSON. */
function objectInText(value: unknown): ParsedObject | undefined {
  const object = typeof value === 'string' && /^\s*\{/.test(value) ? parsedOrNot(value) : undefined;
  return isObject(object) ? object : undefined;
}

/** Some data bases write each value as an object that tells its type. */
const isExample = (record: ParsedObject, isKnown: IsInKnownForm) =>
  isKnown(record) && !Object.values(record).every(isObject);

/** Where the examples lie; undefined where they lie as they should, or nobody can tell. */
export function recogniseInside(
  { bytes, isWhole }: Beginning,
  { values, isInArray, isKnown }: { values: Beginning['values']; isInArray: boolean; isKnown: IsInKnownForm },
): FoundInside | undefined {
  const [first, second] = values;
  if (isObject(first) && (second !== undefined || isInArray)) {
    const wrapper = wrapperOfAll(values, isKnown);
    if (wrapper === undefined) return undefined;
    const { name, isText } = wrapper;
    return { steps: [...(isInArray ? [null] : []), name], isText: isText || undefined };
  }
  const text = bytes.toString('utf8').trim();
  const isOneObject = text.startsWith('{') && !(isObject(first) && isKnown(first));
  const steps =
    isOneObject && (isObject(first) || !isWhole || isObject(parsedOrNot(text)))
      ? stepsInto(text, isKnown)
      : undefined;
  return steps && { steps };
}

/** The wrapper that all records have; a log has lines with other texts, too. */
function wrapperOfAll(values: Beginning['values'], isKnown: IsInKnownForm): Wrapper | undefined {
  if (!values.every(isObject)) return undefined;
  const wrappers = values.map((value) => wrapperIn(value, isKnown));
  const found = wrappers.find((wrapper) => wrapper !== undefined);
  if (found === undefined) return undefined;
  const isSame = (wrapper: Wrapper | undefined) =>
    wrapper?.name === found.name && wrapper.isText === found.isText;
  if (!found.isText) return wrappers.every(isSame) ? found : undefined;
  const areTexts = values.every((value) => typeof value[found.name] === 'string');
  return areTexts && wrappers.filter(isSame).length * 2 > wrappers.length ? found : undefined;
}

type Path = readonly (string | number)[];

/** Two examples show what leads to all of them. */
function stepsInto(text: string, isKnown: IsInKnownForm): StepsInside | undefined {
  const [one, another] = knownObjects(text, isKnown);
  if (!one || !another || one.length !== another.length) return undefined;
  const steps = one.map((step, index) => (typeof step === 'string' && step === another[index] ? step : null));
  const areShown = steps.every((step) => step === null || shownKey(step) === step);
  return areShown && steps.includes(null) ? steps : undefined;
}

/** So many objects are looked into. */
const LOOKED_INTO = 60;

/** Where the first two objects in a known form lie. */
function knownObjects(text: string, isKnown: IsInKnownForm): Path[] {
  const begun: { start: number; path: Path }[] = [];
  const path: (string | number)[] = [];
  scanJson(text, {
    maxFlaws: 0,
    onMember(step, at, depth) {
      if (begun.length >= LOOKED_INTO) return;
      path.length = depth - 1;
      path.push(step);
      const start = typeof step === 'string' ? startOfValue(text, at) : at;
      if (text[start] === '{') begun.push({ start, path: [...path] });
    },
  });
  const found: Path[] = [];
  for (const { start, path: steps } of begun) {
    const value = parsedOrNot(valueFrom(text, start) ?? '');
    if (isObject(value) && isExample(value, isKnown)) found.push(steps);
    if (found.length === 2) break;
  }
  return found;
}

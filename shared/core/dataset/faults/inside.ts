/** Recognises examples that lie inside of other objects: each in a member of its record, or all somewhere in one object. */
import { shownKey } from '../../json/line.ts';
import { startOfValue, valueFrom } from '../../json/member-values.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { scanJson } from '../../json/scan.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';
import type { IsInKnownForm } from './unknown-form.ts';

/** What leads to the examples from a record or from the file: names of members; null for every member or element. */
export type StepsInside = readonly (string | null)[];

/** What tools call the member that holds a row: other members with a pair of texts in it may be notes. */
const WRAPPERS = [
  ...['row', 'example', 'data', 'record', 'item', 'sample', 'node', '_source', 'json', 'payload', 'value'],
  ...['doc', 'entry', 'instance'],
];

/** The member of a record that holds an example, where the record is none. */
export function wrapperIn(record: ParsedObject, isKnown: IsInKnownForm): string | undefined {
  if (isKnown(record)) return undefined;
  return WRAPPERS.find((name) => {
    const inner = record[name];
    return isObject(inner) && isExample(inner, isKnown);
  });
}

/** Some data bases write each value as an object that tells its type. */
const isExample = (record: ParsedObject, isKnown: IsInKnownForm) =>
  isKnown(record) && !Object.values(record).every(isObject);

/** Where the examples lie; undefined where they lie as they should, or nobody can tell. */
export function recogniseInside(
  { bytes, isWhole }: Beginning,
  { values, isInArray, isKnown }: { values: Beginning['values']; isInArray: boolean; isKnown: IsInKnownForm },
): StepsInside | undefined {
  const [first, second] = values;
  if (isObject(first) && (second !== undefined || isInArray)) {
    const name = wrapperIn(first, isKnown);
    const haveAll =
      name !== undefined && values.every((value) => isObject(value) && wrapperIn(value, isKnown) === name);
    return haveAll ? [...(isInArray ? [null] : []), name] : undefined;
  }
  const text = bytes.toString('utf8').trim();
  const isOneObject = text.startsWith('{') && !(isObject(first) && isKnown(first));
  return isOneObject && (isObject(first) || !isWhole || isObject(parsedOrNot(text)))
    ? stepsInto(text, isKnown)
    : undefined;
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

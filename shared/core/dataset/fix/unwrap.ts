/** Takes examples, or their lists, out of what was put around them, letter by letter. */
import type { Correction } from '../../issues/corrections.ts';
import { exactJson } from '../../json/exact.ts';
import { shownKey } from '../../json/line.ts';
import { startOfValue, valueFrom } from '../../json/member-values.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { onOneLine } from '../../json/repair.ts';
import { scanJson } from '../../json/scan.ts';
import { endOfString, withEdits } from '../../json/strings.ts';
import { isObject } from '../../json/values.ts';
import { isListOfTurns, listInText } from '../containers/turn-lists.ts';
import { isCutRow } from '../faults/cut-rows.ts';

type Unwrapped = Pick<Correction, 'kind' | 'detail'> & { text: string };

/** The object in a member of a record, as it is written there, or in the text that the member is. */
export function takeOut(text: string, wrapper: string): Unwrapped | undefined {
  const keys = membersOf(text);
  const [found, ...more] = keys?.filter(([name]) => name === wrapper) ?? [];
  const value = found && valueFrom(text, startOfValue(text, found[1]));
  const inner = value?.startsWith('"') ? String(parsedOrNot(value)).trim() : value;
  if (!keys || more.length > 0 || !inner?.startsWith('{') || !isObject(parsedOrNot(inner))) return undefined;
  // What is cut is no text to learn from, and stays as it is.
  if (isCutRow(parsedOrNot(text))) return undefined;
  const beside = keys.map(([name]) => shownKey(name)).filter((name) => name !== wrapper);
  const detail = beside.length > 0 ? `left out beside "${wrapper}": ${beside.join(', ')}` : `"${wrapper}"`;
  return { text: onOneLine(inner), kind: 'inside', detail };
}

/** The record with its lists of turns in place of the texts that hold them. */
export function withLists(text: string): Unwrapped | undefined {
  const record: unknown = JSON.parse(text);
  if (!isObject(record)) return undefined;
  const places = (membersOf(text) ?? []).filter(([name]) => listInText(record, name) !== undefined);
  const edits = places.map(([name, key]) => {
    const from = startOfValue(text, key);
    return { from, to: endOfString(text, from), write: exactJson(listInText(record, name)) };
  });
  const written = { text: withEdits(text, edits), kind: 'list_as_text', detail: namesOf(places) } as const;
  return places.length === 0 ? undefined : written;
}

/** The example of a list of turns that is one without saying so. */
export function asExample(text: string): string | undefined {
  const list = parsedOrNot(text);
  if (!isListOfTurns(list)) return undefined;
  return `{"${Object.hasOwn(list[0] ?? {}, 'parts') ? 'contents' : 'messages'}": ${text}}`;
}

const namesOf = (places: readonly [string, number][]) => places.map(([name]) => `"${name}"`).join(', ');

/** The members of the object itself, with where the key of each begins. */
function membersOf(text: string): [name: string, key: number][] | undefined {
  const keys: [string, number][] = [];
  const { fault } = scanJson(text, {
    onMember(step, at, depth) {
      if (depth === 1 && typeof step === 'string') keys.push([step, at]);
    },
  });
  return fault ? undefined : keys;
}

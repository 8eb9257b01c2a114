/** Makes JSON of what is nearly JSON, where only one text can be meant. */
import type { CorrectionKind } from '../../issues/corrections.ts';
import type { JsonProblem } from '../../json/faults.ts';
import { scanJson } from '../../json/scan.ts';
import { endOfString } from '../../json/strings.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { parsedOrNot } from '../faults/beginning.ts';

export interface RepairedRecord {
  /** The JSON of an object each; several where several stood together. */
  texts: string[];
  /** What was corrected. */
  by: ReadonlySet<CorrectionKind>;
}

/** Whether a record is in a known form. */
type IsKnown = (record: ParsedObject) => boolean;

interface RepairRow {
  problem: JsonProblem;
  kind: CorrectionKind;
  repair: (text: string) => string;
}

/** Faults inside of a record that have one correction. */
const ROWS: readonly RepairRow[] = [
  {
    problem: 'trailing_comma',
    kind: 'comma_inside',
    repair: (text) => mapJson(text, { outside: (part) => part.replaceAll(/,(\s*[}\]])/g, '$1') }),
  },
  {
    problem: 'control_character',
    kind: 'control_character',
    repair: (text) =>
      mapJson(text, {
        inside: (part) => part.replaceAll(RAW_CONTROL, (mark) => JSON.stringify(mark).slice(1, -1)),
      }),
  },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for; a NUL is no character that somebody meant.
const RAW_CONTROL = /[\x01-\x1f]/g;
const NUMBER_BEFORE = /^(?:\(?\d+[.):\]]?|[-*•‣])\s*(?=["{[])/;
const MARK_BEFORE = /^\ufeff+/;
const SEPARATORS = /^[\s\u0085,;]+/;
/** What JSON has around values; JavaScript's `trim` takes more. */
const SPACE = /^[ \t\r\n]+|[ \t\r\n]+$/g;
/** How often a text is looked for in a text. */
const MOST_LAYERS = 3;

/** The records of a text; undefined where it is none, and nobody can say what it was meant to be. */
export function repairRecord(text: string, isKnown: IsKnown, layer = 0): RepairedRecord | undefined {
  const by = new Set<CorrectionKind>();
  const texts: string[] = [];
  for (const value of valuesIn(text, by)) {
    const read = value === undefined ? undefined : readValue(value, isKnown, layer);
    if (read === undefined) return undefined;
    for (const kind of read.by) by.add(kind);
    texts.push(...read.texts);
  }
  return texts.length === 0 ? undefined : { texts, by };
}

/** The values of JSON that a text holds one after the other; undefined for the one that is none, and then no more. */
function* valuesIn(text: string, by: Set<CorrectionKind>): Generator<string | undefined> {
  const repaired = new Set<CorrectionKind>();
  let rest = withoutBeginning(text, by);
  let count = 0;
  while (rest !== '') {
    const { fault } = scanJson(rest, { maxFlaws: 0 });
    if (fault === undefined || (fault.expected === 'end' && fault.at > 0)) {
      count += 1;
      if (count === 2) by.add('several_on_line');
      yield fault === undefined ? rest : rest.slice(0, fault.at).trimEnd();
      rest = fault === undefined ? '' : withoutBeginning(withoutSeparators(rest.slice(fault.at), by), by);
      repaired.clear();
      continue;
    }
    const row = ROWS.find(({ problem }) => problem === fault.problem);
    if (row === undefined || repaired.has(row.kind)) return yield undefined;
    repaired.add(row.kind);
    by.add(row.kind);
    rest = row.repair(rest);
  }
}

function readValue(text: string, isKnown: IsKnown, layer: number): RepairedRecord | undefined {
  const value = parsedOrNot(text);
  if (isObject(value)) return { texts: [text], by: NOTHING };
  // Half a character would be lost on its way out of the text.
  if (typeof value === 'string' && layer < MOST_LAYERS && value.isWellFormed()) {
    const inner = repairRecord(value, isKnown, layer + 1);
    return inner && { ...inner, by: new Set([...inner.by, 'double_encoded']) };
  }
  // A list on a line may be a conversation; it is one of examples where each of them is in a known form.
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((one) => isObject(one) && isKnown(one))) return undefined;
  const inner = repairRecord(text.replaceAll(SPACE, '').slice(1, -1), isKnown, layer + 1);
  return inner && { texts: inner.texts, by: new Set<CorrectionKind>(['container']) };
}

const NOTHING: ReadonlySet<CorrectionKind> = new Set();

/** White space before a record is nobody's fault. */
function withoutBeginning(text: string, by: Set<CorrectionKind>): string {
  let rest = text.replaceAll(SPACE, '');
  for (const [pattern, kind] of [
    [MARK_BEFORE, 'mark_inside'],
    [NUMBER_BEFORE, 'number_before'],
  ] as const) {
    const shorter = rest.replace(pattern, '');
    if (shorter !== rest) by.add(kind);
    rest = shorter;
  }
  return rest;
}

function withoutSeparators(text: string, by: Set<CorrectionKind>): string {
  const rest = text.replace(SEPARATORS, '');
  if (rest === '' && text.replaceAll(SPACE, '') !== '') by.add('comma_after');
  return rest;
}

/** A value of JSON on one line: the white space around what it is made of is left out. */
export const onOneLine = (text: string): string =>
  /[\r\n]/.test(text) ? mapJson(text, { outside: (part) => part.replaceAll(/\s+/g, '') }) : text;

/** Writes a text anew, what is in its strings and what is around them. */
function mapJson(
  text: string,
  {
    inside = same,
    outside = same,
  }: { inside?: (part: string) => string; outside?: (part: string) => string },
): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    parts.push(outside(text.slice(at, start)));
    at = quote === -1 ? text.length : endOfString(text, quote);
    parts.push(inside(text.slice(start, at)));
  }
  return parts.join('');
}

const same = (part: string) => part;

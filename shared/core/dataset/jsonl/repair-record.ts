/** Makes JSON of what is nearly JSON, where only one text can be meant. */
import type { CorrectionKind } from '../../issues/corrections.ts';
import type { JsonProblem } from '../../json/faults.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { type RepairedProblem, repairOf } from '../../json/repair.ts';
import { scanJson } from '../../json/scan.ts';
import { withoutSpace } from '../../json/strings.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { withNulls } from './not-a-number.ts';

export interface RepairedRecord {
  /** The JSON of an object each; several where several stood together. */
  texts: string[];
  /** What was corrected. */
  by: ReadonlySet<CorrectionKind>;
}

/** Whether a record is in a known form. */
type IsKnown = (record: ParsedObject) => boolean;

type CorrectedProblem = RepairedProblem | 'not_a_number';

/** What corrects a fault inside of a record is called, by the problem. */
const KINDS: Readonly<Record<CorrectedProblem, CorrectionKind>> = {
  trailing_comma: 'comma_inside',
  control_character: 'control_character',
  not_a_number: 'not_a_number',
};

/** What corrects it; a repair gives nothing where what was meant is in doubt. */
const correctionOf = (problem: JsonProblem) =>
  problem === 'not_a_number' ? ({ problem, repair: withNulls } as const) : repairOf(problem);

const NUMBER_BEFORE = /^(?:\(?\d+[.):\]]?|[-*•‣])\s*(?=["{[])/;
const MARK_BEFORE = /^\ufeff+/;
const SEPARATORS = /^[\s\u0085,;]+/;
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
  const repaired = new Set<CorrectedProblem>();
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
    const row = correctionOf(fault.problem);
    const written = row && !repaired.has(row.problem) ? row.repair(rest) : undefined;
    if (row === undefined || written === undefined) return yield undefined;
    repaired.add(row.problem);
    by.add(KINDS[row.problem]);
    rest = written;
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
  const inner = repairRecord(withoutSpace(text).slice(1, -1), isKnown, layer + 1);
  return inner && { texts: inner.texts, by: new Set<CorrectionKind>(['container']) };
}

const NOTHING: ReadonlySet<CorrectionKind> = new Set();

/** White space before a record is nobody's fault. */
function withoutBeginning(text: string, by: Set<CorrectionKind>): string {
  let rest = withoutSpace(text);
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
  if (rest === '' && withoutSpace(text) !== '') by.add('comma_after');
  return rest;
}

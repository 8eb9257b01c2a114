/** What a record that is no JSON was meant to be, where only one thing can be meant: what `check` offers is what `fix` does. */

import { findJsonFault } from '../../json/line.ts';
import { javascriptAsJson, pythonAsJson } from '../../json/literals.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { wrapperIn } from '../faults/inside.ts';
import { has } from '../forms/form.ts';
import { formOfRecord } from '../forms/recognise.ts';
import { type RepairedRecord, repairRecord } from './repair-record.ts';

const isExample = (record: ParsedObject) => formOfRecord(record) !== undefined;

/** Whether a record is an example in a known form, also inside of another object, or one of embedding tuning. */
export const isMeant = (record: ParsedObject): boolean =>
  isExample(record) ||
  wrapperIn(record, isExample) !== undefined ||
  has(record, '_id', 'text') ||
  has(record, 'query', 'pos');

/** The first that reads a text says what it was. */
const LITERALS = [
  { kind: 'python', read: pythonAsJson },
  { kind: 'javascript', read: javascriptAsJson },
] as const;

/** The records of a text; undefined where nobody can say what it was meant to be. */
export function readBroken(text: string): RepairedRecord | undefined {
  if (isObject(parsedOrNot(text))) return { texts: [text], by: new Set() };
  const repaired = repairRecord(text, isMeant);
  // A text in double quotes is one of JSON, whose backslashes were meant otherwise than these languages read them.
  if (repaired || findJsonFault(text)?.problem === 'bad_escape') return repaired;
  for (const { kind, read } of LITERALS) {
    const written = read(text);
    const repaired = written === undefined ? undefined : repairRecord(written, isMeant);
    if (repaired) return { ...repaired, by: new Set([...repaired.by, kind]) };
  }
  return undefined;
}

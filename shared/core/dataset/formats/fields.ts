/** The fields of an example: there, texts, not empty, whole characters. */

import { shownKey } from '../../json/line.ts';
import { type JsonObject, typeName } from '../../json/values.ts';
import type { Report } from '../lines/reporter.ts';

/** Whether a value is a text that can be used; reports it when not, and warns of one that is only white space. */
export function checkTextValue(value: unknown, path: string, report: Report): value is string {
  if (typeof value !== 'string') {
    report('field_wrong_type', { expected: 'a text', type: typeName(value) }, { path });
    return false;
  }
  if (value === '') {
    report('field_empty', {}, { path });
    return false;
  }
  if (isBlank(value)) report('field_blank', { characters: value.length }, { path });
  return checkWellFormed(value, path, report);
}

/** Whether a text has no half characters; only an escape can have brought one in, the bytes were checked before. */
export function checkWellFormed(text: string, path: string, report: Report): boolean {
  if (text.isWellFormed()) return true;
  report('lone_surrogate', {}, { path });
  return false;
}

/** Whether an object has the field at all; looks for a near miss in the spelling when not. */
export function checkPresent(example: JsonObject, field: string, report: Report, path = field): boolean {
  if (Object.hasOwn(example, field)) return true;
  const wanted = squeeze(field);
  const similar = Object.keys(example).some((key) => squeeze(key) === wanted);
  report('field_missing', similar ? { field, similar } : { field }, { path });
  return false;
}

const squeeze = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** Most texts begin with a letter, and then nothing needs to be looked at. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first <= 0x20 || first >= 0xa0) && /^[\s\p{Default_Ignorable_Code_Point}]+$/u.test(text);
}

/** Whether all texts and names in a value of JSON have no half characters; a loop, since depth has no limit here. */
export function isWellFormedInside(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) waiting.push(key, inner);
  }
  return true;
}

/** The unused fields of the examples, collected into one piece of advice. */
export interface ExtraFields {
  /** Notes the unused fields of one example and warns of half characters; returns whether one holds an object or a list. */
  note(object: JsonObject, known: readonly string[], prefix?: string): boolean;
  reportAll(): void;
}

const NAMED_FIELDS = 10;

export interface ExtraFieldsOptions {
  lineNow: () => number;
  report: Report;
}

/** Makes an empty collection. */
export function createExtraFields({ lineNow, report }: ExtraFieldsOptions): ExtraFields {
  const names = new Set<string>();
  let examples = 0;
  let lastLine = 0;
  let firstLine = 0;

  return {
    note(object, known, prefix = '') {
      let isNested = false;
      for (const [key, value] of Object.entries(object)) {
        if (known.includes(key)) continue;
        if (names.size < NAMED_FIELDS) names.add(prefix + shownKey(key));
        if (!isWellFormedInside([key, value])) {
          report('lone_surrogate', {}, { path: prefix + shownKey(key), severity: 'warning' });
        }
        if (typeof value === 'object' && value !== null) isNested = true;
      }
      const line = lineNow();
      if (line !== lastLine) examples += 1;
      lastLine = line;
      firstLine ||= line;
      return isNested;
    },
    reportAll() {
      if (examples > 0)
        report('dataset_extra_fields', { fields: [...names], count: examples }, { line: firstLine });
    },
  };
}

/** The unused fields of the examples, collected into one piece of advice. */
import { shownKey } from '../../json/line.ts';
import { isWellFormedInside, type ParsedObject } from '../../json/values.ts';
import { squeeze } from '../faults/field-names.ts';
import type { FileTools } from '../lines/text-file.ts';

export interface ExtraFields {
  /** Notes the unused fields of one example and warns of half characters; returns whether one holds an object or a list. */
  note(object: ParsedObject, known: readonly string[], prefix?: string): boolean;
  /** Notes an example that has no others than an example before had, all of them sound. */
  noteAlike(): void;
  reportAll(): void;
}

const NAMED_FIELDS = 10;
/** So many are kept apart; a file with more has made names of what are values. */
const COUNTED_FIELDS = 10_000;

/** Makes an empty collection. */
export function createExtraFields({ progress, report }: FileTools): ExtraFields {
  const names = new Set<string>();
  let examples = 0;
  let lastExample = 0;
  let firstLine = 0;

  /** A field that is missing under its own name is told already, with the name that it has. */
  function isMisspelt(key: string, object: ParsedObject, known: readonly string[]): boolean {
    if (progress.lastErrorLine !== progress.line) return false;
    return known.some((field) => squeeze(field) === squeeze(key) && !Object.hasOwn(object, field));
  }

  function count(): void {
    if (progress.examples !== lastExample) examples += 1;
    lastExample = progress.examples;
    firstLine ||= progress.line;
  }

  return {
    noteAlike: count,
    note(object, known, prefix = '') {
      let isNested = false;
      let isAny = false;
      for (const [key, value] of Object.entries(object)) {
        if (known.includes(key) || isMisspelt(key, object, known)) continue;
        isAny = true;
        if (names.size < COUNTED_FIELDS) names.add(prefix + shownKey(key));
        if (!isWellFormedInside([key, value])) {
          report('lone_surrogate', {}, { path: prefix + shownKey(key), severity: 'warning' });
        }
        if (typeof value === 'object' && value !== null) isNested = true;
      }
      if (!isAny) return false;
      count();
      return isNested;
    },
    reportAll() {
      if (examples === 0) return;
      const fields = [...names].slice(0, NAMED_FIELDS);
      const more = names.size - fields.length || undefined;
      report('dataset_extra_fields', { fields, more, count: examples }, { line: firstLine });
    },
  };
}

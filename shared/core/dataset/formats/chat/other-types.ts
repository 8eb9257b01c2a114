/** Values of another type where a text should be. Google's preprocessing only asks that they are not empty. */
import { isNestedDeeper, isWellFormedInside, typeName } from '../../../json/values.ts';
import { MAX_DEPTH } from '../../limits.ts';
import type { Reporter } from '../../lines/reporter.ts';

export interface OtherTypes {
  /** Whether the example has such a value; set it to false before an example. */
  areMet: boolean;
  /** Warns of a value that is no text, and makes one of it to be measured: its JSON. */
  accept(value: unknown, path: string): string;
}

/** What Python takes for empty. */
export function isEmptyInPython(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}

export function createOtherTypes(report: Reporter): OtherTypes {
  const otherTypes = {
    areMet: false,
    accept(value: unknown, path: string): string {
      otherTypes.areMet = true;
      const fields = { expected: 'a text', type: typeName(value) };
      report('field_wrong_type', fields, { path, severity: 'warning' });
      if (!isWellFormedInside(value)) report('lone_surrogate', {}, { path });
      // JSON.stringify gives up on deep nesting, and a line of such depth is refused anyway.
      return value === null || isNestedDeeper(value, MAX_DEPTH) ? '' : JSON.stringify(value);
    },
  };
  return otherTypes;
}

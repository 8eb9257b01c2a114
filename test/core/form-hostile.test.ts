import { expect, test } from 'vitest';
import { FORM_NAMES } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { FORM_SAMPLES } from './form-samples.ts';

type Json = unknown;

const STRANGE: readonly Json[] = [undefined, null, 5, true, '', 'x', [], [null], [[]], {}, { x: {} }];

/** The value with each part of it, itself included, in turn replaced by each of these. */
function* spoilt(value: Json): Generator<Json> {
  yield* STRANGE;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    for (const other of spoilt(member)) {
      if (Array.isArray(value)) yield value.map((one, index) => (String(index) === key ? other : one));
      else yield { ...value, [key]: other };
    }
  }
}

test.each(FORM_NAMES)(
  'a record of %s with anything strange in it is read or told of, and never thrown at',
  (form) => {
    let told = 0;
    for (const other of spoilt(FORM_SAMPLES[form](1))) {
      const record = JSON.parse(JSON.stringify(other ?? {}));
      if (typeof record !== 'object' || record === null || Array.isArray(record)) continue;
      const issues: string[] = [];
      const reading = { report: (code: string) => void issues.push(code), onUnused: () => {} };
      const example = FORMS[form].read(record, reading);
      if (example === undefined) expect(issues, JSON.stringify(record)).not.toEqual([]);
      told += issues.length;
    }
    expect(told).toBeGreaterThan(10);
  },
);

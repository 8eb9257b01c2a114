import { expect, test } from 'vitest';
import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { parsedOrNot } from '../../shared/core/json/parsed.ts';
import { FORM_SAMPLES } from './form-samples.ts';

type Json = unknown;

const STRANGE: readonly Json[] = [undefined, null, 5, true, '', 'x', [], [null], [[]], {}, { x: {} }];

/** The value with each part of it, itself included, in turn replaced by each of these; the JSON in a text has parts, too. */
function* spoilt(value: Json): Generator<Json> {
  yield* STRANGE;
  const inside = typeof value === 'string' ? parsedOrNot(value) : undefined;
  if (typeof inside === 'object') for (const other of spoilt(inside)) yield JSON.stringify(other) ?? '';
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    for (const other of spoilt(member)) {
      if (Array.isArray(value)) yield value.map((one, index) => (String(index) === key ? other : one));
      else yield { ...value, [key]: other };
    }
  }
}

const WITH_CALLS = {
  conversations: [
    { from: 'human', value: 'One tea' },
    { from: 'function_call', value: '{"name": "brew", "arguments": {"cups": 1}}' },
    { from: 'observation', value: '{"done": true}' },
    { from: 'gpt', value: 'Here.' },
  ],
  tools: '[{"name": "brew", "parameters": {"type": "object"}}]',
};
const RECORDS: [FormName, object][] = [
  ...FORM_NAMES.map((form): [FormName, object] => [form, FORM_SAMPLES[form](1)]),
  ['sharegpt', WITH_CALLS],
  [
    'chosen_rejected',
    { chosen: '\n\nHuman: Hot?\n\nAssistant: Yes', rejected: '\n\nHuman: Hot?\n\nAssistant: No' },
  ],
];

test.each(RECORDS)(
  'a record of %s with anything strange in it is read or told of, and never thrown at',
  (form, sample) => {
    let told = 0;
    for (const other of spoilt(sample)) {
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

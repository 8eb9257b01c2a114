import { expect, test } from 'vitest';
import { createDatasetCheck } from '../../shared/core/dataset/check.ts';
import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { targetOf } from '../../shared/core/dataset/forms/target.ts';
import { EXAMPLE_FORMATS } from '../../shared/core/dataset/limits.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import type { DatasetIssue } from '../../shared/core/issues/dataset.ts';
import { MANIFEST_KEYS } from '../../shared/core/manifest/keys.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { FORM_SAMPLES } from './form-samples.ts';

/** Objects that JavaScript cannot make a text or a number of, and lists that hold one. */
const STRANGE: readonly unknown[] = [
  { toString: '' },
  { toString: 1, valueOf: 1 },
  [{ toString: '' }],
  [[{ valueOf: null, toString: null }]],
];

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const MODELS = ['gemini-3.1-flash-lite', 'text-bison@002', 'meta/llama3_1@llama-3.1-8b-instruct'];

test.each(MODELS.flatMap((model) => Object.keys(MANIFEST_KEYS).map((key) => [key, model])))(
  'a manifest whose %s is no text at all has an issue, for %s too',
  (key, base_model) => {
    for (const strange of STRANGE) {
      const written = { base_model, dataset_uri: 'train.jsonl', [key]: strange };
      const { issues } = parseManifest(encode(written), { uri: 'gs://inbox/a/tune.json' });
      expect(issues.map(reportIssue).length).toBeGreaterThan(0);
    }
  },
);

/** The same example with something else in place of one of its values, for each of them. */
function variantsOf(value: unknown, other: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [other];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    variantsOf(member, other).map((changed) => withMember(value, key, changed)),
  );
  return [other, ...inside];
}

function withMember(value: object, key: string, member: unknown): object {
  return Array.isArray(value) ? value.with(Number(key), member) : { ...value, [key]: member };
}

const CASES = FORM_NAMES.flatMap((form): [FormName, (string | undefined)?][] => {
  const isOfModel = EXAMPLE_FORMATS.some((format) => format === form);
  return [...(isOfModel ? [undefined] : []), ...MODELS].map((model) => [form, model]);
});

test.each(CASES)(
  'an example of %s with something that is no text at all, for %s, has an answer',
  (format, model) => {
    for (const strange of STRANGE) {
      const issues: DatasetIssue[] = [];
      const check = createDatasetCheck({
        ...{ uri: 'gs://inbox/a/train.jsonl', role: 'training', format, onIssue: (one) => issues.push(one) },
        target: targetOf(model, undefined),
      });
      for (const example of variantsOf(FORM_SAMPLES[format](1), strange)) {
        check.push(encode(example));
        check.push(Buffer.from('\n'));
      }
      check.finish();
      expect(issues.map(reportIssue).length).toBeGreaterThan(0);
    }
  },
);

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of Terraform, which are texts here
import { describe, expect, test } from 'vitest';
import { evaluateText, follow, type Scope } from '../../scripts/terraform/hcl/evaluate.ts';
import { parseTemplate } from '../../scripts/terraform/hcl/parse.ts';
import { referencesIn } from '../../scripts/terraform/hcl/references.ts';
import { HclUnknown, type HclValue } from '../../scripts/terraform/hcl/values.ts';

const inputs: HclValue = {
  names: ['b', 'a', 'b'],
  sizes: { small: 1, large: 3 },
  on: true,
  none: null,
  pairs: [
    { kind: 'x', of: 'one' },
    { kind: 'y', of: 'two' },
  ],
};

const scope: Scope = {
  names: { var: inputs },
  resolve: ([root, ...rest]) =>
    root && 'name' in root && root.name === 'google_x'
      ? rest.reduce(follow, new HclUnknown('google_x') as HclValue)
      : undefined,
  readFile: (path) => `{"path":"${path}"}`,
};

describe('an expression is worth', () => {
  test.each([
    { text: 'plain', value: 'plain' },
    { text: '', value: '' },
    { text: 'a-${var.on ? "yes" : "no"}', value: 'a-yes' },
    { text: 'kept $${as} it is', value: 'kept ${as} it is' },
    { text: '${1 + 2 * 3 == 7 && !false}', value: true },
    { text: '${var.sizes["large"]}', value: 3 },
    { text: '${var.pairs[1].of}', value: 'two' },
    { text: '${var.pairs[*].of}', value: ['one', 'two'] },
    { text: '${[for p in var.pairs : p.of if p.kind == "y"]}', value: ['two'] },
    { text: '${{ for name, size in var.sizes : "${name}!" => size }}', value: { 'large!': 3, 'small!': 1 } },
    { text: '${{ for p in var.pairs : p.kind => p.of... }}', value: { x: ['one'], y: ['two'] } },
    { text: '${merge([for p in var.pairs : { (p.kind) = p.of }]...)}', value: { x: 'one', y: 'two' } },
    { text: '${{\n  a = 1 # first\n  "b" = [2,\n    3]\n}}', value: { a: 1, b: [2, 3] } },
    { text: '${toset(var.names)}', value: ['a', 'b'] },
    { text: '${try(var.pairs[7], "not there")}', value: 'not there' },
    { text: '${coalesce(var.none, "", "third")}', value: 'third' },
    { text: '${jsondecode(file("a.json")).path}', value: 'a.json' },
    { text: '${google_x.this["k"].uri[0]}/path', value: '<google_x.this["k"].uri[0]>/path' },
    { text: '${"a \\"quoted\\" ${upper("word")}"}', value: 'a "quoted" WORD' },
  ])('$text', ({ text, value }) => {
    expect(evaluateText(text, scope)).toEqual(value);
  });

  test.each([
    { text: '${var.sizes.huge}', says: 'has no "huge"' },
    { text: '${nothing.here}', says: 'nothing is nothing' },
    {
      text: '${sha512crypt("x")}',
      says: 'the function sha512crypt is not in scripts/terraform/hcl/functions.ts',
    },
    { text: '${[1, 2}', says: 'where , was expected' },
    { text: '${var.a b}', says: '"b" is left over' },
  ])('an error: $text', ({ text, says }) => {
    expect(() => evaluateText(text, scope)).toThrow(says);
  });
});

test.each([
  { text: '${[for t in local.topics : t.name if var.on]}', references: ['local.topics', 'var.on'] },
  { text: '${a_b.c["${var.key}"].d[0].e}', references: ['a_b.c.d.e', 'var.key'] },
  { text: '${a_b.c[*].d}', references: ['a_b.c.d'] },
  { text: 'a ${"text with var.x in it"} b', references: [] },
  { text: '${lower(data.p.this.number)}', references: ['data.p.this.number'] },
])('the references of $text', ({ text, references }) => {
  expect(referencesIn({ list: [text] }).map((path) => path.join('.'))).toEqual(references);
});

test('a text without templates is a literal', () => {
  expect(parseTemplate('no template')).toEqual({ kind: 'literal', value: 'no template' });
});

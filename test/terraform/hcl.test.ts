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
    { text: '${{ a = 1, b = { c = 2, d = 3 } } == { b = { d = 3, c = 2 }, a = 1 }}', value: true },
    { text: '${[{ a = 1, b = 2 }] != [{ b = 2, a = 3 }]}', value: true },
    { text: '${contains([{ a = 1, b = 2 }], { b = 2, a = 1 })}', value: true },
    { text: '${length(toset([{ a = 1, b = 2 }, { b = 2, a = 1 }]))}', value: 1 },
    { text: '${jsonencode({ b = 1, a = 2 })}', value: '{"a":2,"b":1}' },
    { text: 'kept %%{ if } it is', value: 'kept %{ if } it is' },
    { text: '${false && google_x.this.on}', value: false },
    { text: '${true ? "yes" : google_x.this.on}', value: 'yes' },
    { text: '${format("%s is %d%%", google_x.this.id, 5)}', value: '<google_x.this.id> is 5%' },
    { text: '${toset([google_x.this.id, google_x.this.id, google_x.that.id])}', value: expect.any(Array) },
    { text: '${"true" ? 1 : 2}', value: 1 },
    { text: '${"3" + 4}', value: 7 },
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
    { text: '${google_x.this.on ? 1 : 2}', says: 'a condition hangs on <google_x.this.on>' },
    { text: '${!google_x.this.on}', says: '! hangs on <google_x.this.on>' },
    { text: '${true && google_x.this.on}', says: '&& hangs on <google_x.this.on>' },
    { text: '${google_x.this.on || true}', says: '|| hangs on <google_x.this.on>' },
    { text: '${google_x.this.id == "a"}', says: 'a comparison hangs on <google_x.this.id>' },
    { text: '${["a", google_x.this.id] != ["a", "b"]}', says: 'a comparison hangs on <google_x.this.id>' },
    { text: '${google_x.this.size > 3}', says: '> hangs on <google_x.this.size>' },
    { text: '${-google_x.this.size}', says: '- hangs on <google_x.this.size>' },
    { text: '${[for n in var.names : n if google_x.this.on]}', says: 'the if of a for hangs on' },
    { text: '${contains(var.names, google_x.this.id)}', says: 'a comparison hangs on <google_x.this.id>' },
    { text: '${length(google_x.this.ids)}', says: 'a map hangs on <google_x.this.ids>' },
    { text: '${alltrue([google_x.this.on])}', says: 'alltrue hangs on <google_x.this.on>' },
    { text: '${startswith(google_x.this.id, "a")}', says: 'a text hangs on <google_x.this.id>' },
    { text: '${try(google_x.this.on ? 1 : 2, 3)}', says: 'a condition hangs on <google_x.this.on>' },
    { text: '${can(regexall("a", "b"))}', says: 'the function regexall is not in' },
    { text: '%{ if var.on }yes%{ endif }', says: 'directives in texts are not read here' },
    { text: '${"a %{ if var.on }yes%{ endif }"}', says: 'directives in texts are not read here' },
    { text: '${var.names ? 1 : 2}', says: 'where true or false was expected' },
    { text: '${null ? 1 : 2}', says: 'a condition is null, where true or false was expected' },
    { text: '${1 && true}', says: '&& is 1, where true or false was expected' },
    { text: '${"a" + 1}', says: '+ is "a", where a number was expected' },
    { text: '${null + 1}', says: '+ is null, where a number was expected' },
    { text: '${1 / 0}', says: 'no number' },
    { text: '${tonumber("x")}', says: 'where a number was expected' },
    { text: '${lookup(var.sizes, "huge")}', says: 'a map has no "huge"' },
    { text: '${element([], 0)}', says: 'a list has no element 0' },
    { text: '${coalesce(null, "")}', says: 'coalesce has no value that is there' },
    { text: '${one(var.names)}', says: 'one(...) has more than one element' },
    { text: '${slice(var.names, 1, 9)}', says: 'a list has no 1 to 9' },
    { text: '${zipmap(["a"], [1, 2])}', says: 'zipmap has lists of two lengths' },
    { text: '${replace("a.b", "/[.]/", "-")}', says: 'regular expression has no answer here' },
    { text: '${format("%05d", 3)}', says: 'has no answer here' },
    { text: '${join(",", [null])}', says: 'null is no text' },
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

// Reads the schema of a resource out of the provider's own source: a literal `map[string]*schema.Schema{ … }` in Go.
import { withoutUndefined } from './without-undefined.ts';

/** What the source says of one argument, block or attribute. */
export interface GoField {
  type: string;
  required: boolean;
  optional: boolean;
  computed: boolean;
  forceNew: boolean;
  sensitive: boolean;
  minItems?: number;
  maxItems?: number;
  enum?: string[];
  /** Type of the elements of a list, set or map of plain values. */
  element?: string;
  /** What stands in a block. */
  fields?: Record<string, GoField>;
}

/** What the provider writes as a call, because many resources have it. */
const SHARED: [call: RegExp, field: Partial<GoField>][] = [
  [/^tpgresource\.DeletionPolicySchemaEntry\(/, { type: 'string', optional: true, computed: true }],
];

/** Every argument, block and attribute of the resource of a Go file, by name. Its schema stands two tabs deep. */
export function readGoSchema(source: string): Record<string, GoField> {
  const start = /^\t\tSchema:\s+map\[string\]\*schema\.Schema\{/m.exec(source);
  if (!start) throw new Error('the Go file has no schema literal');
  return fieldsOf(source, literalAt(source, start.index + start[0].length - 1));
}

function fieldsOf(source: string, body: string): Record<string, GoField> {
  return Object.fromEntries(
    entriesOf(body).map(([name, value]) => [
      name.slice(1, -1),
      value.startsWith('{') ? fieldOf(source, literalAt(value, 0)) : calledField(source, name, value),
    ]),
  );
}

/** A field that is written as a call: of a function of the same file, or of one that many resources share. */
function calledField(source: string, name: string, call: string): GoField {
  const own = new RegExp(
    `\\nfunc ${/^\w+/.exec(call)?.[0]}\\([^)]*\\) \\*schema\\.Schema \\{\\s+return &schema\\.Schema\\{`,
  ).exec(source);
  if (own) return fieldOf(source, literalAt(source, own.index + own[0].length - 1));
  const known = SHARED.find(([pattern]) => pattern.test(call))?.[1];
  if (!known) throw new Error(`${name} is written as ${call}, which is not known here`);
  return {
    type: 'string',
    required: false,
    optional: false,
    computed: false,
    forceNew: false,
    sensitive: false,
    ...known,
  };
}

const SCALAR_ELEMENT = /Type:\s*schema\.Type(\w+)/;

function fieldOf(source: string, body: string): GoField {
  const entries = Object.fromEntries(entriesOf(body));
  const isTrue = (key: string) => entries[key] === 'true';
  const element = entries.Elem ?? '';
  const nested = nestedBody(source, element);
  const values = valuesOf(`${entries.ValidateFunc ?? ''}${nested === undefined ? element : ''}`);
  return withoutUndefined({
    type: (entries.Type ?? '').replace('schema.Type', '').toLowerCase(),
    required: isTrue('Required'),
    optional: isTrue('Optional'),
    computed: isTrue('Computed'),
    forceNew: isTrue('ForceNew'),
    sensitive: isTrue('Sensitive'),
    minItems: entries.MinItems ? Number(entries.MinItems) : undefined,
    maxItems: entries.MaxItems ? Number(entries.MaxItems) : undefined,
    enum: values,
    element:
      nested === undefined ? (SCALAR_ELEMENT.exec(element)?.[1]?.toLowerCase() ?? 'string') : undefined,
    fields: nested === undefined ? undefined : fieldsOf(source, nested),
  });
}

/** The inside of an element that is a block: written in place, or by a function of the same file. */
function nestedBody(source: string, element: string): string | undefined {
  const call = /^(\w+)\(\)$/.exec(element)?.[1];
  const from = call ? source.slice(source.indexOf(`func ${call}()`)) : element;
  const map = /^(?:&schema\.Resource\{|func )[\s\S]*?Schema:\s+map\[string\]\*schema\.Schema\{/.exec(from);
  return map ? literalAt(from, map[0].length - 1) : undefined;
}

/** The list of `verify.ValidateEnum([]string{…})` or `validation.StringInSlice([]string{…}, false)`. */
function valuesOf(text: string): string[] | undefined {
  const list = /(?:ValidateEnum|StringInSlice)\(\[\]string\{(?<items>[^}]*)\}/.exec(text)?.groups?.items;
  return list
    ?.split(',')
    .map((item) => item.trim().replace(/^"|"$/g, ''))
    .filter((item) => item !== '');
}

/** The text between the brace at `open` and the one that closes it. */
function literalAt(text: string, open: number): string {
  let depth = 0;
  for (const { index, token } of tokensOf(text, open)) {
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (depth === 0) return text.slice(open + 1, index);
  }
  throw new Error('a brace is not closed');
}

/** `key: value` pairs of a literal's inside, in order. */
function entriesOf(body: string): [string, string][] {
  const ends: number[] = [];
  let depth = 0;
  for (const { index, token } of tokensOf(body, 0)) {
    if ('{(['.includes(token)) depth++;
    if ('})]'.includes(token)) depth--;
    if (token === ',' && depth === 0) ends.push(index);
  }
  return [...ends, body.length]
    .map((end, at) =>
      body
        .slice(at === 0 ? 0 : (ends[at - 1] ?? 0) + 1, end)
        .replace(/^(?:\s*\/\/[^\n]*\n)+/, '')
        .trim(),
    )
    .flatMap((entry) => {
      const pair = /^("[^"]*"|\w+):\s*([\s\S]*)$/.exec(entry);
      return pair?.[1] !== undefined && pair[2] !== undefined ? [[pair[1], pair[2]] as [string, string]] : [];
    });
}

/** Braces, brackets and commas that stand outside of texts and comments. */
function* tokensOf(text: string, from: number): Generator<{ index: number; token: string }> {
  const pattern = /"(?:\\.|[^"\\])*"|`[^`]*`|\/\/[^\n]*|[{}()[\],]/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0].length === 1) yield { index: match.index, token: match[0] };
  }
}

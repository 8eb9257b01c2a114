// Reads the schema of one resource out of the code that cdktf generated for it: the `.js` has Terraform's own names, types
// and what is a block; the `.d.ts` has what is required.
import type { AttributeSchema, BlockSchema, NestedBlockSchema, TypeExpression } from './schema.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The two files of one resource or data source of the package. */
export interface GeneratedCode {
  js: string;
  dts: string;
}

const SCALARS: Record<string, TypeExpression> = { string: 'string', number: 'number', boolean: 'bool' };

const GETTERS: Record<string, TypeExpression> = {
  getStringAttribute: 'string',
  getNumberAttribute: 'number',
  getBooleanAttribute: 'bool',
  getListAttribute: ['list', 'string'],
  getNumberListAttribute: ['list', 'number'],
  getStringMapAttribute: ['map', 'string'],
};

const MAPS: Record<string, TypeExpression> = {
  StringMap: ['map', 'string'],
  NumberMap: ['map', 'number'],
  BooleanMap: ['map', 'bool'],
  StringMapList: ['list', ['map', 'string']],
};

/** One entry of a generated `…ToHclTerraform` function. */
const ARGUMENT =
  /^\s+(?<name>\w+): \{\s+value: (?<value>[^\n]*),\s+isBlock: (?<isBlock>true|false),\s+type: "(?<kind>\w+)",\s+storageClassType: "(?<storage>\w+)",/gm;

/** What the provider alone sets, as the generator's comment says, with the line that reads it. */
const COMPUTED =
  /\/\/ (?<name>\w+) - computed: true, optional: false, required: false\s+(?:get \w+\(\) \{\s+return (?<read>[^\n]*);|this\._\w+ = new (?<made>[^\n]*);)/g;

/** The schema of the resource whose class is called `className`. */
export function readGenerated(code: GeneratedCode, className: string): BlockSchema {
  const body = section(code.js, `class ${className} `, '\n}\n');
  const block = blockOf(code, {
    struct: `${className}Config`,
    body,
    hcl: section(body, 'synthesizeHclAttributes()'),
  });
  // The `id` may be given as an argument in cdktf, but never is.
  return {
    ...block,
    attributes: { ...block.attributes, id: { type: 'string', optional: true, computed: true } },
  };
}

interface Source {
  struct: string;
  body: string;
  hcl: string;
}

function blockOf(code: GeneratedCode, { struct, body, hcl }: Source): BlockSchema {
  const shape = section(code.dts, `export interface ${struct} `, '\n}\n');
  const attributes: Record<string, AttributeSchema> = {};
  const blocks: Record<string, NestedBlockSchema> = {};
  for (const { groups = {} } of hcl.matchAll(ARGUMENT)) {
    const { name = '', value = '', kind = '', storage = '' } = groups;
    const isRequired = !shape.includes(`readonly ${propertyOf(value)}?:`);
    if (groups.isBlock === 'true') blocks[name] = nestedOf(code, { value, kind, storage, isRequired });
    else attributes[name] = { type: typeOf(kind, storage), [isRequired ? 'required' : 'optional']: true };
  }
  for (const { groups = {} } of body.matchAll(COMPUTED)) {
    const { name = '', read, made = '' } = groups;
    attributes[name] = { type: read ? readType(read) : madeType(code, made), computed: true };
  }
  return withoutUndefined({ attributes: sorted(attributes), block_types: sorted(blocks) });
}

interface Nested {
  value: string;
  kind: string;
  storage: string;
  isRequired: boolean;
}

function nestedOf(code: GeneratedCode, { value, kind, storage, isRequired }: Nested): NestedBlockSchema {
  const struct = storage.replace(/List$/, '');
  const block = blockOf(code, sourceOf(code, struct));
  if (kind === 'struct') return { nesting_mode: 'single', block };
  return withoutUndefined({
    nesting_mode: kind === 'set' ? 'set' : 'list',
    block,
    min_items: isRequired ? 1 : undefined,
    max_items: value.includes('listMapperHcl') ? undefined : 1,
  });
}

function sourceOf({ js }: GeneratedCode, struct: string): Source {
  const name = `${struct.charAt(0).toLowerCase()}${struct.slice(1)}ToHclTerraform`;
  const reference = `class ${struct}OutputReference `;
  return {
    struct,
    // The provider's own blocks have no such class: nothing of them is computed.
    body: js.includes(reference) ? section(js, reference, '\n}\n') : '',
    hcl: section(js, `function ${name}(`, '\n}\n'),
  };
}

function typeOf(kind: string, storage: string): TypeExpression {
  const scalar = SCALARS[storage.replace(/(?:List|Map)$/, '')];
  if (!scalar) throw new Error(`the generated code has a ${kind} of ${storage}, which is not known here`);
  return kind === 'list' || kind === 'set' || kind === 'map' ? [kind, scalar] : scalar;
}

/** `this.getStringAttribute('name')`, or a set that is read as a list. */
function readType(read: string): TypeExpression {
  const type = GETTERS[/this\.(?<getter>\w+)\(/.exec(read)?.groups?.getter ?? ''];
  if (!type) throw new Error(`the generated code reads an attribute by ${read}, which is not known here`);
  return read.startsWith('cdktf.Fn.tolist') && Array.isArray(type)
    ? ['set', type[1] as TypeExpression]
    : type;
}

/** `cdktf.StringMap(this, "labels")` or `SomethingList(this, "something", isSet)`: objects that only the provider makes. */
function madeType(code: GeneratedCode, made: string): TypeExpression {
  const { name = '', isSet } =
    /^(?:cdktf\.)?(?<name>\w+)\(this, "\w+"(?<isSet>, true)?/.exec(made)?.groups ?? {};
  const map = MAPS[name];
  if (map) return map;
  const { attributes = {} } = blockOf(code, sourceOf(code, name.replace(/List$|OutputReference$/, '')));
  const members = Object.entries(attributes).map(([key, { type }]) => [key, type]);
  return [isSet ? 'set' : 'list', ['object', Object.fromEntries(members)]];
}

function propertyOf(value: string): string {
  return /(?:struct\.|this\._)(?<property>\w+)/.exec(value)?.groups?.property ?? '';
}

function section(text: string, start: string, end?: string): string {
  const from = text.indexOf(start);
  if (from < 0) throw new Error(`the generated code has no "${start.trim()}"`);
  const to = end ? text.indexOf(end, from) : text.length;
  return text.slice(from, to < 0 ? text.length : to);
}

function sorted<T>(record: Record<string, T>): Record<string, T> | undefined {
  const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

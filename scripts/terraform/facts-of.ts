import { isDeepStrictEqual } from 'node:util';
import type { GoField } from './go-schema.ts';
import type { FieldFact, ResourceFacts } from './provider-facts.ts';
import type { BlockSchema, TypeExpression } from './schema.ts';
import { withoutUndefined } from './without-undefined.ts';

type Facts = Required<Pick<ResourceFacts, 'fields' | 'removed'>>;

/** Where the provider's source does not say it in a form that can be read, its documentation does. */
export const HAND_FACTS: Record<string, ResourceFacts> = {
  google_storage_bucket: {
    source: 'website/docs/r/storage_bucket.html.markdown',
    fields: {
      public_access_prevention: { enum: ['inherited', 'enforced'] },
      'lifecycle_rule.action.type': { enum: ['Delete', 'SetStorageClass', 'AbortIncompleteMultipartUpload'] },
    },
  },
  google_storage_notification: {
    source: 'google/services/storage/fw_resource_storage_notification.go',
    fields: { payload_format: { enum: ['JSON_API_V1', 'NONE'], force_new: true } },
  },
};

/** What the provider's source says beyond, or against, the schema of the package. */
export function factsOf(packaged: BlockSchema, go: Record<string, GoField>, prefix = ''): Facts {
  const facts: Facts = { fields: {}, removed: removedOf(packaged, go, prefix) };
  for (const [name, field] of Object.entries(go)) {
    const path = `${prefix}${name}`;
    const block = packaged.block_types?.[name]?.block;
    const isKnown = block !== undefined || packaged.attributes?.[name] !== undefined;
    const isBlock = field.fields !== undefined && (field.optional || field.required);
    const fact = isBlock ? blockFact(field) : attributeFact(field, isKnown);
    const { type: _type, block: _block, ...known } = { type: '', block: {}, ...knownOf(packaged, name) };
    if (!isKnown) facts.fields[path] = { added: true, ...fact };
    else if (!isDeepStrictEqual(fact, known)) facts.fields[path] = fact;
    if (!isBlock) continue;
    const inner = factsOf(block ?? {}, field.fields ?? {}, `${path}.`);
    Object.assign(facts.fields, inner.fields);
    facts.removed.push(...inner.removed);
  }
  return facts;
}

function knownOf({ attributes, block_types }: BlockSchema, name: string): object | undefined {
  return attributes?.[name] ?? block_types?.[name];
}

function removedOf(packaged: BlockSchema, go: Record<string, GoField>, prefix: string): string[] {
  return [...Object.keys(packaged.attributes ?? {}), ...Object.keys(packaged.block_types ?? {})]
    .filter((name) => !(name in go) && !['id', 'timeouts'].includes(name))
    .map((name) => `${prefix}${name}`);
}

function blockFact({ type, required, minItems, maxItems }: GoField): FieldFact {
  const least = minItems ?? (required ? 1 : undefined);
  return withoutUndefined({
    nesting_mode: type === 'set' ? 'set' : 'list',
    min_items: least || undefined,
    max_items: maxItems || undefined,
  });
}

function attributeFact(field: GoField, isKnown: boolean): FieldFact {
  return withoutUndefined({
    type: isKnown ? undefined : typeOf(field),
    required: field.required || undefined,
    optional: field.optional || undefined,
    computed: field.computed || undefined,
    sensitive: field.sensitive || undefined,
    force_new: field.forceNew || undefined,
    enum: field.enum,
  });
}

const SCALARS: Record<string, TypeExpression> = {
  string: 'string',
  int: 'number',
  float: 'number',
  bool: 'bool',
};

function typeOf({ type, element = 'string', fields }: GoField): TypeExpression {
  const scalar = SCALARS[type];
  if (scalar) return scalar;
  const kind = type === 'set' || type === 'map' ? type : 'list';
  if (!fields) return [kind, SCALARS[element] ?? 'string'];
  return [
    kind,
    ['object', Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typeOf(field)]))],
  ];
}

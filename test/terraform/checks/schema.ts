import type { Block, Body } from '../../../scripts/terraform/hcl/blocks.ts';
import { parseTemplate } from '../../../scripts/terraform/hcl/parse.ts';
import type { Expression } from '../../../scripts/terraform/hcl/syntax.ts';
import {
  type AttributeSchema,
  type BlockSchema,
  type SchemaSnapshot,
  schemaOf,
  type TypeExpression,
} from '../../../scripts/terraform/schema.ts';
import { didYouMean, finding, type TerraformModule } from './module.ts';

const META = ['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'dynamic'];
const LIFECYCLE = [
  'create_before_destroy',
  'prevent_destroy',
  'ignore_changes',
  'replace_triggered_by',
  'precondition',
  'postcondition',
];

/** Every argument and block of the module's resources and data sources that the provider's schema does not have so. */
export function schemaFindings(module: TerraformModule, snapshot: SchemaSnapshot): string[] {
  return module.blocks.flatMap((block) => {
    if (block.kind !== 'resource' && block.kind !== 'data') return [];
    const schema = schemaOf(snapshot, block.kind, block.type);
    if (!schema) {
      const types = Object.values(snapshot.provider_schemas).flatMap((provider) =>
        Object.keys(block.kind === 'data' ? provider.data_source_schemas : provider.resource_schemas),
      );
      return [
        finding(
          module,
          block,
          `is of type ${block.type}, which terraform/schema/google.json does not have${didYouMean(block.type, types)}`,
        ),
      ];
    }
    const say: Say = (what, argument) => finding(module, block, what, argument);
    const { lifecycle, ...own } = block.body;
    const outer = Object.fromEntries(
      Object.entries(own).filter(([name]) => !META.includes(name) || name === 'dynamic'),
    );
    return [
      ...lifecycleFindings(lifecycle, say),
      ...twins(module, block),
      ...bodyFindings(outer, schema, { say, path: '' }),
    ];
  });
}

type Say = (what: string, argument?: string) => string;

interface Place {
  say: Say;
  /** `push_config.oidc_token.`, or nothing on the first level. */
  path: string;
}

function twins(module: TerraformModule, block: Block): string[] {
  const same = module.blocks.filter(
    ({ kind, type, name }) => kind === block.kind && type === block.type && name === block.name,
  );
  return same.length > 1 && same[0] === block ? [finding(module, block, `stands ${same.length} times`)] : [];
}

function lifecycleFindings(lifecycle: unknown, say: Say): string[] {
  const names = (Array.isArray(lifecycle) ? lifecycle : []).flatMap((body: Body) => Object.keys(body));
  return names
    .filter((name) => !LIFECYCLE.includes(name))
    .map((name) =>
      say(`has lifecycle.${name}, which Terraform does not know${didYouMean(name, LIFECYCLE)}`, name),
    );
}

function bodyFindings(body: Body, schema: BlockSchema, place: Place): string[] {
  const { dynamic, ...entries } = body;
  const dynamics = Object.entries((dynamic ?? {}) as Record<string, Body[]>);
  return [
    ...Object.entries(entries).flatMap(([name, value]) => entryFindings(name, value, schema, place)),
    ...dynamics.flatMap(([name, uses]) =>
      uses.flatMap(({ content }) => entryFindings(name, content, schema, place)),
    ),
    ...missing(body, schema, place),
  ];
}

function missing(body: Body, schema: BlockSchema, { say, path }: Place): string[] {
  const given = new Set([...Object.keys(body), ...Object.keys((body.dynamic ?? {}) as object)]);
  const required = [
    ...Object.entries(schema.attributes ?? {}).filter(([, attribute]) => attribute.required),
    ...Object.entries(schema.block_types ?? {}).filter(([, { min_items = 0 }]) => min_items > 0),
  ].map(([name]) => name);
  return required
    .filter((name) => !given.has(name))
    .map((name) => say(`lacks ${path}${name}, which is required`, path.split('.').at(-2)));
}

function entryFindings(name: string, value: unknown, schema: BlockSchema, { say, path }: Place): string[] {
  const attribute = schema.attributes?.[name];
  if (attribute)
    return attributeFindings(attribute, value, (what) => say(`has ${path}${name}, ${what}`, name));
  const nested = schema.block_types?.[name];
  if (!nested) {
    const names = [...Object.keys(schema.attributes ?? {}), ...Object.keys(schema.block_types ?? {})];
    return [say(`has ${path}${name}, which is no argument or block there${didYouMean(name, names)}`, name)];
  }
  const bodies = Array.isArray(value) ? value : [value];
  if (bodies.some((body) => typeof body !== 'object' || body === null)) {
    return [say(`has ${path}${name} as an argument, but it is a block`, name)];
  }
  const { max_items: most = Number.POSITIVE_INFINITY } = nested;
  return [
    ...(bodies.length > most
      ? [say(`has ${bodies.length} blocks ${path}${name}, but at most ${most} may be`, name)]
      : []),
    ...bodies.flatMap((body: Body) => bodyFindings(body, nested.block, { say, path: `${path}${name}.` })),
  ];
}

function attributeFindings(
  attribute: AttributeSchema,
  value: unknown,
  say: (what: string) => string,
): string[] {
  if (!attribute.required && !attribute.optional) return [say('which the provider sets and nobody else')];
  return literalsOf(value).flatMap((literal) => {
    if (literal === null) return [];
    const expected = mismatch(attribute.type, literal);
    if (expected) return [say(`which is ${JSON.stringify(literal)}, but ${expected} is expected`)];
    const values = attribute.enum;
    if (!values || values.includes(String(literal))) return [];
    return [
      say(
        `which is ${JSON.stringify(literal)}, but has to be one of ${values.join(', ')}${didYouMean(String(literal), values)}`,
      ),
    ];
  });
}

/** The plain values that an argument can have: itself, or both sides of a condition. What is worked out is not known here. */
function literalsOf(value: unknown): unknown[] {
  if (typeof value !== 'string') return [value];
  const leaves = (expression: Expression): unknown[] => {
    if (expression.kind === 'literal') return [expression.value];
    return expression.kind === 'conditional' ? [expression.yes, expression.no].flatMap(leaves) : [];
  };
  return leaves(parseTemplate(value));
}

const WORDS: Record<string, string> = { string: 'a text', number: 'a number', bool: 'true or false' };

/** What a literal should be, when it is something else. Terraform turns numbers and booleans into texts and back. */
function mismatch(type: TypeExpression, literal: unknown): string | undefined {
  if (typeof type === 'string') {
    if (type === 'dynamic') return undefined;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof literal);
    const fits =
      isPlain &&
      (type === 'string' ||
        (type === 'number' &&
          literal !== '' &&
          Number.isFinite(Number(literal)) &&
          typeof literal !== 'boolean') ||
        (type === 'bool' && /^(?:true|false)$/.test(String(literal))));
    return fits ? undefined : WORDS[type];
  }
  const [kind, inner] = type;
  if (kind === 'map' || kind === 'object') {
    return typeof literal === 'object' && !Array.isArray(literal) ? undefined : 'a map';
  }
  if (!Array.isArray(literal)) return 'a list';
  return literal
    .flatMap(literalsOf)
    .map((item) => mismatch(inner, item))
    .find((problem) => problem !== undefined);
}

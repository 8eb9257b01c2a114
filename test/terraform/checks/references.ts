import type { Block, Body } from '../../../scripts/terraform/hcl/blocks.ts';
import { parseTemplate } from '../../../scripts/terraform/hcl/parse.ts';
import { type Reference, referencesIn } from '../../../scripts/terraform/hcl/references.ts';
import {
  type BlockSchema,
  type SchemaSnapshot,
  schemaOf,
  type TypeExpression,
} from '../../../scripts/terraform/schema.ts';
import { didYouMean, finding, type TerraformModule } from './module.ts';

/** References that lead nowhere, as sentences. */
export function referenceFindings(module: TerraformModule, snapshot: SchemaSnapshot): string[] {
  return module.blocks.flatMap((block) => {
    const roots = rootsOf(block);
    return uniqueReferences(block).flatMap((reference) => {
      const problem = problemOf(reference, { module, snapshot, roots });
      return problem
        ? [finding(module, block, `refers to ${reference.join('.')}: ${problem}`, lineWord(reference))]
        : [];
    });
  });
}

/** Variables, locals and data sources that nothing refers to. */
export function unusedFindings(module: TerraformModule): string[] {
  const used = new Set<string>();
  for (const block of module.blocks) {
    for (const [root = '', first = '', second = ''] of uniqueReferences(block)) {
      if (block.kind === 'variable' && root === 'var' && first === block.name) continue;
      used.add(root === 'data' ? `data.${first}.${second}` : `${root}.${first}`);
    }
  }
  const words: Partial<Record<Block['kind'], string>> = { variable: 'var', local: 'local', data: 'data' };
  return module.blocks.flatMap((block) => {
    const word = words[block.kind];
    if (!word) return [];
    const name = block.kind === 'data' ? `data.${block.type}.${block.name}` : `${word}.${block.name}`;
    return used.has(name) ? [] : [finding(module, block, 'is used by nothing')];
  });
}

/** What a block refers to. A variable's type and a list of arguments to ignore are no references. */
function uniqueReferences({ kind, body }: Block): Reference[] {
  const { type: _type, ...rest } = body;
  const read = kind === 'variable' ? rest : withoutIgnored(body);
  const all = referencesIn(read).map((reference) => [reference.join('.'), reference] as const);
  return [...new Map(all).values()];
}

function withoutIgnored(body: Body): Body {
  if (!Array.isArray(body.lifecycle)) return body;
  return { ...body, lifecycle: body.lifecycle.map(({ ignore_changes: _ignored, ...rest }: Body) => rest) };
}

function lineWord(reference: Reference): string | undefined {
  return reference[0] === 'each' ? 'for_each' : undefined;
}

interface Surroundings {
  module: TerraformModule;
  snapshot: SchemaSnapshot;
  roots: ReadonlySet<string>;
}

/** Names that only exist within this block: of its loops and of its dynamic blocks. */
function rootsOf({ kind, body }: Block): Set<string> {
  const roots = new Set(['path', 'terraform', ...dynamicNames(body)]);
  if ('for_each' in body) roots.add('each');
  if ('count' in body) roots.add('count');
  if (kind === 'resource') roots.add('self');
  return roots;
}

function dynamicNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(dynamicNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === 'dynamic' ? Object.keys(inner as object) : []),
    ...(key === 'iterator' && typeof inner === 'string' ? [inner.replace(/^\$\{|\}$/g, '')] : []),
    ...dynamicNames(inner),
  ]);
}

function problemOf(reference: Reference, { module, snapshot, roots }: Surroundings): string | undefined {
  const [root = '', first = '', ...rest] = reference;
  if (roots.has(root)) return undefined;
  if (root === 'each' || root === 'count')
    return `the block has no ${root === 'each' ? 'for_each' : 'count'}`;
  if (root === 'var') return variableProblem(module, first, rest);
  if (root === 'local') return declared(module, 'local', first);
  if (root === 'data') return resourceProblem(module, snapshot, { kind: 'data', type: first, path: rest });
  if (root.includes('_'))
    return resourceProblem(module, snapshot, { kind: 'resource', type: root, path: [first, ...rest] });
  return 'there is nothing of that name';
}

function declared({ blocks }: TerraformModule, kind: Block['kind'], name: string): string | undefined {
  const names = blocks.filter((block) => block.kind === kind).map((block) => block.name);
  return names.includes(name) ? undefined : `no ${kind} is called so${didYouMean(name, names)}`;
}

function variableProblem(module: TerraformModule, name: string, [member]: string[]): string | undefined {
  const problem = declared(module, 'variable', name);
  if (problem || member === undefined) return problem;
  const members = membersOf(
    module.blocks.find((block) => block.kind === 'variable' && block.name === name)?.body.type,
  );
  return !members || members.includes(member)
    ? undefined
    : `the variable has no member ${member}${didYouMean(member, members)}`;
}

/** Names of an `object({ … })`; undefined when the type is another. */
export function membersOf(type: unknown): string[] | undefined {
  const expression = typeof type === 'string' ? parseTemplate(type) : undefined;
  if (expression?.kind !== 'call' || expression.name !== 'object') return undefined;
  const [argument] = expression.arguments;
  if (argument?.kind !== 'object') return undefined;
  return argument.items.flatMap(([key]) => (key.kind === 'literal' ? [String(key.value)] : []));
}

interface Target {
  kind: 'resource' | 'data';
  type: string;
  path: string[];
}

function resourceProblem(
  module: TerraformModule,
  snapshot: SchemaSnapshot,
  { kind, type, path }: Target,
): string | undefined {
  const [name = '', ...rest] = path;
  const names = module.blocks
    .filter((block) => block.kind === kind && block.type === type)
    .map((block) => block.name);
  if (names.length === 0)
    return `there is no ${kind === 'data' ? 'data source' : 'resource'} of type ${type}`;
  if (!names.includes(name)) return `no ${type} is called ${name}${didYouMean(name, names)}`;
  const schema = schemaOf(snapshot, kind, type);
  return schema && pathProblem(schema, rest);
}

function pathProblem(schema: BlockSchema, [name, ...rest]: string[]): string | undefined {
  if (name === undefined) return undefined;
  const attribute = schema.attributes?.[name];
  if (attribute) return memberProblem(attribute.type, rest);
  const nested = schema.block_types?.[name];
  if (nested) return pathProblem(nested.block, rest);
  const names = [...Object.keys(schema.attributes ?? {}), ...Object.keys(schema.block_types ?? {})];
  return `it has no attribute ${name}${didYouMean(name, names)}`;
}

function memberProblem(type: TypeExpression, [name, ...rest]: string[]): string | undefined {
  if (name === undefined || type === 'dynamic') return undefined;
  if (typeof type === 'string') return `${name} is asked of a plain value`;
  if (type[0] === 'list' || type[0] === 'set') return memberProblem(type[1], [name, ...rest]);
  if (type[0] === 'map') return memberProblem(type[1], rest);
  const members = type[1] as Readonly<Record<string, TypeExpression>>;
  const member = members[name];
  return member === undefined
    ? `it has no attribute ${name}${didYouMean(name, Object.keys(members))}`
    : memberProblem(member, rest);
}

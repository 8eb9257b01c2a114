// What a module deploys with given variables, without asking anybody: every resource with its arguments worked out.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Block, Body } from './hcl/blocks.ts';
import { entriesOf, evaluateJson, follow, type Scope, type Step } from './hcl/evaluate.ts';
import { HclUnknown, type HclValue, numberIn } from './hcl/values.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One resource as it would be made. Blocks are lists, dynamic ones among them. */
export interface Instance {
  type: string;
  name: string;
  /** `google_pubsub_topic.this["dead-letters"]` */
  address: string;
  arguments: { [name: string]: HclValue };
  block: Block;
}

export interface Deployment {
  instances: Instance[];
  outputs: Record<string, HclValue>;
  local(name: string): HclValue;
}

interface Loop {
  key: string | number | undefined;
  names: Record<string, HclValue>;
}

/** What the blocks of one module are worked out with. */
interface Module {
  blocks: readonly Block[];
  scope: Scope;
  /** Those that were worked out already. */
  locals: Map<string, HclValue>;
}

/** Works out a module. `folder` is where `path.module` is; variables that are not given take their default. */
export function deploymentOf(
  folder: string,
  blocks: readonly Block[],
  variables: Record<string, HclValue>,
): Deployment {
  const scope: Scope = {
    names: {
      var: { ...defaultsOf(blocks), ...variables },
      path: { module: folder, root: folder },
      terraform: { workspace: 'default' },
    },
    resolve: (path) => resolve(module, path),
    readFile: (path) => readFileSync(join(ROOT, posix.normalize(path)), 'utf8'),
  };
  const module: Module = { blocks, scope, locals: new Map() };
  const outputs = blocks
    .filter(({ kind }) => kind === 'output')
    .map(({ name, body }) => [name, evaluateJson(body.value, scope)] as const);
  return {
    instances: blocks
      .filter(({ kind }) => kind === 'resource')
      .flatMap((block) => instancesOf(module, block)),
    outputs: Object.fromEntries(outputs),
    local: (name) => localOf(module, name),
  };
}

function instancesOf({ scope }: Module, block: Block): Instance[] {
  return loopsOf(scope, block).map((loop) => ({
    type: block.type,
    name: block.name,
    address: addressOf(block, loop.key),
    arguments: argumentsOf(block.body, scopeOf(scope, loop)),
    block,
  }));
}

function localOf({ blocks, scope, locals }: Module, name: string): HclValue {
  const known = locals.get(name);
  if (known !== undefined) return known;
  const block = blocks.find((one) => one.kind === 'local' && one.name === name);
  if (!block) throw new Error(`there is no local.${name}`);
  const value = evaluateJson(block.body.value, scope);
  locals.set(name, value);
  return value;
}

function resolve(module: Module, path: readonly Step[]): HclValue | undefined {
  const [root, first, second] = path.map((step) => ('name' in step ? step.name : step.key));
  if (root === 'local') return path.slice(2).reduce(follow, localOf(module, String(first)));
  if (root === 'data')
    return path.slice(3).reduce(follow, new HclUnknown(`data.${first}.${second}`) as HclValue);
  const block = module.blocks.find(
    ({ kind, type, name }) => kind === 'resource' && type === root && name === first,
  );
  if (!block) return undefined;
  const loops = loopsOf(module.scope, block);
  if (second === undefined) return everyReference(block, loops);
  const isMany = 'for_each' in block.body || 'count' in block.body;
  const loop = isMany ? loops.find(({ key }) => key === second) : loops[0];
  if (!loop) throw new Error(`${root}.${first} has no ${JSON.stringify(second)}`);
  return readInstance({ block, loop, scope: module.scope }, path.slice(isMany ? 3 : 2));
}

/** An argument is what the configuration says; everything else is known when it is there. */
function readInstance(
  { block, loop, scope }: { block: Block; loop: Loop; scope: Scope },
  steps: readonly Step[],
): HclValue {
  const unknown = new HclUnknown(addressOf(block, loop.key));
  const [first] = steps;
  const argument = first && 'name' in first ? block.body[first.name] : undefined;
  if (argument === undefined || isBlocks(argument)) return steps.reduce(follow, unknown as HclValue);
  return steps.slice(1).reduce(follow, evaluateJson(argument, scopeOf(scope, loop)));
}

function everyReference(block: Block, loops: Loop[]): HclValue {
  const one = (loop: Loop) => new HclUnknown(addressOf(block, loop.key));
  if ('for_each' in block.body) return Object.fromEntries(loops.map((loop) => [String(loop.key), one(loop)]));
  if ('count' in block.body) return loops.map(one);
  return new HclUnknown(addressOf(block, undefined));
}

function loopsOf(scope: Scope, { body }: Block): Loop[] {
  if ('count' in body) {
    const count = numberIn(evaluateJson(body.count, scope), 'count');
    return Array.from({ length: count }, (_value, index) => ({ key: index, names: { count: { index } } }));
  }
  if (!('for_each' in body)) return [{ key: undefined, names: {} }];
  const over = evaluateJson(body.for_each, scope);
  return entriesOf(over).map(([at, value]) => {
    const key = Array.isArray(over) ? value : at;
    return { key: String(key), names: { each: { key, value } } };
  });
}

function scopeOf(scope: Scope, { names }: Loop): Scope {
  return { ...scope, names: { ...scope.names, ...names } };
}

const META = ['for_each', 'count', 'provider', 'depends_on', 'lifecycle', 'dynamic'];

function argumentsOf(body: Body, scope: Scope): { [name: string]: HclValue } {
  const own = Object.entries(body).filter(([name]) => !META.includes(name));
  const result: { [name: string]: HclValue } = {};
  for (const [name, value] of own) {
    result[name] = isBlocks(value)
      ? value.map((inner) => argumentsOf(inner, scope))
      : evaluateJson(value, scope);
  }
  for (const [name, uses] of Object.entries((body.dynamic ?? {}) as Record<string, Body[]>)) {
    result[name] = [
      ...((result[name] ?? []) as HclValue[]),
      ...uses.flatMap((use) => dynamicBlocks(name, use, scope)),
    ];
  }
  return result;
}

function dynamicBlocks(name: string, { for_each, iterator, content }: Body, scope: Scope): HclValue[] {
  const label = typeof iterator === 'string' ? iterator.replace(/^\$\{|\}$/g, '') : name;
  return entriesOf(evaluateJson(for_each, scope)).flatMap(([key, value]) =>
    (content as Body[]).map((inner) =>
      argumentsOf(inner, { ...scope, names: { ...scope.names, [label]: { key, value } } }),
    ),
  );
}

/** Blocks and lists of maps look the same in JSON; both are worked out the same way. */
function isBlocks(value: unknown): value is Body[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
  );
}

function addressOf({ type, name }: Block, key: string | number | undefined): string {
  return `${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
}

function defaultsOf(blocks: readonly Block[]): Record<string, HclValue> {
  const variables = blocks.filter(({ kind }) => kind === 'variable');
  return Object.fromEntries(
    variables.map(({ name, body }) => [
      name,
      'default' in body ? (body.default as HclValue) : new HclUnknown(`var.${name}`),
    ]),
  );
}

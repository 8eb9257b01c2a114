// What the npm package of the schema does not carry, read from the provider's own source (`snapshot-facts.ts`).
import { readFileSync } from 'node:fs';
import type { AttributeSchema, BlockSchema, NestedBlockSchema } from './schema.ts';

/** An argument that is an attribute; what is not given stays as the package has it. */
export type FieldFact =
  | ({ added?: true } & Partial<AttributeSchema>)
  | ({ added?: true } & Partial<Omit<NestedBlockSchema, 'block'>>);

export interface ResourceFacts {
  /** Path in the provider's repository. */
  source: string;
  /** Arguments that the newer provider has no more. */
  removed?: string[];
  /** By path with dots: `event_trigger.retry_policy`. `added`: newer than the package. Blocks come before what is in them. */
  fields: Record<string, FieldFact>;
}

export interface ProviderFacts {
  provider: string;
  resources: Record<string, ResourceFacts>;
}

export function readFacts(): ProviderFacts {
  const file = new URL('../../terraform/schema/provider-facts.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ProviderFacts;
}

/** The block of a resource with the facts laid over it. */
export function applyFacts(block: BlockSchema, { fields, removed = [] }: ResourceFacts): BlockSchema {
  const result = structuredClone(block) as Mutable;
  for (const path of removed) remove(result, path.split('.'));
  for (const [path, { added: _added, ...fact }] of Object.entries(fields))
    overlay(result, path.split('.'), fact);
  return result as BlockSchema;
}

interface Mutable {
  attributes?: Record<string, object>;
  block_types?: Record<string, { block: Mutable }>;
}

function parentOf(block: Mutable, path: string[]): Mutable {
  return path.slice(0, -1).reduce((at, name) => at.block_types?.[name]?.block ?? {}, block);
}

function overlay(block: Mutable, path: string[], fact: object): void {
  const parent = parentOf(block, path);
  const name = path.at(-1) ?? '';
  const nested = parent.block_types?.[name];
  if (nested || 'nesting_mode' in fact) {
    parent.block_types = { ...parent.block_types, [name]: { ...fact, block: nested?.block ?? {} } };
    return;
  }
  const known = Object.entries(parent.attributes?.[name] ?? {});
  // Required, optional and computed are said anew together, or not at all.
  const kept = known.filter(
    ([key]) => !('optional' in fact || 'required' in fact) || !/^(?:required|optional|computed)$/.test(key),
  );
  parent.attributes = { ...parent.attributes, [name]: { ...Object.fromEntries(kept), ...fact } };
}

function remove(block: Mutable, path: string[]): void {
  const parent = parentOf(block, path);
  delete parent.attributes?.[path.at(-1) ?? ''];
  delete parent.block_types?.[path.at(-1) ?? ''];
}

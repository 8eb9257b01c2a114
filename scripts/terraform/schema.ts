// The pinned schema of the Terraform provider, as `terraform/schema/google.json` holds it: the format of
// `terraform providers schema -json` (https://developer.hashicorp.com/terraform/internals/json-format), of which only what
// is used here is kept, with two additions of our own: `enum` and `force_new`.
import { readFileSync } from 'node:fs';

/** A Terraform type: `"string"`, `["list", "string"]`, `["object", { name: "string" }]`, … */
export type TypeExpression =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeExpression]
  | readonly ['object', Readonly<Record<string, TypeExpression>>];

/** One argument (required or optional) or one exported attribute (computed alone). */
export interface AttributeSchema {
  type: TypeExpression;
  required?: true;
  optional?: true;
  computed?: true;
  sensitive?: true;
  /** Another value makes a new resource. */
  force_new?: true;
  /** The values that the provider itself accepts. */
  enum?: readonly string[];
}

/** What may stand between the braces of one block. */
export interface BlockSchema {
  attributes?: Readonly<Record<string, AttributeSchema>>;
  block_types?: Readonly<Record<string, NestedBlockSchema>>;
}

/** `single` is only used for `timeouts`; a block that may stand once is a `list` or `set` with `max_items` 1. */
export interface NestedBlockSchema {
  nesting_mode: 'single' | 'list' | 'set';
  block: BlockSchema;
  /** 1 for a block that must be there. */
  min_items?: number;
  max_items?: number;
}

export interface ResourceSchema {
  version: number;
  block: BlockSchema;
}

/** One provider: what its block takes, its resources and its data sources, by type name. */
export interface ProviderSchema {
  provider: ResourceSchema;
  resource_schemas: Readonly<Record<string, ResourceSchema>>;
  data_source_schemas: Readonly<Record<string, ResourceSchema>>;
}

export interface SchemaSnapshot {
  /** Where each part comes from, with versions. */
  provenance: Readonly<Record<string, string>>;
  format_version: string;
  /** By full address: `registry.terraform.io/hashicorp/google`. */
  provider_schemas: Readonly<Record<string, ProviderSchema>>;
}

export const GOOGLE = 'registry.terraform.io/hashicorp/google';
export const TIME = 'registry.terraform.io/hashicorp/time';

/** The snapshot, as it stands in `terraform/schema/google.json`. */
export function readSchema(): SchemaSnapshot {
  const file = new URL('../../terraform/schema/google.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as SchemaSnapshot;
}

/** The schema of a resource or data source of any provider of the snapshot. */
export function schemaOf(
  snapshot: SchemaSnapshot,
  kind: 'resource' | 'data',
  type: string,
): BlockSchema | undefined {
  const list = kind === 'resource' ? 'resource_schemas' : 'data_source_schemas';
  return Object.values(snapshot.provider_schemas)
    .map((provider) => provider[list][type])
    .find((schema) => schema !== undefined)?.block;
}

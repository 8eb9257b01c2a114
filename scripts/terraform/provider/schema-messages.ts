import type { BlockSchema, ProviderSchema, ResourceSchema } from '../schema.ts';

const NESTING = { single: 1, list: 2, set: 3 } as const;

/** The answer to GetSchema. */
export function schemaMessages(schema: ProviderSchema) {
  return {
    provider: schemaMessage(schema.provider),
    resource_schemas: byType(schema.resource_schemas),
    data_source_schemas: byType(schema.data_source_schemas),
  };
}

function byType(schemas: Readonly<Record<string, ResourceSchema>>) {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, schemaMessage(schema)]));
}

function schemaMessage({ version, block }: ResourceSchema) {
  return { version, block: blockMessage(block) };
}

interface BlockMessage {
  attributes: object[];
  block_types: object[];
}

function blockMessage({ attributes = {}, block_types = {} }: BlockSchema): BlockMessage {
  return {
    attributes: Object.entries(attributes).map(([name, attribute]) => ({
      name,
      type: Buffer.from(JSON.stringify(attribute.type)),
      required: attribute.required ?? false,
      optional: attribute.optional ?? false,
      computed: attribute.computed ?? false,
      sensitive: attribute.sensitive ?? false,
    })),
    block_types: Object.entries(block_types).map(([type_name, nested]) => ({
      type_name,
      nesting: NESTING[nested.nesting_mode],
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
      block: blockMessage(nested.block),
    })),
  };
}

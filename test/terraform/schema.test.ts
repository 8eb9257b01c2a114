import { describe, expect, test } from 'vitest';
import { applyFacts, readFacts } from '../../scripts/terraform/provider-facts.ts';
import { type BlockSchema, GOOGLE, readSchema, schemaOf } from '../../scripts/terraform/schema.ts';
import { WANTED_DATA_SOURCES, WANTED_RESOURCES } from '../../scripts/terraform/wanted-types.ts';

const snapshot = readSchema();

function attributesOf(block: BlockSchema): object[] {
  const nested = Object.values(block.block_types ?? {}).flatMap(({ block: inner }) => attributesOf(inner));
  return [...Object.values(block.attributes ?? {}), ...nested];
}

describe('the schema of the provider', () => {
  test('has every type that was asked for, and says where it comes from', () => {
    const { resource_schemas, data_source_schemas } = snapshot.provider_schemas[GOOGLE] ?? {};
    expect(Object.keys(resource_schemas ?? {})).toEqual(WANTED_RESOURCES);
    expect(Object.keys(data_source_schemas ?? {})).toEqual(WANTED_DATA_SOURCES);
    expect(Object.values(snapshot.provenance).join('\n')).toMatch(/6\.50\.0[\s\S]*7\.45\.0/);
  });

  test.each(WANTED_RESOURCES)('%s has of every argument its type and whether it may be given', (type) => {
    const block = schemaOf(snapshot, 'resource', type);
    const attributes = attributesOf(block ?? {});
    expect(attributes.length).toBeGreaterThan(2);
    for (const attribute of attributes) {
      expect(attribute).toHaveProperty('type');
      expect(Object.keys(attribute).some((key) => ['required', 'optional', 'computed'].includes(key))).toBe(
        true,
      );
    }
  });

  test('has what the package alone does not say', () => {
    const attribute = (type: string, name: string) =>
      schemaOf(snapshot, 'resource', type)?.attributes?.[name];
    expect(attribute('google_firestore_database', 'location_id')).toMatchObject({
      required: true,
      force_new: true,
    });
    expect(attribute('google_storage_bucket', 'public_access_prevention')?.enum).toEqual([
      'inherited',
      'enforced',
    ]);
    expect(attribute('google_pubsub_topic', 'deletion_policy')).toEqual({
      type: 'string',
      optional: true,
      computed: true,
    });
  });

  test('has every argument that is newer than the package', () => {
    const added = Object.entries(readFacts().resources).flatMap(([type, { fields }]) =>
      Object.entries(fields).flatMap(([path, fact]) => (fact.added ? [{ type, path: path.split('.') }] : [])),
    );
    expect(added.length).toBeGreaterThan(30);
    const isThere = ({ type, path }: { type: string; path: string[] }) => {
      let block = schemaOf(snapshot, 'resource', type);
      for (const name of path.slice(0, -1)) block = block?.block_types?.[name]?.block;
      const name = path.at(-1) ?? '';
      return block?.attributes?.[name] !== undefined || block?.block_types?.[name] !== undefined;
    };
    expect(added.filter((argument) => !isThere(argument))).toEqual([]);
  });
});

test('facts add, correct and take away', () => {
  const block: BlockSchema = {
    attributes: { name: { type: 'string', optional: true }, old: { type: 'string', optional: true } },
    block_types: { inner: { nesting_mode: 'list', max_items: 1, block: { attributes: {} } } },
  };
  const facts = {
    source: 'planted',
    removed: ['old'],
    fields: {
      name: { required: true as const, force_new: true as const },
      'inner.kind': { added: true as const, type: 'string' as const, optional: true as const, enum: ['A'] },
    },
  };
  expect(applyFacts(block, facts)).toEqual({
    attributes: { name: { type: 'string', required: true, force_new: true } },
    block_types: {
      inner: {
        nesting_mode: 'list',
        max_items: 1,
        block: { attributes: { kind: { type: 'string', optional: true, enum: ['A'] } } },
      },
    },
  });
});

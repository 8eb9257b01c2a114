import type { v1 } from '@google-cloud/pubsub';
import { PROJECT, type PubSubClients } from '../pubsub-clients.ts';
import { refused } from './operation.ts';

interface Schema {
  name: string;
  revisionId: string;
}

const definitionWith = (field: string) =>
  JSON.stringify({ type: 'record', name: 'A', fields: [{ name: field, type: 'string', default: '' }] });
const AVRO = { type: 'AVRO', definition: definitionWith('a') } as const;

/** Schemas are not served here. Where they are, each of these works on a schema of its own. */
const PROBES: Record<string, (schemas: v1.SchemaServiceClient, schema: Schema) => Promise<unknown>> = {
  CreateSchema: (schemas, { name }) =>
    schemas.createSchema({ parent: PROJECT, schema: AVRO, schemaId: `${name.split('/').at(-1)}-too` }),
  GetSchema: (schemas, { name }) => schemas.getSchema({ name }),
  ListSchemaRevisions: (schemas, { name }) => schemas.listSchemaRevisions({ name }),
  CommitSchema: (schemas, { name }) =>
    schemas.commitSchema({ name, schema: { name, type: 'AVRO', definition: definitionWith('b') } }),
  RollbackSchema: (schemas, schema) => schemas.rollbackSchema(schema),
  DeleteSchemaRevision: async (schemas, { name, revisionId }) => {
    const schema = { name, type: 'AVRO', definition: definitionWith('b') } as const;
    await schemas.commitSchema({ name, schema }).catch(() => {});
    await schemas.deleteSchemaRevision({ name: `${name}@${revisionId}` });
  },
  DeleteSchema: (schemas, { name }) => schemas.deleteSchema({ name }),
  ValidateSchema: (schemas) => schemas.validateSchema({ parent: PROJECT, schema: AVRO }),
  ValidateMessage: (schemas) =>
    schemas.validateMessage({
      parent: PROJECT,
      schema: AVRO,
      message: Buffer.from('{"a":"b"}'),
      encoding: 'JSON',
    }),
};

export const SCHEMA_OPERATIONS = Object.entries(PROBES).map(([method, probe]) =>
  refused<PubSubClients>(
    [`SchemaService.${method}`, 'UNIMPLEMENTED'],
    async ({ schemas, fresh }) => probe(schemas, await aSchema(schemas, fresh('schemas'))),
    { emulator: 'works' },
  ),
);

/** Where none can be made, a name: what is asked of it is refused all the same. */
async function aSchema(schemas: v1.SchemaServiceClient, name: string): Promise<Schema> {
  const schemaId = name.split('/').at(-1) ?? '';
  const created = await schemas.createSchema({ parent: PROJECT, schema: AVRO, schemaId }).catch(() => []);
  return { name, revisionId: created[0]?.revisionId ?? 'first' };
}

import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ProviderSchema, ResourceSchema } from '../schema.ts';
import { checkEnums, type EnumProblem } from './enums.ts';
import { applyChange, planChange, type Resource, readData, textAt } from './plan.ts';
import { schemaMessages } from './schema-messages.ts';
import { type DynamicValue, readValue, writeValue } from './values.ts';

const PROTO = fileURLToPath(new URL('tfplugin5.proto', import.meta.url));

interface Request {
  type_name: string;
  config: DynamicValue;
  current_state: DynamicValue;
  prior_state: DynamicValue;
  proposed_new_state: DynamicValue;
  planned_state: DynamicValue;
  raw_state: { json: Uint8Array };
}

/** Serves a provider that knows a schema and nothing else on a unix socket, until it is closed. */
export async function serveProvider(schema: ProviderSchema, socket: string): Promise<{ close(): void }> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const definitions = loadSync(PROTO, { keepCase: true, longs: Number, defaults: true });
  server.addService(
    definitions['tfplugin5.Provider'] as ServiceDefinition,
    Object.fromEntries(
      Object.entries(createMethods(schema)).map(([name, method]) => [
        name,
        ({ request }: { request: Request }, answer: (error: Error | null, response?: object) => void) => {
          try {
            answer(null, method(request));
          } catch (error) {
            answer(error as Error);
          }
        },
      ]),
    ),
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return { close: () => server.forceShutdown() };
}

/** The methods of the protocol. `legacy_type_system` allows what every provider of its age does: fill in what was left out. */
function createMethods(schema: ProviderSchema): Record<string, (request: Request) => object> {
  let project: string | undefined;
  const resourceOf = (type: string): Resource => find(schema.resource_schemas, type, project);
  return {
    GetSchema: () => schemaMessages(schema),
    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    ValidateResourceTypeConfig: ({ type_name, config }) => ({
      diagnostics: checkEnums(resourceOf(type_name).block, readValue(config)).map(errorDiagnostic),
    }),
    ValidateDataSourceConfig: () => ({}),
    UpgradeResourceState: ({ raw_state }) => ({
      upgraded_state: writeValue(JSON.parse(Buffer.from(raw_state.json).toString('utf8'))),
    }),
    Configure: ({ config }) => {
      project = textAt(readValue(config), 'project');
      return {};
    },
    ReadResource: ({ current_state }) => ({ new_state: current_state }),
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state }) => {
      const prior = readValue(prior_state);
      const { planned, replacedBy } = planChange(resourceOf(type_name), prior, readValue(proposed_new_state));
      return {
        planned_state: writeValue(planned),
        requires_replace: replacedBy.map((attribute_name) => ({ steps: [{ attribute_name }] })),
        legacy_type_system: true,
      };
    },
    ApplyResourceChange: ({ type_name, planned_state }) => ({
      new_state: writeValue(applyChange(resourceOf(type_name), readValue(planned_state))),
      legacy_type_system: true,
    }),
    ReadDataSource: ({ type_name, config }) => ({
      state: writeValue(readData(find(schema.data_source_schemas, type_name, project), readValue(config))),
    }),
    Stop: () => ({}),
  };
}

function errorDiagnostic({ path, sentence }: EnumProblem) {
  const [argument = ''] = path;
  return { severity: 1, summary: sentence, attribute: { steps: [{ attribute_name: argument }] } };
}

function find(
  schemas: Readonly<Record<string, ResourceSchema>>,
  type: string,
  project: string | undefined,
): Resource {
  const schema = schemas[type];
  if (!schema) throw new Error(`the schema has no ${type}`);
  return { type, block: schema.block, project };
}

import * as grpc from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { LocalService } from './service.ts';

/**
 * Serves gRPC services on loopback from the protobuf descriptions (JSON) that the Google client itself ships.
 * Messages use the proto names in camelCase, int64 as strings, enums as names, bytes as Buffer.
 */
export async function serveGrpc(
  port: number,
  protoJson: object,
  services: Record<string, grpc.UntypedServiceImplementation>,
): Promise<LocalService> {
  const definitions = definitionsOf(protoJson);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  for (const [name, implementation] of Object.entries(services)) {
    const definition = definitions[name];
    if (!definition) throw new Error(`the client's protobuf description has no service ${name}`);
    server.addService(definition as grpc.ServiceDefinition, implementation);
  }
  const actualPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${actualPort}`,
    close: async () => server.forceShutdown(),
  };
}

/** Calls one unary method of a service that somebody else serves, by its name: `createTopic`. Rejects with the gRPC error. */
export type GrpcCall = (method: string, request: object) => Promise<unknown>;

/** Connects to a gRPC service at an address, without encryption: an emulator. */
export function connectGrpc(
  address: string,
  protoJson: object,
  serviceName: string,
): GrpcCall & { close(): void } {
  const definition = definitionsOf(protoJson)[serviceName] as grpc.ServiceDefinition;
  const Client = grpc.makeGenericClientConstructor(definition, serviceName);
  const client = new Client(address, grpc.credentials.createInsecure());
  const call: GrpcCall = (method, request) =>
    new Promise((resolve, reject) => {
      const send = client[method] as (
        request: object,
        done: (error: grpc.ServiceError | null, answer: unknown) => void,
      ) => void;
      send.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  return Object.assign(call, { close: () => client.close() });
}

function definitionsOf(protoJson: object) {
  return fromJSON(protoJson as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    defaults: false,
    oneofs: true,
  });
}

/** An error with a gRPC status, as a Google server answers it. */
export function grpcError(code: grpc.status, message: string): grpc.ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata: new grpc.Metadata() });
}

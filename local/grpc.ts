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
  const definitions = fromJSON(protoJson as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    defaults: false,
    oneofs: true,
  });
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

/** An error with a gRPC status, as a Google server answers it. */
export function grpcError(code: grpc.status, message: string): grpc.ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata: new grpc.Metadata() });
}

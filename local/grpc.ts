import * as grpc from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { asCaller, currentCaller } from './callers.ts';
import { createHttpServer } from './http.ts';
import { createRest, type RestOptions } from './rest-beside-grpc/rest.ts';
import { listenForBoth } from './rest-beside-grpc/shared-port.ts';
import type { LocalService } from './service.ts';

export interface RpcServerOptions {
  /** Loopback port; 0 picks a free one. */
  port: number;
  /** The protobuf description (JSON) that the Google client itself ships. */
  protoJson: object;
  /** By full name. Messages use the proto names in camelCase, int64 as strings, enums as names, bytes as Buffer. */
  services: Record<string, grpc.UntypedServiceImplementation>;
  log: (line: string) => void;
  /** See `RestOptions`. */
  accepts?: RestOptions['accepts'];
  /** See `RestOptions`. */
  emulatorCall?: RestOptions['emulatorCall'];
  /** Hears of every gRPC connection that has closed, by the name that `connectionOf` its calls gave. */
  onDisconnect?: ((peer: string) => void) | undefined;
}

/** Serves services on loopback: gRPC, and beside it on the same port their JSON form for whoever speaks HTTP/1. */
export async function serveGrpc(options: RpcServerOptions): Promise<LocalService> {
  // The same for every door, and the work of a tenth of a second.
  const definitions = definitionsOf(options.protoJson);
  const doors = [await openDoor(options, definitions, undefined)];
  return {
    address: doors[0]?.address ?? '',
    async door(caller) {
      const door = await openDoor({ ...options, port: 0 }, definitions, caller);
      doors.push(door);
      return door.address;
    },
    close: async () => void (await Promise.all(doors.map((door) => door.close()))),
  };
}

/** A port of the service; what comes through it is called by `caller`. */
async function openDoor(
  options: RpcServerOptions,
  definitions: ReturnType<typeof definitionsOf>,
  caller: string | undefined,
) {
  const { port, protoJson, services, log, accepts, emulatorCall, onDisconnect } = options;
  const server = grpcServerOf(definitions, heardFrom(caller, services));
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const rest = createRest({
    ...{ protoJson, accepts, emulatorCall },
    services: Object.keys(services),
    grpcAddress: () => address,
  });
  const http1 = createHttpServer(rest.handler, log);
  const shared = await listenForBoth(port, {
    http2: (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      const connection = asCaller(caller, () => nameOf(peer));
      if (onDisconnect) socket.once('close', () => onDisconnect(connection));
      injector.injectConnection(socket);
    },
    http1: (socket) => http1.emit('connection', socket),
  });
  const address = `127.0.0.1:${shared.port}`;
  return {
    address,
    async close() {
      rest.close();
      server.forceShutdown();
      await shared.close();
    },
  };
}

function heardFrom(caller: string | undefined, services: RpcServerOptions['services']) {
  if (caller === undefined) return services;
  const heard = (serve: grpc.UntypedHandleCall) =>
    ((...call: Parameters<typeof serve>) =>
      asCaller(caller, () => (serve as (...call: unknown[]) => void)(...call))) as grpc.UntypedHandleCall;
  const all = (methods: grpc.UntypedServiceImplementation) =>
    Object.fromEntries(Object.entries(methods).map(([name, serve]) => [name, heard(serve)]));
  return Object.fromEntries(Object.entries(services).map(([name, methods]) => [name, all(methods)]));
}

/** Two connections through two doors may come from the same port. */
const nameOf = (peer: string) => `${peer} ${currentCaller()}`;

/** The connection that a call came over. */
export function connectionOf(call: { getPeer(): string }): string {
  return nameOf(call.getPeer());
}

function grpcServerOf(
  definitions: ReturnType<typeof definitionsOf>,
  services: Record<string, grpc.UntypedServiceImplementation>,
): grpc.Server {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': 64 * 1024 * 1024,
    // As Google's own servers have it; so a burst of calls comes in pieces, between which others have their turn.
    'grpc.max_concurrent_streams': 100,
  });
  for (const [name, implementation] of Object.entries(services)) {
    const definition = definitions[name];
    if (!definition) throw new Error(`the client's protobuf description has no service ${name}`);
    server.addService(definition as grpc.ServiceDefinition, implementation);
  }
  return server;
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

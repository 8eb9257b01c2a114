import { status } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** Every method of these services, such as `Publisher.CreateTopic`, from the protobuf description of Google's client. */
export function methodsOf(protoJson: object, services: readonly string[]): string[] {
  const definitions = fromJSON(protoJson as Parameters<typeof fromJSON>[0]);
  return services.flatMap((service) =>
    Object.keys(definitions[service] ?? {}).map((method) => `${service.split('.').at(-1)}.${method}`),
  );
}

/** The name of a gRPC error's code; undefined for an error of another kind. */
export function grpcRefusal(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? status[code] : undefined;
}

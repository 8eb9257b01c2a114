import { type handleUnaryCall, status, type UntypedHandleCall } from '@grpc/grpc-js';
import type { Fault, FaultScript } from '../faults.ts';
import { grpcError } from '../grpc.ts';

/** A fault script speaks HTTP; a gRPC answer carries the code that google/rpc/code.proto puts beside it. */
const CODE_OF_HTTP = new Map<number, status>([
  [400, status.INVALID_ARGUMENT],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.NOT_FOUND],
  [409, status.ABORTED],
  [429, status.RESOURCE_EXHAUSTED],
  [499, status.CANCELLED],
  [500, status.INTERNAL],
  [501, status.UNIMPLEMENTED],
  [503, status.UNAVAILABLE],
  [504, status.DEADLINE_EXCEEDED],
]);

/** What a client of gRPC sees of a fault; a dropped connection is UNAVAILABLE to it. */
export function toGrpcError(fault: Exclude<Fault, { kind: 'ok' }>) {
  if (fault.kind === 'reset') return grpcError(status.UNAVAILABLE, 'the connection was dropped');
  const code = CODE_OF_HTTP.get(fault.status) ?? status.UNKNOWN;
  return grpcError(code, fault.message ?? `scripted fault ${fault.status}`);
}

/** Unary handlers by method name; each call asks the fault script once, under its method name. */
export function unaryMethods(
  faults: FaultScript,
  methods: Record<string, (request: never) => unknown>,
): Record<string, UntypedHandleCall> {
  const served = Object.entries(methods).map(([name, handle]) => {
    const serve: handleUnaryCall<never, unknown> = (call, callback) => {
      answer(faults.next(name), () => handle(call.request)).then(
        (response) => callback(null, response),
        (error) => callback(error),
      );
    };
    return [name, serve];
  });
  return Object.fromEntries(served);
}

async function answer(fault: Fault, work: () => unknown): Promise<unknown> {
  if (fault.kind === 'ok') return work();
  if (fault.afterEffect) await work();
  throw toGrpcError(fault);
}

/** One page of a list, by `pageSize` and a `pageToken` that is an offset. */
export function page<T>(
  all: T[],
  { pageSize, pageToken }: { pageSize?: number; pageToken?: string },
): { items: T[]; nextPageToken: string } {
  const from = Number(pageToken || 0);
  const to = pageSize ? from + pageSize : all.length;
  return { items: all.slice(from, to), nextPageToken: to < all.length ? String(to) : '' };
}

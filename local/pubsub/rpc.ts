import { type handleUnaryCall, status, type UntypedHandleCall } from '@grpc/grpc-js';
import { FaultMet, type FaultScript, type Refusal } from '../faults.ts';
import { grpcError } from '../grpc.ts';
import { codeOfHttp } from '../grpc-codes.ts';

/** What a client of gRPC sees of a fault; a dropped connection is UNAVAILABLE to it. */
export function toGrpcError(fault: Refusal) {
  if (fault.kind === 'reset') return grpcError(status.UNAVAILABLE, 'the connection was dropped');
  return grpcError(codeOfHttp(fault.status), fault.message ?? `scripted fault ${fault.status}`);
}

/** Unary handlers by method name; each call asks the fault script once, under its method name. */
export function unaryMethods(
  faults: FaultScript,
  methods: Record<string, (request: never) => unknown>,
): Record<string, UntypedHandleCall> {
  const served = Object.entries(methods).map(([name, handle]) => {
    const serve: handleUnaryCall<never, unknown> = (call, callback) => {
      const about = () => textOf(call.request);
      const { topic: target = '' } = call.request as { topic?: string };
      faults
        .attend({ method: name, target, about }, () => handle(call.request))
        .then(
          (response) => callback(null, response),
          (error) => callback(error instanceof FaultMet ? toGrpcError(error.refusal) : error),
        );
    };
    return [name, serve];
  });
  return Object.fromEntries(served);
}

/** What a request says, the data of its messages as the text that it is. */
function textOf(request: object): string {
  return JSON.stringify(request, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString() : value,
  );
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

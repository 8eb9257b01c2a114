import { status } from '@grpc/grpc-js';
import { grpcError } from '../../grpc.ts';

type Code = Exclude<keyof typeof status, 'OK'>;

/** An answer with a gRPC status, to throw: `throw failure('NOT_FOUND', '...')`. */
export function failure(code: Code, message: string) {
  return grpcError(status[code], message);
}

/** The `google.rpc.Status` of whatever was thrown; INTERNAL for what is no answer of ours. */
export function toStatus(error: unknown): { code: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'number'
      ? error.code
      : status.INTERNAL;
  return { code, message };
}

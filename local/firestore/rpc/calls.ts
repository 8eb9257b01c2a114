import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Fault } from '../../faults.ts';
import { grpcError } from '../../grpc.ts';
import { codeOfHttp } from '../../grpc-codes.ts';
import type { ServiceOptions } from '../../service.ts';
import { toStatus } from '../values/failure.ts';

/** The error that the client gets; a dropped connection reaches it as UNAVAILABLE too. */
export function faultError(fault: Exclude<Fault, { kind: 'ok' }>) {
  if (fault.kind === 'reset') return grpcError(status.UNAVAILABLE, 'Connection dropped');
  return grpcError(codeOfHttp(fault.status), fault.message ?? `scripted fault ${fault.status}`);
}

export type RpcContext = Pick<ServiceOptions, 'faults' | 'log'>;

/** A method that answers once; `caller` names the connection that the call came over. */
export function unary<Request, Response>(
  { faults, log }: RpcContext,
  name: string,
  handle: (request: Request, caller: string) => Response | Promise<Response>,
) {
  return (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>) => {
    withFault(faults.next(name), () => handle(call.request, call.getPeer())).then(
      (response) => respond(null, response),
      (error: unknown) => respond(asAnswer(log, name, error)),
    );
  };
}

/** A method that answers with a list of messages. */
export function serverStream<Request, Response>(
  { faults, log }: RpcContext,
  name: string,
  handle: (request: Request, caller: string) => Promise<Response[]>,
) {
  return (call: ServerWritableStream<Request, Response>) => {
    withFault(faults.next(name), () => handle(call.request, call.getPeer())).then(
      (responses) => {
        for (const response of responses) call.write(response);
        call.end();
      },
      (error: unknown) => call.emit('error', asAnswer(log, name, error)),
    );
  };
}

async function withFault<T>(fault: Fault, work: () => T | Promise<T>): Promise<T> {
  if (fault.kind === 'ok') return work();
  if (fault.afterEffect) await work();
  throw faultError(fault);
}

/** A bug of ours answers INTERNAL and leaves a trace in the log. */
function asAnswer(log: (line: string) => void, name: string, error: unknown) {
  const { code, message } = toStatus(error);
  if (code === status.INTERNAL && error instanceof Error && !('code' in error)) {
    log(`firestore ${name}: ${error.stack ?? message}`);
  }
  return grpcError(code, message);
}

import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { FaultMet, type FaultScript, type Refusal } from '../../faults.ts';
import { connectionOf, grpcError } from '../../grpc.ts';
import { codeOfHttp } from '../../grpc-codes.ts';
import type { ServiceOptions } from '../../service.ts';
import { toStatus } from '../values/failure.ts';

/** The error that the client gets; a dropped connection reaches it as UNAVAILABLE too. */
export function faultError(fault: Refusal) {
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
    attend(faults, { method: name, request: call.request }, () =>
      handle(call.request, connectionOf(call)),
    ).then(
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
    attend(faults, { method: name, request: call.request }, () =>
      handle(call.request, connectionOf(call)),
    ).then(
      (responses) => {
        for (const response of responses) call.write(response);
        call.end();
      },
      (error: unknown) => call.emit('error', asAnswer(log, name, error)),
    );
  };
}

async function attend<T>(
  faults: FaultScript,
  { method, request }: { method: string; request: unknown },
  work: () => T | Promise<T>,
): Promise<T> {
  const target = namesIn(request as NamingRequest).join(' ');
  try {
    return await faults.attend({ method, target }, work);
  } catch (error) {
    throw error instanceof FaultMet ? faultError(error.refusal) : error;
  }
}

interface NamingRequest {
  name?: string;
  document?: { name?: string };
  parent?: string;
  documentId?: string;
  documents?: string[];
  writes?: { update?: { name?: string }; delete?: string }[];
}

/** The documents that a request names. */
function namesIn({ writes = [], documents = [], ...request }: NamingRequest): string[] {
  const written = writes.map((write) => write.update?.name ?? write.delete);
  const created = request.documentId && `${request.parent}/${request.documentId}`;
  const { name, document, parent } = request;
  return [...written, ...documents, created, name, document?.name, parent].filter((one) => one !== undefined);
}

/** A bug of ours answers INTERNAL and leaves a trace in the log. */
function asAnswer(log: (line: string) => void, name: string, error: unknown) {
  const { code, message } = toStatus(error);
  if (code === status.INTERNAL && error instanceof Error && !('code' in error)) {
    log(`firestore ${name}: ${error.stack ?? message}`);
  }
  return grpcError(code, message);
}

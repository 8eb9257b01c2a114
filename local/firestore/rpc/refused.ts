import { failure } from '../values/failure.ts';
import type { RpcContext } from './calls.ts';

/** What Google's servers have and this one has not: why, and what to do in its place. */
const DOCUMENT_REFUSALS: Record<string, string> = {
  Write: 'has no Write stream: send the writes with Commit or BatchWrite',
  ExecutePipeline: 'runs no pipelines: ask with RunQuery or RunAggregationQuery',
};
const ADMIN_REFUSAL =
  'is not administered: every database exists, the indexes are those of functions/functions.json, and all data is in the data folder';

type RefusingCall = { emit(event: 'error', error: Error): void };

/** Methods that answer UNIMPLEMENTED in words. */
export function refusedDocumentRpcs(context: RpcContext) {
  return refusals(context, DOCUMENT_REFUSALS);
}

/** All of these methods; whoever serves some of them puts those on top. */
export function refusedAdminRpcs(context: RpcContext, methods: readonly string[]) {
  return refusals(context, Object.fromEntries(methods.map((method) => [method, ADMIN_REFUSAL])));
}

function refusals({ faults }: RpcContext, reasons: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(reasons).map(([method, why]) => [
      method,
      (call: RefusingCall, respond?: (error: Error) => void) => {
        faults.take({ method });
        const error = failure('UNIMPLEMENTED', `${method}: the embedded Firestore ${why}.`);
        // A method that answers once is given a way to answer; a stream is not.
        if (respond) respond(error);
        else call.emit('error', error);
      },
    ]),
  );
}

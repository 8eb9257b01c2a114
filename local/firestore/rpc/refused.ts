import { failure } from '../values/failure.ts';
import type { RpcContext } from './calls.ts';

/** What Google's servers have and this one has not: why, and what to call in its place. */
const REFUSALS = {
  Write: 'has no Write stream: send the writes with Commit or BatchWrite',
  ExecutePipeline: 'runs no pipelines: ask with RunQuery or RunAggregationQuery',
} as const;

/** Methods that answer UNIMPLEMENTED in words. */
export function refusedRpcs({ faults }: RpcContext) {
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([method, why]) => [
      method,
      (call: { emit(event: 'error', error: Error): void }) => {
        faults.next(method);
        call.emit('error', failure('UNIMPLEMENTED', `${method}: the embedded Firestore ${why}.`));
      },
    ]),
  );
}

import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { QueryGuard } from '../queries/indexes.ts';
import { createListenStream, type ListenRequest, type ListenResponse } from '../queries/listen.ts';
import type { DocumentStore } from '../store.ts';
import { toStatus } from '../values/failure.ts';
import { faultError, type RpcContext } from './calls.ts';

/** Listeners: one stream, many targets. A scripted fault meets the stream once, when it opens. */
export function listenRpc({ faults, log }: RpcContext, store: DocumentStore, guard: QueryGuard) {
  return (call: ServerDuplexStream<ListenRequest, ListenResponse>) => {
    const { refusal, isLate } = faults.take({ method: 'Listen' });
    if (refusal && !isLate) {
      call.emit('error', faultError(refusal));
      return;
    }
    const stream = createListenStream({ store, guard }, (response) => call.write(response));
    call.on('data', (request: ListenRequest) => {
      try {
        stream.handle(request);
        if (refusal) call.emit('error', faultError(refusal));
      } catch (error) {
        log(`firestore Listen: ${toStatus(error).message}`);
        call.emit('error', error);
      }
    });
    call.on('end', () => {
      stream.close();
      call.end();
    });
    for (const ended of ['cancelled', 'error', 'close']) call.on(ended, stream.close);
  };
}

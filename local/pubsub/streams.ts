import { status } from '@grpc/grpc-js';
import type { FaultScript } from '../faults.ts';
import { grpcError } from '../grpc.ts';
import type { Broker } from './broker.ts';
import type { Leases } from './leases.ts';
import { toGrpcError } from './rpc.ts';
import { type PullStream, type StreamingPullRequest, servePullStream } from './streaming-pull.ts';

export interface PullStreamOptions {
  broker: Broker;
  leases: Leases;
  faults: FaultScript;
}

/** The open pull streams, so that they end with NOT_FOUND when their subscription is deleted. */
export function createPullStreams({ broker, leases, faults }: PullStreamOptions) {
  const open = new Map<PullStream, string>();

  /** Faults of a stream come before the effect: an answer lost after it is a lease that runs out. */
  function start(stream: PullStream, request: StreamingPullRequest): void {
    const { refusal } = faults.take({ method: 'StreamingPull' });
    try {
      if (refusal) throw toGrpcError(refusal);
      const { name } = broker.topology.getAttachedSubscription(request.subscription ?? '');
      const leave = servePullStream({ broker, leases }, stream, request);
      open.set(stream, name);
      const close = () => {
        leave();
        open.delete(stream);
      };
      stream.on('cancelled', close).on('close', close).on('error', close);
      stream.on('end', () => stream.end());
    } catch (error) {
      stream.emit('error', error);
    }
  }

  return {
    serve: (stream: PullStream) => {
      stream.once('data', (request: StreamingPullRequest) => start(stream, request));
    },
    end(subscription: string) {
      for (const [stream, name] of open) {
        const gone = grpcError(status.NOT_FOUND, 'Subscription does not exist');
        if (name === subscription) stream.emit('error', gone);
      }
    },
  };
}

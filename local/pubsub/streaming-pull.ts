import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Consumer } from '../delivery/consumers.ts';
import type { Broker } from './broker.ts';
import type { Leases } from './leases.ts';
import { toReceived } from './received.ts';

export interface StreamingPullRequest {
  /** Only in the first request of a stream, like the settings below. */
  subscription?: string;
  streamAckDeadlineSeconds?: number;
  maxOutstandingMessages?: string;
  ackIds?: string[];
  modifyDeadlineSeconds?: number[];
  modifyDeadlineAckIds?: string[];
}

interface StreamingPullResponse {
  receivedMessages: ReturnType<typeof toReceived>[];
}

export type PullStream = ServerDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** Feeds one open stream until the client or `end` closes it; returns how to close it. */
export function servePullStream(
  { broker, leases }: { broker: Broker; leases: Leases },
  stream: PullStream,
  opening: StreamingPullRequest,
): () => void {
  const subscription = opening.subscription ?? '';
  const leave = broker.engine.pump.attach(subscription, streamConsumer(broker, stream, opening));
  stream.on('data', async (request: StreamingPullRequest) => {
    stream.pause(); // until this one is done: what a client says has an order
    await leases.acknowledge(subscription, request.ackIds ?? []);
    for (const [seconds, ackIds] of deadlinesOf(request)) {
      await leases.modifyDeadline(subscription, ackIds, seconds);
    }
    stream.resume();
  });
  return leave;
}

/** Ack ids by the deadline that they are to have. */
function deadlinesOf({ modifyDeadlineAckIds = [], modifyDeadlineSeconds = [] }: StreamingPullRequest) {
  return Map.groupBy(modifyDeadlineAckIds, (_, index) => modifyDeadlineSeconds[index] ?? 0);
}

function streamConsumer(
  { topology }: Broker,
  stream: PullStream,
  { subscription = '', streamAckDeadlineSeconds, maxOutstandingMessages }: StreamingPullRequest,
): Consumer {
  const limit = Number(maxOutstandingMessages ?? 0) || Number.POSITIVE_INFINITY;
  let outstanding = 0;
  return {
    room: () => limit - outstanding,
    leaseMs: (streamAckDeadlineSeconds || 10) * 1000,
    inRuns: true,
    take(deliveries) {
      outstanding += deliveries.length;
      const settings = topology.findSubscription(subscription);
      stream.write({ receivedMessages: deliveries.map((delivery) => toReceived(settings, delivery)) });
    },
    ended() {
      outstanding -= 1;
    },
  };
}

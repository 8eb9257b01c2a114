import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Consumer } from '../delivery/pump.ts';
import { parseAckId, toAckId } from './ack-id.ts';
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
  broker: Broker,
  leases: Leases,
  stream: PullStream,
  opening: StreamingPullRequest,
): () => void {
  const subscription = opening.subscription ?? '';
  const outstanding = new Set<string>();
  const leaveLeases = leases.listen(subscription, (ackId) => outstanding.delete(ackId));
  const consumer = streamConsumer(broker, stream, opening, outstanding);
  const leavePump = broker.engine.pump.attach(subscription, consumer);
  stream.on('data', (request: StreamingPullRequest) => {
    leases.acknowledge(subscription, request.ackIds ?? []);
    request.modifyDeadlineAckIds?.forEach((ackId, index) => {
      leases.modifyDeadline(subscription, [ackId], request.modifyDeadlineSeconds?.[index] ?? 0);
    });
  });
  return () => {
    leavePump();
    leaveLeases();
  };
}

function streamConsumer(
  { topology, engine }: Broker,
  stream: PullStream,
  { subscription = '', streamAckDeadlineSeconds, maxOutstandingMessages }: StreamingPullRequest,
  outstanding: Set<string>,
): Consumer {
  const limit = Number(maxOutstandingMessages ?? 0) || Number.POSITIVE_INFINITY;
  const dropExpired = () => {
    for (const ackId of outstanding) {
      const attempt = parseAckId(subscription, ackId);
      if (!attempt || !engine.queue.holds(attempt)) outstanding.delete(ackId);
    }
  };
  return {
    room() {
      if (outstanding.size >= limit) dropExpired();
      return limit - outstanding.size;
    },
    leaseMs: (streamAckDeadlineSeconds || 10) * 1000,
    take(deliveries) {
      for (const delivery of deliveries) outstanding.add(toAckId(delivery));
      const settings = topology.findSubscription(subscription);
      stream.write({ receivedMessages: deliveries.map((delivery) => toReceived(settings, delivery)) });
    },
  };
}

import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import type { Broker } from './broker.ts';
import { keptMs, toListener } from './policy.ts';
import { type Duration, durationMs } from './resources.ts';

export interface SeekRequest {
  subscription: string;
  time?: Duration;
  snapshot?: string;
}

/** Sets what a subscription has acknowledged to what it was: at a time, as far as messages are kept, or in a snapshot. */
export function seek({ topology, snapshots, engine }: Broker, request: SeekRequest): void {
  const subscription = topology.getSubscription(request.subscription);
  const { target, accepts } = toListener(subscription);
  const seeker = { ...target, accepts, keepMs: keptMs(subscription) };
  if (request.time) {
    const holders = [subscription.name, subscription.topic];
    engine.history.seekToTime(seeker, durationMs(request.time), holders);
  } else if (request.snapshot) {
    const snapshot = snapshots.get(request.snapshot);
    if (snapshot.topic !== subscription.topic) throw otherTopic(subscription.topic, snapshot.topic);
    engine.history.seekToHolder(seeker, snapshot.name);
  } else {
    const message = 'No target was specified in the SeekRequest. Must specify either a time or a snapshot';
    throw grpcError(status.INVALID_ARGUMENT, message);
  }
  engine.pump.recall(subscription.name);
}

function otherTopic(wanted: string, found: string): Error {
  const message = `The subscription's topic ${wanted} is different from that of the snapshot ${found}; they must match in order for Seek work.`;
  return grpcError(status.FAILED_PRECONDITION, message);
}

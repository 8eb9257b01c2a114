import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery/message.ts';
import type { Broker } from './broker.ts';
import { toReceived } from './received.ts';

export interface PullRequest {
  subscription: string;
  maxMessages?: number;
  returnImmediately?: boolean;
}

export interface PullResponse {
  receivedMessages: ReturnType<typeof toReceived>[];
}

interface Unary {
  call: ServerUnaryCall<PullRequest, PullResponse>;
  callback: sendUnaryData<PullResponse>;
}

/** A pull waits a bounded time for its first message (pubsub.proto); how long, Google does not say. */
const WAIT_MS = 10_000;

/** Answers one pull: with what is there, or with the first that comes while the caller waits. */
export function servePull({ topology, engine }: Broker, clock: Clock, { call, callback }: Unary): void {
  const { subscription: name, maxMessages = 1, returnImmediately } = call.request;
  const subscription = topology.getAttachedSubscription(name);
  let isOpen = true;
  const answer = (deliveries: Delivery[]) => {
    if (!isOpen) return;
    isOpen = false;
    leave();
    timer.cancel();
    callback(null, {
      receivedMessages: deliveries.map((delivery) => toReceived(subscription, delivery)),
    });
  };
  let leave = () => {};
  const timer = clock.after(WAIT_MS, () => answer([]));
  leave = engine.pump.attach(name, {
    room: () => (isOpen ? maxMessages : 0),
    leaseMs: (subscription.ackDeadlineSeconds ?? 10) * 1000,
    inRuns: true,
    take: answer,
  });
  // The first messages may have come while attaching, before there was anything to leave.
  if (!isOpen) leave();
  if (returnImmediately) answer([]);
  call.on('cancelled', () => answer([]));
}

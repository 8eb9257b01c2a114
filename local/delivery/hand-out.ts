import type { Clock } from '../clock.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Consumer, Consumers } from './consumers.ts';
import type { Delivery } from './message.ts';
import type { DeliveryQueue } from './queue.ts';

export interface DeliveryPolicy {
  backoff: Backoff;
  /** After so many attempts the delivery goes to `giveUp` instead of to a consumer. */
  maxAttempts?: number;
  /** Disposes of a spent delivery (and removes it); returns false if it cannot, and the attempts go on. */
  giveUp?(delivery: Delivery): boolean;
  /** A seek can bring back what was acknowledged, until so long after its publication; 0 if absent. */
  keepMs?: number;
}

export interface HandOutOptions {
  queue: DeliveryQueue;
  clock: Clock;
  log: (line: string) => void;
}

/** So that one consumer with a lot of room does not take everything from the others. */
const BATCH = 20;
/** Messages of one ordering key go to one consumer: more of them at once, or a long key takes for ever. */
const RUN = 500;
/** After so many the other services of the process have a turn. */
const PER_TURN = 200;

/** Gives consumers what is due. True when a turn was not enough for it. */
export function createHandOut(options: HandOutOptions, consumers: Consumers) {
  const { queue, clock } = options;

  /** Returns how many deliveries it dealt with. */
  function handOutTo(consumer: Consumer, subscription: string, policy: DeliveryPolicy): number {
    const { inRuns } = consumer;
    const room = consumer.room();
    const due = queue.due(subscription, {
      keys: Math.min(room, BATCH),
      messages: Math.min(room, inRuns ? RUN : BATCH),
      inRuns,
    });
    const open = due.filter((delivery) => !isSpent(options, delivery, policy));
    // An attempt that never answers is due again after its lease and the back-off that follows a failure.
    const leaseEnd = ({ attempt }: Delivery) =>
      clock.now() + consumer.leaseMs + backoffMs(attempt + 1, policy.backoff);
    if (open.length > 0) consumers.give(consumer, queue.lease(open, leaseEnd));
    return due.length;
  }

  return (subscription: string, policy: DeliveryPolicy): boolean => {
    for (let count = 0; ; ) {
      const hungry = consumers.of(subscription).filter((consumer) => consumer.room() > 0);
      if (hungry.length === 0) return false;
      for (const consumer of hungry) {
        const handled = handOutTo(consumer, subscription, policy);
        if (handled === 0) return false; // nothing is due, for nobody
        count += handled;
        if (count >= PER_TURN) return true;
      }
    }
  };
}

/** True if the delivery is at its end and must not be handed out. */
export function isSpent(
  { queue, clock, log }: HandOutOptions,
  delivery: Delivery,
  policy: DeliveryPolicy,
): boolean {
  const { maxAttempts, giveUp } = policy;
  if (delivery.expiresMs <= clock.now()) {
    log(`${delivery.subscription}: message ${delivery.message.id} expired undelivered`);
    queue.drop(delivery.subscription, delivery.seq);
    return true;
  }
  if (maxAttempts === undefined || delivery.attempt < maxAttempts) return false;
  return giveUp?.(delivery) ?? false;
}

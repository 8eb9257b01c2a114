import type { Clock, Timer } from '../clock.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Attempt, Delivery } from './message.ts';
import type { DeliveryQueue } from './queue.ts';

/** Somebody who takes deliveries: a push endpoint, an open pull stream, a waiting pull. */
export interface Consumer {
  /** How many more deliveries it takes right now. */
  room(): number;
  /** How long it has to answer before the delivery counts as failed. */
  readonly leaseMs: number;
  take(deliveries: Delivery[]): void;
}

export interface DeliveryPolicy {
  backoff: Backoff;
  /** After so many attempts the delivery goes to `giveUp` instead of to a consumer. */
  maxAttempts?: number;
  /** Disposes of a spent delivery (and removes it); returns false if it cannot, and the attempts go on. */
  giveUp?(delivery: Delivery): boolean;
}

/** Moves what is due from the queue to whoever has room, and sleeps until the next is due. */
export interface Pump {
  /** Lets `consumer` take part in a subscription; returns how to leave. */
  attach(subscription: string, consumer: Consumer): () => void;
  /** To be called when there may be more work or more room. */
  wake(subscription: string): void;
  /** Ends an attempt: taken for good, or to be tried again after the back-off. */
  finish(attempt: Attempt, succeeded: boolean): void;
  /** Gives an attempt `leaseMs` more from now. */
  extend(attempt: Attempt, leaseMs: number): void;
  close(): void;
}

export interface PumpOptions {
  queue: DeliveryQueue;
  clock: Clock;
  /** Undefined for a subscription that does not exist (any more). */
  policyOf(subscription: string): DeliveryPolicy | undefined;
  log: (line: string) => void;
}

/** So that one consumer with a lot of room does not take everything from the others. */
const BATCH = 20;

export function createPump({ queue, clock, policyOf, log }: PumpOptions): Pump {
  const consumers = new Map<string, Consumer[]>();
  const timers = new Map<string, Timer>();
  let closed = false;
  const consumersOf = (subscription: string) => consumers.get(subscription) ?? [];

  /** True if the delivery is at its end and must not be handed out. */
  function isSpent(delivery: Delivery, { maxAttempts, giveUp }: DeliveryPolicy): boolean {
    if (delivery.expiresMs <= clock.now()) {
      log(`${delivery.subscription}: message ${delivery.message.id} expired undelivered`);
      queue.remove(delivery.subscription, delivery.seq);
      return true;
    }
    if (maxAttempts === undefined || delivery.attempt < maxAttempts) return false;
    return giveUp?.(delivery) ?? false;
  }

  function leaseBatch(subscription: string, policy: DeliveryPolicy, consumer: Consumer): Delivery[] {
    const limit = Math.min(consumer.room(), BATCH);
    if (limit <= 0) return [];
    return queue
      .due(subscription, limit)
      .filter((delivery) => !isSpent(delivery, policy))
      .map((delivery) => {
        // An attempt that never answers is due again after its lease and the back-off that follows a failure.
        const waitMs = consumer.leaseMs + backoffMs(delivery.attempt + 1, policy.backoff);
        return queue.lease(delivery, clock.now() + waitMs);
      });
  }

  function handOutOnce(subscription: string, policy: DeliveryPolicy): boolean {
    let handedOut = false;
    for (const consumer of [...consumersOf(subscription)]) {
      const batch = leaseBatch(subscription, policy, consumer);
      if (batch.length === 0) continue;
      consumer.take(batch);
      handedOut = true;
    }
    return handedOut;
  }

  function sleepUntilDue(subscription: string): void {
    const waiting = consumersOf(subscription);
    if (waiting.length === 0) return;
    // Without room, only the end of a lease makes a difference; what is due already must not wake us in a circle.
    const hasRoom = waiting.some((consumer) => consumer.room() > 0);
    const dueMs = queue.nextDueMs(subscription, hasRoom ? undefined : clock.now());
    if (dueMs === undefined) return;
    const delayMs = Math.max(0, dueMs - clock.now());
    timers.set(
      subscription,
      clock.after(delayMs, () => wake(subscription)),
    );
  }

  function wake(subscription: string): void {
    timers.get(subscription)?.cancel();
    timers.delete(subscription);
    const policy = closed ? undefined : policyOf(subscription);
    if (!policy) return;
    while (handOutOnce(subscription, policy)) {}
    sleepUntilDue(subscription);
  }

  function attach(subscription: string, consumer: Consumer): () => void {
    consumers.set(subscription, [...consumersOf(subscription), consumer]);
    wake(subscription);
    return () => {
      const others = consumersOf(subscription).filter((other) => other !== consumer);
      consumers.set(subscription, others);
    };
  }

  function retryLater(attempt: Attempt, policy: DeliveryPolicy): void {
    const delivery = queue.find(attempt);
    if (!delivery || isSpent(delivery, policy)) return;
    queue.release(delivery, clock.now() + backoffMs(delivery.attempt, policy.backoff));
  }

  function finish(attempt: Attempt, succeeded: boolean): void {
    if (closed) return;
    const policy = policyOf(attempt.subscription);
    if (succeeded || !policy) queue.remove(attempt.subscription, attempt.seq);
    else retryLater(attempt, policy);
    wake(attempt.subscription);
  }

  function extend(attempt: Attempt, leaseMs: number): void {
    const policy = closed ? undefined : policyOf(attempt.subscription);
    if (!policy) return;
    queue.extend(attempt, clock.now() + leaseMs + backoffMs(attempt.attempt, policy.backoff));
    wake(attempt.subscription);
  }

  return {
    attach,
    wake,
    finish,
    extend,
    close() {
      closed = true;
      for (const timer of timers.values()) timer.cancel();
    },
  };
}

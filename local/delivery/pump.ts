import type { Clock } from '../clock.ts';
import { createAlarms } from './alarms.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { type Consumer, type Consumers, createConsumers } from './consumers.ts';
import type { Attempt, Delivery } from './message.ts';
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

/** Moves what is due from the queue to whoever has room, and sleeps until the next is due. */
export interface Pump {
  /** Lets `consumer` take part in a subscription; returns how to leave. */
  attach(subscription: string, consumer: Consumer): () => void;
  /** To be called when there may be more work or more room. */
  wake(subscription: string): void;
  /** Ends attempts of one subscription: taken for good, or to be tried again after the back-off. */
  finish(attempts: readonly Attempt[], succeeded: boolean): void;
  /** Gives attempts of one subscription `leaseMs` more from now. */
  extend(attempts: readonly Attempt[], leaseMs: number): void;
  /** All that is out has ended without an answer: the deliveries were changed under it. */
  recall(subscription: string): void;
  close(): void;
}

export interface PumpOptions {
  queue: DeliveryQueue;
  clock: Clock;
  /** Undefined for a subscription that does not exist (any more). */
  policyOf(subscription: string): DeliveryPolicy | undefined;
  /** Runs it in one transaction. */
  atOnce<T>(work: () => T): T;
  log: (line: string) => void;
}

/** So that one consumer with a lot of room does not take everything from the others. */
const BATCH = 20;
/** Messages of one ordering key go to one consumer: more of them at once, or a long key takes for ever. */
const RUN = 500;
/** After so many the other services of the process have a turn. */
const PER_TURN = 200;

export function createPump(options: PumpOptions): Pump {
  const { queue, clock, policyOf, atOnce } = options;
  const consumers = createConsumers();
  const alarms = createAlarms(clock);
  const handOut = createHandOut(options, consumers);
  let closed = false;

  function wake(subscription: string): void {
    if (alarms.isComing(subscription)) return;
    alarms.cancel(subscription);
    const policy = closed ? undefined : policyOf(subscription);
    if (!policy) return;
    consumers.end(subscription, queue.endLeases(subscription));
    const again = () => wake(subscription);
    if (handOut(subscription, policy)) alarms.nextTurn(subscription, again);
    else alarms.at(subscription, nextDueMs(subscription), again);
  }

  /** Undefined when nobody is there to take anything. */
  function nextDueMs(subscription: string): number | undefined {
    const taking = consumers.of(subscription);
    if (taking.length === 0) return undefined;
    return queue.nextDueMs(
      subscription,
      taking.some((consumer) => consumer.room() > 0),
    );
  }

  function retryLater(attempt: Attempt, policy: DeliveryPolicy): readonly number[] {
    const delivery = queue.find(attempt);
    if (!delivery) return [];
    if (isSpent(options, delivery, policy)) return [attempt.seq];
    return queue.release(delivery, clock.now() + backoffMs(delivery.attempt, policy.backoff));
  }

  /** Returns what is out no more. */
  function end(attempt: Attempt, succeeded: boolean, policy: DeliveryPolicy | undefined): readonly number[] {
    if (!succeeded && policy) return retryLater(attempt, policy);
    queue.acknowledge(attempt.subscription, attempt.seq, policy?.keepMs);
    return [attempt.seq];
  }

  return {
    wake,
    attach(subscription, consumer) {
      const leave = consumers.add(subscription, consumer);
      wake(subscription);
      return leave;
    },
    finish(attempts, succeeded) {
      const [{ subscription } = { subscription: '' }] = attempts;
      if (closed || subscription === '') return;
      const policy = policyOf(subscription);
      const ended = atOnce(() => attempts.flatMap((attempt) => end(attempt, succeeded, policy)));
      consumers.end(subscription, ended);
      wake(subscription);
    },
    extend(attempts, leaseMs) {
      const [{ subscription } = { subscription: '' }] = attempts;
      const policy = closed ? undefined : policyOf(subscription);
      if (!policy) return;
      const dueMs = (attempt: number) => clock.now() + leaseMs + backoffMs(attempt, policy.backoff);
      atOnce(() => {
        for (const attempt of attempts) queue.extend(attempt, dueMs(attempt.attempt));
      });
      wake(subscription);
    },
    recall(subscription) {
      consumers.endAll(subscription);
      wake(subscription);
    },
    close() {
      closed = true;
      alarms.close();
    },
  };
}

/** Gives consumers what is due. True when a turn was not enough for it. */
function createHandOut(options: PumpOptions, consumers: Consumers) {
  const { queue, clock } = options;

  /** Returns how many deliveries it dealt with. */
  function handOutTo(consumer: Consumer, subscription: string, policy: DeliveryPolicy): number {
    const room = consumer.room();
    if (room <= 0) return 0;
    const { inRuns } = consumer;
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
    let count = 0;
    let before: number;
    do {
      before = count;
      for (const consumer of consumers.of(subscription)) {
        count += handOutTo(consumer, subscription, policy);
        if (count >= PER_TURN) return true;
      }
    } while (count > before);
    return false;
  };
}

/** True if the delivery is at its end and must not be handed out. */
function isSpent({ queue, clock, log }: PumpOptions, delivery: Delivery, policy: DeliveryPolicy): boolean {
  const { maxAttempts, giveUp } = policy;
  if (delivery.expiresMs <= clock.now()) {
    log(`${delivery.subscription}: message ${delivery.message.id} expired undelivered`);
    queue.drop(delivery.subscription, delivery.seq);
    return true;
  }
  if (maxAttempts === undefined || delivery.attempt < maxAttempts) return false;
  return giveUp?.(delivery) ?? false;
}

import { createAlarms } from './alarms.ts';
import { backoffMs } from './backoff.ts';
import { type Consumer, createConsumers } from './consumers.ts';
import { createHandOut, type DeliveryPolicy, type HandOutOptions, isSpent } from './hand-out.ts';
import type { Attempt } from './message.ts';

/** Moves what is due from the queue to whoever has room, and sleeps until the next is due. */
export interface Pump {
  /** Lets `consumer` take part in a subscription; returns how to leave. */
  attach(subscription: string, consumer: Consumer): () => void;
  /** To be called when there may be more work or more room. */
  wake(subscription: string): void;
  /** The same in the next turn: what is published one by one within a turn is handed out together. */
  wakeSoon(subscription: string): void;
  /** Ends attempts of one subscription: taken for good, or to be tried again after the back-off. */
  finish(attempts: readonly Attempt[], succeeded: boolean): void;
  /** Gives attempts of one subscription `leaseMs` more from now. */
  extend(attempts: readonly Attempt[], leaseMs: number): void;
  /** All that is out has ended without an answer: the deliveries were changed under it. */
  recall(subscription: string): void;
  close(): void;
}

export interface PumpOptions extends HandOutOptions {
  /** Undefined for a subscription that does not exist (any more). */
  policyOf(subscription: string): DeliveryPolicy | undefined;
  /** Runs it in one transaction. */
  atOnce<T>(work: () => T): T;
}

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

  function wakeSoon(subscription: string): void {
    if (closed || alarms.isComing(subscription)) return;
    alarms.nextTurn(subscription, () => wake(subscription));
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

  return {
    wake,
    wakeSoon,
    attach(subscription, consumer) {
      const leave = consumers.add(subscription, consumer);
      wake(subscription);
      return leave;
    },
    finish(attempts, succeeded) {
      const [{ subscription } = { subscription: '' }] = attempts;
      if (closed || subscription === '') return;
      const policy = policyOf(subscription);
      const ended = atOnce(() => attempts.flatMap((attempt) => end(options, attempt, { succeeded, policy })));
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

interface AttemptEnd {
  succeeded: boolean;
  policy: DeliveryPolicy | undefined;
}

/** Returns what is out no more. Without a policy the subscription is gone, and nothing is tried again. */
function end(options: PumpOptions, attempt: Attempt, { succeeded, policy }: AttemptEnd): readonly number[] {
  const { queue, clock } = options;
  if (succeeded || !policy) {
    queue.acknowledge(attempt.subscription, attempt.seq, policy?.keepMs);
    return [attempt.seq];
  }
  const delivery = queue.find(attempt);
  if (!delivery) return [];
  if (isSpent(options, delivery, policy)) return [attempt.seq];
  return queue.release(delivery, clock.now() + backoffMs(delivery.attempt, policy.backoff));
}

import { type Backoff, scaleBackoff } from '../delivery/backoff.ts';
import type { DeliveryPolicy } from '../delivery/hand-out.ts';
import type { Delivery, NewMessage, Target } from '../delivery/message.ts';
import { filterOf } from './filter.ts';
import { durationMs, projectOf, retentionMs, type Subscription, shortName } from './resources.ts';

/** Without a retry policy a pull is redelivered at once; a push slows down by itself (100 ms to 60 s, recalled from docs.cloud.google.com/pubsub/docs/push, not measured). */
const NO_WAIT: Backoff = { minimumMs: 0, maximumMs: 0 };
const PUSH_BACKOFF: Backoff = { minimumMs: 100, maximumMs: 60_000 };

/** A subscription of a topic, and what its filter lets through. */
export interface Listener {
  target: Target;
  accepts: ReturnType<typeof filterOf>;
}

export function toListener(subscription: Subscription): Listener {
  const { name, enableMessageOrdering, filter } = subscription;
  return {
    target: {
      subscription: name,
      ordered: enableMessageOrdering === true,
      retentionMs: retentionMs(subscription),
    },
    accepts: filterOf(filter),
  };
}

/** How a subscription's deliveries are tried, kept and given up; `deadLetter` disposes of one, as `giveUp` does. */
export function toPolicy(
  subscription: Subscription,
  scale: number,
  deadLetter: (topic: string, delivery: Delivery) => boolean,
): DeliveryPolicy {
  const { deadLetterPolicy } = subscription;
  const policy = {
    backoff: scaleBackoff(backoffOf(subscription), scale),
    keepMs: keptMs(subscription),
  };
  if (!deadLetterPolicy) return policy;
  return {
    ...policy,
    maxAttempts: deadLetterPolicy.maxDeliveryAttempts ?? 5,
    giveUp: (delivery) => deadLetter(deadLetterPolicy.deadLetterTopic, delivery),
  };
}

/** How long after its publication a message that was acknowledged can be brought back, in milliseconds. */
export function keptMs(subscription: Subscription): number {
  return subscription.retainAckedMessages ? retentionMs(subscription) : 0;
}

function backoffOf({ retryPolicy, pushConfig }: Subscription): Backoff {
  if (!retryPolicy) return pushConfig?.pushEndpoint ? PUSH_BACKOFF : NO_WAIT;
  const { minimumBackoff = {}, maximumBackoff = {} } = retryPolicy;
  return { minimumMs: durationMs(minimumBackoff), maximumMs: durationMs(maximumBackoff) };
}

/** docs.cloud.google.com/pubsub/docs/dead-letter-topics: the attributes that Pub/Sub adds when it forwards. */
export function toDeadLetter({ message, attempt, subscription }: Delivery): Omit<NewMessage, 'topic'> {
  return {
    data: message.data,
    orderingKey: message.orderingKey,
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
      CloudPubSubDeadLetterSourceSubscription: shortName(subscription),
      CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(subscription),
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishMs).toISOString(),
    },
  };
}

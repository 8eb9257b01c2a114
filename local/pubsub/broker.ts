import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { type Backoff, scaleBackoff } from '../delivery/backoff.ts';
import { createDeliveryEngine, type DeliveryEngine } from '../delivery/engine.ts';
import type { Delivery, NewMessage, Target } from '../delivery/message.ts';
import type { DeliveryPolicy } from '../delivery/pump.ts';
import { grpcError } from '../grpc.ts';
import type { ServiceOptions } from '../service.ts';
import { inTransaction } from '../sqlite.ts';
import { filterOf } from './filter.ts';
import { encodePush } from './push-request.ts';
import { durationMs, projectOf, type Subscription, shortName } from './resources.ts';
import { createTopology, type Topology } from './topology.ts';

/** Topics, subscriptions and the deliveries between them; gRPC and the host's own calls both come here. */
export interface Broker {
  topology: Topology;
  engine: DeliveryEngine;
  /** Message ids, in order. Throws NOT_FOUND without the topic. */
  publish(topic: string, messages: Omit<NewMessage, 'topic'>[]): string[];
  /** Starts, moves or stops the push of a subscription, as its push configuration says. */
  applyPush(subscription: Subscription): void;
  deleteSubscription(name: string): void;
}

export type BrokerOptions = Omit<ServiceOptions, 'port'> & { backoffScale?: number };

/** Without a retry policy a pull is redelivered at once; a push slows down by itself (100 ms to 60 s, recalled from docs.cloud.google.com/pubsub/docs/push, not measured). */
const NO_WAIT: Backoff = { minimumMs: 0, maximumMs: 0 };
const PUSH_BACKOFF: Backoff = { minimumMs: 100, maximumMs: 60_000 };

/** Google's own flow control grows and shrinks with success; here it is a fixed number of requests in flight. */
const MAX_OUTSTANDING_PUSHES = 50;

/** Delivered messages have no use here; they go at the next tidying. */
const REMEMBER_MS = 600_000;

export function createBroker(options: BrokerOptions): Broker {
  const engine = createDeliveryEngine({
    ...options,
    file: join(options.dataDir, 'pubsub.db'),
    rememberMs: REMEMBER_MS,
    policyOf: (name) => policyOf(name),
  });
  const topology = createTopology(engine.database);
  const scale = options.backoffScale ?? 1;

  function policyOf(name: string): DeliveryPolicy | undefined {
    const subscription = topology.findSubscription(name);
    if (!subscription) return undefined;
    const backoff = scaleBackoff(backoffOf(subscription), scale);
    const { deadLetterPolicy } = subscription;
    if (!deadLetterPolicy) return { backoff };
    return {
      backoff,
      maxAttempts: deadLetterPolicy.maxDeliveryAttempts ?? 5,
      giveUp: (delivery) => deadLetter(deadLetterPolicy.deadLetterTopic, delivery),
    };
  }

  function publish(topic: string, messages: Omit<NewMessage, 'topic'>[]): string[] {
    const listeners = topology.subscriptionsOf(topic).map(toListener);
    const ids = inTransaction(engine.database, () => record(topic, messages, listeners));
    wakeAll(listeners);
    return ids;
  }
  function record(topic: string, messages: Omit<NewMessage, 'topic'>[], listeners: Listener[]): string[] {
    return messages.map((message) => {
      const targets = listeners.filter(({ accepts }) => accepts(message.attributes));
      return (
        engine.record(
          { ...message, topic },
          targets.map(({ target }) => target),
        ) ?? ''
      );
    });
  }
  function wakeAll(listeners: Listener[]): void {
    for (const { target } of listeners) engine.pump.wake(target.subscription);
  }

  /** Google forwards best effort, perhaps more than once; here it is one transaction. False while there is no such topic. */
  function deadLetter(topic: string, delivery: Delivery): boolean {
    if (!topology.findTopic(topic)) return false;
    const listeners = topology.subscriptionsOf(topic).map(toListener);
    inTransaction(engine.database, () => {
      engine.queue.remove(delivery.subscription, delivery.seq);
      record(topic, [toDeadLetter(delivery)], listeners);
    });
    options.log(`${delivery.subscription}: message ${delivery.message.id} went to ${topic}`);
    wakeAll(listeners);
    return true;
  }

  return {
    topology,
    engine,
    publish,
    applyPush(subscription) {
      const leaseMs = (subscription.ackDeadlineSeconds ?? 10) * 1000;
      const encode = (delivery: Delivery) => encodePush(subscription, delivery);
      engine.setPushTarget(
        subscription.name,
        subscription.pushConfig?.pushEndpoint
          ? { leaseMs, maxOutstanding: MAX_OUTSTANDING_PUSHES, encode }
          : undefined,
      );
    },
    deleteSubscription(name) {
      if (!topology.findSubscription(name)) throw grpcError(status.NOT_FOUND, 'Subscription does not exist');
      engine.setPushTarget(name, undefined);
      topology.deleteSubscription(name);
      engine.queue.removeAll(name);
    },
  };
}

function backoffOf({ retryPolicy, pushConfig }: Subscription): Backoff {
  if (!retryPolicy) return pushConfig?.pushEndpoint ? PUSH_BACKOFF : NO_WAIT;
  const { minimumBackoff = {}, maximumBackoff = {} } = retryPolicy;
  return { minimumMs: durationMs(minimumBackoff), maximumMs: durationMs(maximumBackoff) };
}

/** A subscription of a topic, and what its filter lets through. */
interface Listener {
  target: Target;
  accepts: ReturnType<typeof filterOf>;
}

function toListener(subscription: Subscription): Listener {
  return { target: toTarget(subscription), accepts: filterOf(subscription.filter) };
}

function toTarget({ name, enableMessageOrdering, messageRetentionDuration }: Subscription): Target {
  return {
    subscription: name,
    ordered: enableMessageOrdering === true,
    retentionMs: durationMs(messageRetentionDuration ?? { seconds: 604_800 }),
  };
}

/** docs.cloud.google.com/pubsub/docs/dead-letter-topics: the attributes that Pub/Sub adds when it forwards. */
function toDeadLetter({ message, attempt, subscription }: Delivery): Omit<NewMessage, 'topic'> {
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

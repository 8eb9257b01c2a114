import { join } from 'node:path';
import { createDeliveryEngine, type DeliveryEngine } from '../delivery/engine.ts';
import type { Delivery, Keeper, NewMessage } from '../delivery/message.ts';
import type { ServiceOptions } from '../service.ts';
import { inTransaction } from '../sqlite.ts';
import { type Listener, toDeadLetter, toListener, toPolicy } from './policy.ts';
import { encodePush } from './push-request.ts';
import { durationMs, type Subscription } from './resources.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { createTopology, type Topology } from './topology.ts';

/** Topics, subscriptions and the deliveries between them; gRPC and the host's own calls both come here. */
export interface Broker {
  topology: Topology;
  snapshots: Snapshots;
  engine: DeliveryEngine;
  /** Message ids, in order. Throws NOT_FOUND without the topic. */
  publish(topic: string, messages: readonly MessageToPublish[]): string[];
  /** Starts, moves or stops the push of a subscription, as its push configuration says. */
  applyPush(subscription: Subscription): void;
}

export type MessageToPublish = Omit<NewMessage, 'topic'>;

export type BrokerOptions = Omit<ServiceOptions, 'port'> & { backoffScale?: number };

/** Google's own flow control grows and shrinks with success; here it is a fixed number of requests in flight. */
const MAX_OUTSTANDING_PUSHES = 50;

/** Delivered messages have no use here; they go at the next tidying. */
const REMEMBER_MS = 600_000;

export function createBroker(options: BrokerOptions): Broker {
  const engine = createDeliveryEngine({
    ...options,
    file: join(options.dataDir, 'pubsub.db'),
    rememberMs: REMEMBER_MS,
    policyOf(name) {
      const subscription = topology.findSubscription(name);
      return subscription && toPolicy(subscription, options.backoffScale ?? 1, publishing.deadLetter);
    },
  });
  const topology = createTopology(engine.database);
  const snapshots = createSnapshots(engine, options.clock);
  const publishing = createPublishing({ ...options, topology, snapshots, engine });

  return {
    ...{ topology, snapshots, engine, publish: publishing.publish },
    applyPush(subscription) {
      const leaseMs = (subscription.ackDeadlineSeconds ?? 10) * 1000;
      const encode = (delivery: Delivery) => encodePush(subscription, delivery);
      const isPushed = subscription.pushConfig?.pushEndpoint && !subscription.detached;
      engine.setPushTarget(
        subscription.name,
        isPushed ? { leaseMs, maxOutstanding: MAX_OUTSTANDING_PUSHES, encode } : undefined,
      );
    },
  };
}

type PublishingOptions = Pick<Broker, 'topology' | 'snapshots' | 'engine'> &
  Pick<ServiceOptions, 'clock' | 'log'>;

function createPublishing({ topology, snapshots, engine, clock, log }: PublishingOptions) {
  /** Those who keep what is published to a topic, for a seek: the topic itself and its snapshots. */
  function keepersOf(topic: string): Keeper[] {
    const { messageRetentionDuration } = topology.getTopic(topic);
    const keepMs = messageRetentionDuration && durationMs(messageRetentionDuration);
    const ofSnapshots = snapshots.ofTopic(topic).map(({ name, expireTime }) => ({
      holder: name,
      keepMs: durationMs(expireTime) - clock.now(),
    }));
    return [...(keepMs ? [{ holder: topic, keepMs }] : []), ...ofSnapshots];
  }

  function record(topic: string, messages: readonly MessageToPublish[], listeners: Listener[]): string[] {
    const keepers = keepersOf(topic);
    return messages.map((message) => {
      const targets = listeners
        .filter(({ accepts }) => accepts(message.attributes))
        .map(({ target }) => target);
      return engine.record({ ...message, topic }, { targets, keepers }) ?? '';
    });
  }

  function recordAndWake(topic: string, messages: readonly MessageToPublish[], first = () => {}): string[] {
    const listeners = topology.subscriptionsOf(topic).map(toListener);
    const ids = inTransaction(engine.database, () => {
      first();
      return record(topic, messages, listeners);
    });
    for (const { target } of listeners) engine.pump.wakeSoon(target.subscription);
    return ids;
  }

  return {
    publish: (topic: string, messages: readonly MessageToPublish[]) => recordAndWake(topic, messages),
    /** Google forwards best effort, perhaps more than once; here it is one transaction. False while there is no such topic. */
    deadLetter(topic: string, delivery: Delivery): boolean {
      if (!topology.findTopic(topic)) return false;
      recordAndWake(topic, [toDeadLetter(delivery)], () =>
        engine.queue.drop(delivery.subscription, delivery.seq),
      );
      log(`${delivery.subscription}: message ${delivery.message.id} went to ${topic}`);
      return true;
    },
  };
}

import type { PendingDelivery } from '../delivery/message.ts';
import { serveGrpc } from '../grpc.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { createBroker } from './broker.ts';
import { type PushSubscription, toSubscription } from './declared.ts';
import { createLeases } from './leases.ts';
import { clientProtos } from './protos.ts';
import { publisherMethods } from './publisher.ts';
import { schemaMethods } from './schemas.ts';
import { subscriberMethods } from './subscriber.ts';

export type { PushSubscription } from './declared.ts';

/** Google Pub/Sub for this machine: gRPC for clients with PUBSUB_EMULATOR_HOST, and these calls for the host itself. */
export interface PubSubService extends LocalService {
  /** Makes the topic (`projects/P/topics/T`) unless it exists. */
  declareTopic(name: string): void;
  /**
   * Makes the push subscription or gives it new settings; pending deliveries stay and go to the new endpoint.
   * After a restart nothing is pushed before this call: the old port may belong to another function now.
   */
  declarePushSubscription(subscription: PushSubscription): void;
  /** What nobody has acknowledged yet, oldest first. */
  undelivered(): PendingDelivery[];
  /** Resolves once no push request is in flight. */
  idle(): Promise<void>;
}

export interface PubSubOptions extends ServiceOptions {
  /** Multiplies every back-off, so that 10 s to 600 s can be 0.2 s to 12 s on a laptop. Default 1. */
  backoffScale?: number;
}

/** Starts the service; state is in `<dataDir>/pubsub.db`. Faults by method name, `Push` for each push attempt, `Message` for what befalls a message. */
export async function startPubSub(options: PubSubOptions): Promise<PubSubService> {
  const broker = createBroker(options);
  const { topology, engine } = broker;
  const leases = createLeases(engine.pump);
  const grpc = await serveGrpc({
    ...options,
    protoJson: clientProtos(),
    // No name of a resource has a colon: what follows one is a method, such as `:getIamPolicy`, that is not here.
    accepts: ([, value]) => !value.includes(':'),
    services: {
      'google.pubsub.v1.Publisher': publisherMethods(broker, options.faults),
      'google.pubsub.v1.Subscriber': subscriberMethods({ ...options, broker, leases }),
      'google.pubsub.v1.SchemaService': schemaMethods(options.faults),
    },
  });
  for (const subscription of topology.allSubscriptions()) {
    if (!subscription.declared) broker.applyPush(subscription);
  }

  return {
    address: grpc.address,
    door: grpc.door,
    declareTopic(name) {
      if (!topology.findTopic(name)) topology.createTopic({ name });
    },
    declarePushSubscription(asked) {
      broker.applyPush(topology.putSubscription(toSubscription(asked)));
    },
    undelivered: engine.undelivered,
    idle: engine.idle,
    async close() {
      await grpc.close();
      engine.close();
    },
  };
}

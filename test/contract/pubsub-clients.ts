import { randomUUID } from 'node:crypto';
import { v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import type { Connected } from './operations/operation.ts';

/** Google's three low-level clients of Pub/Sub, and names that nobody else uses. */
export interface PubSubClients {
  publisher: v1.PublisherClient;
  subscriber: v1.SubscriberClient;
  schemas: v1.SchemaServiceClient;
  /** Full name of a new resource: `projects/operations/topics/…`. */
  fresh(collection: 'topics' | 'subscriptions' | 'snapshots' | 'schemas'): string;
  /** A topic that exists now. */
  aTopic(): Promise<string>;
  /** A subscription that exists now, and its topic. */
  aSubscription(settings?: object): Promise<{ topic: string; subscription: string }>;
  publish(topic: string, ...texts: string[]): Promise<unknown>;
  /** The texts of what the subscription has now, acknowledged; up to `count`, waiting for the first. */
  take(subscription: string, count?: number): Promise<string[]>;
}

export const PROJECT = 'projects/operations';

export function connectPubSub(address: string, stop: () => unknown): Connected<PubSubClients> {
  const [servicePath = '', port] = address.split(':');
  // Without it, each client looks for a metadata server.
  process.env.METADATA_SERVER_DETECTION = 'none';
  const options = { servicePath, port: Number(port), sslCreds: credentials.createInsecure() };
  const publisher = new v1.PublisherClient(options);
  const subscriber = new v1.SubscriberClient(options);
  const schemas = new v1.SchemaServiceClient(options);
  const fresh: PubSubClients['fresh'] = (collection) => `${PROJECT}/${collection}/a-${randomUUID()}`;
  const aTopic = async () => {
    const name = fresh('topics');
    await publisher.createTopic({ name });
    return name;
  };
  return {
    client: {
      ...{ publisher, subscriber, schemas, fresh, aTopic },
      async aSubscription(settings = {}) {
        const topic = await aTopic();
        const subscription = fresh('subscriptions');
        await subscriber.createSubscription({ name: subscription, topic, ...settings });
        return { topic, subscription };
      },
      publish: (topic, ...texts) =>
        publisher.publish({ topic, messages: texts.map((text) => ({ data: Buffer.from(text) })) }),
      async take(subscription, count = 1) {
        const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: count });
        const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
        if (ackIds.length > 0) await subscriber.acknowledge({ subscription, ackIds });
        return (receivedMessages ?? []).map(({ message }) => String(message?.data));
      },
    },
    async close() {
      await Promise.all([publisher.close(), subscriber.close(), schemas.close()]);
      await stop();
    },
  };
}

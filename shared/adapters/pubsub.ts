import { PubSub, type Topic as PubSubTopic } from '@google-cloud/pubsub';
import type { ServiceTarget } from '../core/errors/service-error.ts';
import { messageOf, RUN_CHANGES_TOPIC } from '../core/run/changes.ts';
import type { RequestTopic } from '../core/run/messages.ts';
import type { ChangePublisher, Publisher } from '../ports.ts';
import { callService } from './service-errors.ts';

/** Who publishes, and into which project. */
type Asking = Pick<ServiceTarget, 'project' | 'account'>;

export function createPubSub(project: string): PubSub {
  return new PubSub({ projectId: project });
}

/** Pub/Sub: one message, one run id, sent at once. The client retries what may be retried. */
export function createPubSubPublisher(client: PubSub, asking: Asking): Publisher {
  const topics = new Map<RequestTopic, PubSubTopic>();
  const topicOf = (name: RequestTopic): PubSubTopic => {
    const topic = topics.get(name) ?? client.topic(name, { batching: { maxMessages: 1 } });
    topics.set(name, topic);
    return topic;
  };
  return {
    async publish(topic, message) {
      const target = { ...asking, service: 'pubsub', resource: topic } as const;
      await callService(target, 'publishing', () => topicOf(topic).publishMessage({ json: message }));
    },
  };
}

/** The topic of changes. */
export function createChangePublisher(client: PubSub, asking: Asking): ChangePublisher {
  const target = { ...asking, service: 'pubsub', resource: RUN_CHANGES_TOPIC } as const;
  const topic = client.topic(RUN_CHANGES_TOPIC, { batching: { maxMessages: 1 }, messageOrdering: true });
  return {
    async publish(change) {
      const { data, attributes, orderingKey } = messageOf(change);
      await callService(target, 'publishing', () =>
        topic.publishMessage({ data: Buffer.from(data), attributes, orderingKey }),
      );
    },
  };
}

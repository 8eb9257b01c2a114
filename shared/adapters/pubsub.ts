import { PubSub, type Topic as PubSubTopic } from '@google-cloud/pubsub';
import type { Topic } from '../core/messages.ts';
import type { Publisher } from '../ports.ts';

/** Pub/Sub: one message, one run id, sent at once. The client retries what may be retried. */
export function createPubSubPublisher(project: string): Publisher {
  const client = new PubSub({ projectId: project });
  const topics = new Map<Topic, PubSubTopic>();
  const topicOf = (name: Topic): PubSubTopic => {
    const topic = topics.get(name) ?? client.topic(name, { batching: { maxMessages: 1 } });
    topics.set(name, topic);
    return topic;
  };
  return {
    async publish(topic, message) {
      await topicOf(topic).publishMessage({ json: message });
    },
  };
}

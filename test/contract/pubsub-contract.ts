import { type Message, PubSub, type Subscription } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPullClient } from './pubsub-harness.ts';
import { createReceiver } from './pubsub-receiver.ts';

export interface PubSubConnection {
  /** `host:port` of the service. */
  address: string;
  close(): unknown;
}

/** What any Pub/Sub does for the real Node client; run against every one that is at hand. */
export function pubsubContract(name: string, connect: () => Promise<PubSubConnection>): void {
  describe(name, () => {
    let connection: PubSubConnection | undefined;
    let pubsub: PubSub;
    let pulls: ReturnType<typeof createPullClient>;
    let counter = 0;
    const fresh = (what: string) => {
      counter += 1;
      return `${what}-${counter}`;
    };
    const aTopicWithSubscription = async (options = {}) => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [subscription] = await topic.createSubscription(fresh('subscription'), options);
      return { topic, subscription };
    };
    const pull = async (subscription: Subscription, maxMessages = 10) => {
      const [response] = await pulls.pull({ subscription: subscription.name, maxMessages });
      return response.receivedMessages ?? [];
    };

    let startedMs: number;
    beforeAll(async () => {
      startedMs = Date.now();
      connection = await connect();
      // Both are read when a client is made. Without the second, the client looks for a metadata server.
      process.env.PUBSUB_EMULATOR_HOST = connection.address;
      process.env.METADATA_SERVER_DETECTION = 'none';
      pubsub = new PubSub({ projectId: 'contract-project' });
      pulls = createPullClient(connection.address);
    });
    afterAll(async () => {
      await pulls?.close();
      await pubsub?.close();
      await connection?.close();
    });

    it('delivers what was published, with data, attributes and time', async () => {
      const { topic, subscription } = await aTopicWithSubscription();
      const received = firstMessages(subscription, 1);
      const messageId = await topic.publishMessage({
        data: Buffer.from('日本語 \u0000'),
        attributes: { kind: 'a b' },
      });
      const [message] = await received;
      expect(message?.data.toString()).toBe('日本語 \u0000');
      expect(message).toMatchObject({ id: messageId, attributes: { kind: 'a b' }, orderingKey: '' });
      const publishedMs = Number(message?.publishTime);
      expect([startedMs, publishedMs, Date.now()].toSorted((a, b) => a - b)[1]).toBe(publishedMs);
    });

    it('gives every subscription its own copy, and a late one nothing from before', async () => {
      const { topic, subscription: first } = await aTopicWithSubscription();
      const [second] = await topic.createSubscription(fresh('subscription'));
      await topic.publishMessage({ data: Buffer.from('one') });
      const [late] = await topic.createSubscription(fresh('subscription'));
      await topic.publishMessage({ data: Buffer.from('two') });
      expect(texts(await firstMessages(first, 2)).sort()).toEqual(['one', 'two']);
      expect(texts(await firstMessages(second, 2)).sort()).toEqual(['one', 'two']);
      expect(texts(await firstMessages(late, 1))).toEqual(['two']);
    });

    it('redelivers a message that was given back, and not one that was acknowledged', async () => {
      const { topic, subscription } = await aTopicWithSubscription();
      await topic.publishMessage({ data: Buffer.from('again') });
      const [first] = await pull(subscription);
      const ackIds = [first?.ackId ?? ''];
      await pulls.modifyAckDeadline({ subscription: subscription.name, ackIds, ackDeadlineSeconds: 0 });
      const [second] = await pull(subscription);
      expect(second?.message?.messageId).toBe(first?.message?.messageId);
      await pulls.acknowledge({ subscription: subscription.name, ackIds: [second?.ackId ?? ''] });
      await topic.publishMessage({ data: Buffer.from('next') });
      const rest = await pull(subscription);
      expect(rest.map(({ message }) => String(message?.data))).toEqual(['next']);
    });

    it('keeps the order of each ordering key', async () => {
      const { topic, subscription } = await aTopicWithSubscription({ enableMessageOrdering: true });
      topic.setPublishOptions({ messageOrdering: true });
      const received = firstMessages(subscription, 8);
      for (let n = 0; n < 8; n += 1) {
        await topic.publishMessage({ data: Buffer.from(String(n)), orderingKey: n % 2 ? 'odd' : 'even' });
      }
      const messages = await received;
      const ofKey = (key: string) => texts(messages.filter(({ orderingKey }) => orderingKey === key));
      expect(ofKey('even')).toEqual(['0', '2', '4', '6']);
      expect(ofKey('odd')).toEqual(['1', '3', '5', '7']);
    });

    it('posts to a push endpoint in both spellings, and again until it is taken', async () => {
      const receiver = await createReceiver();
      receiver.reply(500);
      const pushEndpoint = `${receiver.url}/projects/contract-project/topics/some-topic`;
      const { topic, subscription } = await aTopicWithSubscription({ pushEndpoint });
      const messageId = await topic.publishMessage({ data: Buffer.from('hi'), attributes: { a: 'b' } });
      const requests = [await receiver.next(), await receiver.next()];
      for (const { url, headers, body } of requests) {
        const publishTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
        expect(url).toBe('/projects/contract-project/topics/some-topic');
        expect(headers['content-type']).toBe('application/json');
        expect(JSON.parse(body)).toEqual({
          message: {
            data: 'aGk=',
            attributes: { a: 'b' },
            messageId,
            message_id: messageId,
            publishTime,
            publish_time: publishTime,
          },
          subscription: subscription.name,
        });
      }
      await receiver.close();
    });

    it('turns a push subscription into a pull subscription', async () => {
      const receiver = await createReceiver();
      const { topic, subscription } = await aTopicWithSubscription({ pushEndpoint: receiver.url });
      await subscription.modifyPushConfig({ pushEndpoint: '' });
      await topic.publishMessage({ data: Buffer.from('pulled') });
      expect(texts(await firstMessages(subscription, 1))).toEqual(['pulled']);
      expect(receiver.requests).toEqual([]);
      await receiver.close();
    });

    it('lists and deletes topics and subscriptions', async () => {
      const { topic, subscription } = await aTopicWithSubscription();
      const names = (all: { name: string }[]) => all.map((one) => one.name);
      expect(names((await pubsub.getTopics())[0])).toContain(topic.name);
      expect(names((await pubsub.getSubscriptions())[0])).toContain(subscription.name);
      expect(names((await topic.getSubscriptions())[0])).toEqual([subscription.name]);
      await topic.delete();
      expect((await subscription.getMetadata())[0].topic).toBe('_deleted-topic_');
      await subscription.delete();
      expect(await subscription.exists()).toEqual([false]);
      expect(await topic.exists()).toEqual([false]);
    });

    const deadLetterPolicy = { deadLetterTopic: 'projects/contract-project/topics/nowhere' };
    const REFUSALS = [
      ['a topic that exists already', 6, () => pubsub.createTopic('twice')],
      ['a topic name of one character', 3, () => pubsub.createTopic('1')],
      [
        'publishing to a topic that does not exist',
        5,
        () => pubsub.topic('nowhere').publishMessage({ data: Buffer.from('x') }),
      ],
      ['an empty message', 3, () => pubsub.topic('twice').publishMessage({ data: Buffer.alloc(0) })],
      ['reading a missing topic', 5, () => pubsub.topic('nowhere').getMetadata()],
      ['deleting a missing topic', 5, () => pubsub.topic('nowhere').delete()],
      ['reading a missing subscription', 5, () => pubsub.subscription('nowhere').getMetadata()],
      ['subscribing to a missing topic', 5, () => pubsub.topic('nowhere').createSubscription('some-sub')],
      [
        'a missing dead-letter topic',
        5,
        () => pubsub.topic('twice').createSubscription('some-sub', { deadLetterPolicy }),
      ],
      [
        'too few delivery attempts',
        11,
        () =>
          pubsub.topic('twice').createSubscription('some-sub', {
            deadLetterPolicy: {
              deadLetterTopic: 'projects/contract-project/topics/twice',
              maxDeliveryAttempts: 4,
            },
          }),
      ],
    ] satisfies [string, number, () => Promise<unknown>][];

    it.each(REFUSALS)('refuses %s with code %i', async (_name, code, act) => {
      await pubsub
        .topic('twice')
        .get({ autoCreate: true })
        .catch(() => {});
      await expect(act()).rejects.toMatchObject({ code });
    });
  });
}

/** Opens the subscription's stream, acknowledges what comes, and closes it after `count` messages. */
function firstMessages(subscription: Subscription, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  return new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('message', (message: Message) => {
      message.ack();
      messages.push(message);
      if (messages.length === count) subscription.close().then(() => resolve(messages), reject);
    });
  });
}

function texts(messages: { data: Buffer }[]): string[] {
  return messages.map(({ data }) => data.toString());
}

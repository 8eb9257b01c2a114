import { once } from 'node:events';
import { expect } from 'vitest';
import { clientProtos } from '../../../local/pubsub/protos.ts';
import { startPubSub } from '../../../local/pubsub/server.ts';
import { findPubSubEmulator, startPubSubEmulator } from '../../support/pubsub-emulator.ts';
import { serviceOptions } from '../../support/service-options.ts';
import { connectPubSub, PROJECT, type PubSubClients } from '../pubsub-clients.ts';
import { grpcRefusal, methodsOf } from './grpc.ts';
import { type ServiceOperations, works } from './operation.ts';
import { SCHEMA_OPERATIONS } from './pubsub-schemas.ts';

const jar = findPubSubEmulator();

export const PUBSUB_OPERATIONS: ServiceOperations<PubSubClients> = {
  service: 'Pub/Sub',
  every: methodsOf(clientProtos(), [
    'google.pubsub.v1.Publisher',
    'google.pubsub.v1.Subscriber',
    'google.pubsub.v1.SchemaService',
  ]),
  refusalOf: grpcRefusal,
  async connect() {
    const service = await startPubSub(serviceOptions());
    return connectPubSub(service.address, service.close);
  },
  emulator: {
    name: "Google's emulator",
    connect: jar
      ? async () => {
          const emulator = await startPubSubEmulator(jar);
          return connectPubSub(emulator.address, emulator.close);
        }
      : undefined,
  },
  operations: [
    works('Publisher.CreateTopic', async ({ publisher, fresh }) => {
      const name = fresh('topics');
      const [topic] = await publisher.createTopic({ name, labels: { a: 'b' } });
      expect(topic).toMatchObject({ name, labels: { a: 'b' } });
    }),
    works('Publisher.GetTopic', async ({ publisher, aTopic }) => {
      const topic = await aTopic();
      expect((await publisher.getTopic({ topic }))[0].name).toBe(topic);
    }),
    works('Publisher.ListTopics', async ({ publisher, aTopic }) => {
      const topic = await aTopic();
      const [topics] = await publisher.listTopics({ project: PROJECT });
      expect(topics.map(({ name }) => name)).toContain(topic);
    }),
    works(
      'Publisher.UpdateTopic',
      async ({ publisher, aTopic }) => {
        const name = await aTopic();
        const topic = { name, labels: { team: 'x' } };
        await publisher.updateTopic({ topic, updateMask: { paths: ['labels'] } });
        expect((await publisher.getTopic({ topic: name }))[0].labels).toEqual({ team: 'x' });
      },
      { emulator: { refused: 'INVALID_ARGUMENT' }, note: 'labels, which the emulator does not know' },
    ),
    works('Publisher.DeleteTopic', async ({ publisher, aTopic }) => {
      const topic = await aTopic();
      await publisher.deleteTopic({ topic });
      await expect(publisher.getTopic({ topic })).rejects.toMatchObject({ code: 5 });
    }),
    works('Publisher.Publish', async ({ publisher, aTopic }) => {
      const topic = await aTopic();
      const messages = [{ data: Buffer.from('a') }, { attributes: { b: 'c' } }];
      const [{ messageIds }] = await publisher.publish({ topic, messages });
      expect(messageIds).toHaveLength(2);
    }),
    works('Publisher.ListTopicSubscriptions', async ({ publisher, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      expect((await publisher.listTopicSubscriptions({ topic }))[0]).toEqual([subscription]);
    }),
    works('Publisher.ListTopicSnapshots', async ({ publisher, subscriber, aSubscription, fresh }) => {
      const { topic, subscription } = await aSubscription();
      const name = fresh('snapshots');
      await subscriber.createSnapshot({ name, subscription });
      expect((await publisher.listTopicSnapshots({ topic }))[0]).toEqual([name]);
    }),
    works(
      'Publisher.DetachSubscription',
      async ({ publisher, subscriber, aSubscription }) => {
        const { topic, subscription } = await aSubscription();
        await publisher.detachSubscription({ subscription });
        expect((await subscriber.getSubscription({ subscription }))[0].detached).toBe(true);
        expect((await publisher.listTopicSubscriptions({ topic }))[0]).toEqual([]);
      },
      { emulator: { refused: 'UNIMPLEMENTED' } },
    ),

    works('Subscriber.CreateSubscription', async ({ subscriber, fresh, aTopic }) => {
      const name = fresh('subscriptions');
      const asked = { name, topic: await aTopic(), ackDeadlineSeconds: 30, filter: 'attributes:a' };
      expect((await subscriber.createSubscription(asked))[0]).toMatchObject(asked);
    }),
    works('Subscriber.GetSubscription', async ({ subscriber, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      expect((await subscriber.getSubscription({ subscription }))[0].topic).toBe(topic);
    }),
    works('Subscriber.ListSubscriptions', async ({ subscriber, aSubscription }) => {
      const { subscription } = await aSubscription();
      const [all] = await subscriber.listSubscriptions({ project: PROJECT });
      expect(all.map(({ name }) => name)).toContain(subscription);
    }),
    works('Subscriber.UpdateSubscription', async ({ subscriber, aSubscription }) => {
      const { subscription: name } = await aSubscription();
      const subscription = { name, ackDeadlineSeconds: 77 };
      await subscriber.updateSubscription({
        subscription,
        updateMask: { paths: ['ack_deadline_seconds'] },
      });
      expect((await subscriber.getSubscription({ subscription: name }))[0].ackDeadlineSeconds).toBe(77);
    }),
    works('Subscriber.DeleteSubscription', async ({ subscriber, aSubscription }) => {
      const { subscription } = await aSubscription();
      await subscriber.deleteSubscription({ subscription });
      await expect(subscriber.getSubscription({ subscription })).rejects.toMatchObject({ code: 5 });
    }),
    works('Subscriber.ModifyPushConfig', async ({ subscriber, aSubscription }) => {
      const { subscription } = await aSubscription();
      const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/' };
      await subscriber.modifyPushConfig({ subscription, pushConfig });
      expect((await subscriber.getSubscription({ subscription }))[0].pushConfig).toMatchObject(pushConfig);
    }),
    works('Subscriber.Pull', async ({ publish, take, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      await publish(topic, 'pulled');
      expect(await take(subscription)).toEqual(['pulled']);
    }),
    works('Subscriber.Acknowledge', async ({ publish, take, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      await publish(topic, 'first');
      await take(subscription);
      await publish(topic, 'second');
      expect(await take(subscription, 10)).toEqual(['second']);
    }),
    works('Subscriber.ModifyAckDeadline', async ({ subscriber, publish, take, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      await publish(topic, 'given back');
      const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 1 });
      const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
      await subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
      expect(await take(subscription)).toEqual(['given back']);
    }),
    works('Subscriber.StreamingPull', async ({ subscriber, publish, aSubscription }) => {
      const { topic, subscription } = await aSubscription();
      const stream = subscriber.streamingPull();
      stream.write({ subscription, streamAckDeadlineSeconds: 10 });
      await publish(topic, 'streamed');
      const [{ receivedMessages }] = await once(stream, 'data');
      stream.on('error', () => {});
      stream.cancel();
      expect(String(receivedMessages[0].message.data)).toBe('streamed');
    }),
    works('Subscriber.CreateSnapshot', async ({ subscriber, aSubscription, fresh }) => {
      const { topic, subscription } = await aSubscription();
      const name = fresh('snapshots');
      expect((await subscriber.createSnapshot({ name, subscription }))[0]).toMatchObject({ name, topic });
    }),
    works('Subscriber.GetSnapshot', async ({ subscriber, aSubscription, fresh }) => {
      const { topic, subscription } = await aSubscription();
      const snapshot = fresh('snapshots');
      await subscriber.createSnapshot({ name: snapshot, subscription });
      expect((await subscriber.getSnapshot({ snapshot }))[0].topic).toBe(topic);
    }),
    works('Subscriber.ListSnapshots', async ({ subscriber, aSubscription, fresh }) => {
      const { subscription } = await aSubscription();
      const name = fresh('snapshots');
      await subscriber.createSnapshot({ name, subscription });
      const [all] = await subscriber.listSnapshots({ project: PROJECT });
      expect(all.map((one) => one.name)).toContain(name);
    }),
    works(
      'Subscriber.UpdateSnapshot',
      async ({ subscriber, aSubscription, fresh }) => {
        const { subscription } = await aSubscription();
        const name = fresh('snapshots');
        await subscriber.createSnapshot({ name, subscription });
        const snapshot = { name, labels: { a: 'b' } };
        await subscriber.updateSnapshot({ snapshot, updateMask: { paths: ['labels'] } });
        expect((await subscriber.getSnapshot({ snapshot: name }))[0].labels).toEqual({ a: 'b' });
      },
      { emulator: { refused: 'UNIMPLEMENTED' } },
    ),
    works('Subscriber.DeleteSnapshot', async ({ subscriber, aSubscription, fresh }) => {
      const { subscription } = await aSubscription();
      const snapshot = fresh('snapshots');
      await subscriber.createSnapshot({ name: snapshot, subscription });
      await subscriber.deleteSnapshot({ snapshot });
      await expect(subscriber.getSnapshot({ snapshot })).rejects.toMatchObject({ code: 5 });
    }),
    works('Subscriber.Seek', async ({ subscriber, publish, take, aSubscription, fresh }) => {
      const { topic, subscription } = await aSubscription();
      const snapshot = fresh('snapshots');
      await subscriber.createSnapshot({ name: snapshot, subscription });
      await publish(topic, 'taken');
      expect(await take(subscription)).toEqual(['taken']);
      await subscriber.seek({ subscription, snapshot });
      expect(await take(subscription)).toEqual(['taken']);
    }),

    works(
      'SchemaService.ListSchemas',
      async ({ schemas }) => {
        expect((await schemas.listSchemas({ parent: PROJECT }))[0]).toEqual([]);
      },
      { note: 'always an empty list' },
    ),
    ...SCHEMA_OPERATIONS,
  ],
};

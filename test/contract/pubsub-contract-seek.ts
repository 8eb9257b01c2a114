import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connected } from './operations/operation.ts';
import { connectPubSub, type PubSubClients } from './pubsub-clients.ts';
import type { PubSubConnection } from './pubsub-contract.ts';

const RETAINING = { retainAckedMessages: true };
const LONG_AGO = { seconds: 1_000_000_000 };
const FAR_AHEAD = { seconds: 4_000_000_000 };

/** What any Pub/Sub does when a subscription is set back, changed, or keeps an order, for Google's low-level clients. */
export function pubsubSeekContract(name: string, connect: () => Promise<PubSubConnection>): void {
  let connected: Connected<PubSubClients>;
  const client = () => connected.client;
  beforeAll(async () => {
    const { address, close } = await connect();
    connected = connectPubSub(address, close);
  });
  afterAll(() => connected.close());

  let markers = 0;
  /** The subscription has these, in any order, and nothing else comes before a marker that is published behind them. */
  const expectRest = async (names: { topic: string; subscription: string }, expected: string[]) => {
    markers += 1;
    const marker = `marker ${markers}`;
    await client().publish(names.topic, marker);
    const taken: string[] = [];
    const others = () => taken.filter((text) => !text.startsWith('marker')).sort();
    while (!taken.includes(marker) || others().length < expected.length) {
      taken.push(...(await client().take(names.subscription, 10)));
    }
    expect(others()).toEqual(expected);
  };

  describe(`${name}: a seek`, () => {
    it('to an earlier time brings back what was acknowledged since, where that is kept', async () => {
      const names = await client().aSubscription(RETAINING);
      await client().publish(names.topic, 'a', 'b');
      await expectRest(names, ['a', 'b']);
      await client().subscriber.seek({ subscription: names.subscription, time: LONG_AGO });
      await expectRest(names, ['a', 'b']);
    });

    it('brings back nothing where acknowledged messages are not kept', async () => {
      const names = await client().aSubscription();
      await client().publish(names.topic, 'a', 'b');
      await expectRest(names, ['a', 'b']);
      await client().subscriber.seek({ subscription: names.subscription, time: LONG_AGO });
      await expectRest(names, []);
    });

    it('to a later time acknowledges all that waits', async () => {
      const names = await client().aSubscription();
      await client().publish(names.topic, 'a', 'b');
      await client().subscriber.seek({ subscription: names.subscription, time: FAR_AHEAD });
      await expectRest(names, []);
    });

    it('to a snapshot delivers what was not acknowledged at it and what came since, and nothing from before', async () => {
      const names = await client().aSubscription();
      await client().publish(names.topic, 'before');
      expect(await client().take(names.subscription)).toEqual(['before']);
      await client().publish(names.topic, 'waiting');
      const snapshot = client().fresh('snapshots');
      await client().subscriber.createSnapshot({ name: snapshot, subscription: names.subscription });
      await client().publish(names.topic, 'since');
      await expectRest(names, ['since', 'waiting']);
      await client().subscriber.seek({ subscription: names.subscription, snapshot });
      await expectRest(names, ['since', 'waiting']);
    });

    it('to the snapshot of another subscription of the topic works, of another topic does not', async () => {
      const first = await client().aSubscription();
      const subscription = client().fresh('subscriptions');
      await client().subscriber.createSubscription({ name: subscription, topic: first.topic });
      const snapshot = client().fresh('snapshots');
      await client().subscriber.createSnapshot({ name: snapshot, subscription: first.subscription });
      await client().publish(first.topic, 'since');
      expect(await client().take(subscription)).toEqual(['since']);
      await client().subscriber.seek({ subscription, snapshot });
      expect(await client().take(subscription)).toEqual(['since']);
      const other = await client().aSubscription();
      const seek = client().subscriber.seek({ subscription: other.subscription, snapshot });
      await expect(seek).rejects.toMatchObject({ code: 9 });
    });

    it('is refused without a target, without the snapshot and without the subscription', async () => {
      const { subscription } = await client().aSubscription();
      const snapshot = client().fresh('snapshots');
      const missing = client().fresh('subscriptions');
      const { subscriber } = client();
      await expect(subscriber.seek({ subscription })).rejects.toMatchObject({ code: 3 });
      await expect(subscriber.seek({ subscription, snapshot })).rejects.toMatchObject({ code: 5 });
      await expect(subscriber.seek({ subscription: missing, time: LONG_AGO })).rejects.toMatchObject({
        code: 5,
      });
    });
  });

  describe(`${name}: an update`, () => {
    it.each([
      ['nothing', {}, [], 3],
      ['the topic', { topic: 'projects/operations/topics/other' }, ['topic'], 3],
      ['the order', { enableMessageOrdering: true }, ['enable_message_ordering'], 3],
      ['the filter', { filter: 'attributes:a' }, ['filter'], 3],
      ['a field that does not exist', {}, ['nonsense'], 3],
      ['a field in the spelling of JSON', { ackDeadlineSeconds: 20 }, ['ackDeadlineSeconds'], 3],
      [
        'a dead-letter topic that does not exist',
        { deadLetterPolicy: { deadLetterTopic: 'projects/operations/topics/none' } },
        ['dead_letter_policy'],
        5,
      ],
    ])('of %s is refused', async (_what, fields, paths, code) => {
      const { subscription: name } = await client().aSubscription();
      const subscription = { name, ...fields };
      const update = client().subscriber.updateSubscription({ subscription, updateMask: { paths } });
      await expect(update).rejects.toMatchObject({ code });
    });

    it('changes the fields of the mask and no others, and takes away what is not given', async () => {
      const { subscription: name } = await client().aSubscription({
        ackDeadlineSeconds: 30,
        retryPolicy: { minimumBackoff: { seconds: 1 } },
      });
      const subscription = { name, retainAckedMessages: true, ackDeadlineSeconds: 99 };
      const updateMask = { paths: ['retain_acked_messages', 'retry_policy'] };
      await client().subscriber.updateSubscription({ subscription, updateMask });
      const [found] = await client().subscriber.getSubscription({ subscription: name });
      expect(found).toMatchObject({ ackDeadlineSeconds: 30, retainAckedMessages: true, retryPolicy: null });
    });
  });

  it(`${name}: messages of one ordering key come in their order, without a wait for each acknowledgement`, async () => {
    const { topic, subscription } = await client().aSubscription({ enableMessageOrdering: true });
    const messages = ['1', '2', '3', '4'].map((text) => ({ data: Buffer.from(text), orderingKey: 'key' }));
    await client().publisher.publish({ topic, messages });
    const pulled: string[] = [];
    while (pulled.length < 4) {
      const [{ receivedMessages }] = await client().subscriber.pull({ subscription, maxMessages: 10 });
      for (const { message } of receivedMessages ?? []) pulled.push(String(message?.data));
    }
    expect(pulled).toEqual(['1', '2', '3', '4']);
  });
}

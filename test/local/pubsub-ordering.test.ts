import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPubSubHarness,
  createPullClient,
  type PubSubHarness,
  TOPIC,
} from '../contract/pubsub-harness.ts';
import { createReceiver } from '../contract/pubsub-receiver.ts';

const SUBSCRIPTION = 'projects/demo/subscriptions/ordered';

let pubsub: PubSubHarness;
let pulls: ReturnType<typeof createPullClient>;

beforeEach(async () => {
  pubsub = await createPubSubHarness();
  pulls = createPullClient(pubsub.service().address);
  pubsub.service().declareTopic(TOPIC);
});
afterEach(async () => {
  await pulls.close();
  await pubsub.dispose();
});

interface Pulled {
  ackId: string;
  text: string;
  attempt: number;
}

async function subscribe(settings: object = {}): Promise<void> {
  await pubsub
    .client()
    .topic(TOPIC)
    .createSubscription(SUBSCRIPTION, { enableMessageOrdering: true, ...settings });
}

/** Publishes texts under one ordering key, in their order. */
async function publish(...texts: string[]): Promise<void> {
  for (const text of texts) await pubsub.publish(text, 'key');
}

async function pull(maxMessages = 10): Promise<Pulled[]> {
  const [{ receivedMessages }] = await pulls.pull({
    subscription: SUBSCRIPTION,
    maxMessages,
    returnImmediately: true,
  });
  return (receivedMessages ?? []).map(({ ackId, message, deliveryAttempt }) => ({
    ackId: ackId ?? '',
    text: String(message?.data),
    attempt: deliveryAttempt ?? 0,
  }));
}

const textsOf = (pulled: Pulled[]) => pulled.map(({ text }) => text);
const idsOf = (pulled: Pulled[], ...texts: string[]) =>
  pulled.filter(({ text }) => texts.includes(text)).map(({ ackId }) => ackId);
const acknowledge = (ackIds: string[]) => pulls.acknowledge({ subscription: SUBSCRIPTION, ackIds });
const giveBack = (ackIds: string[]) =>
  pulls.modifyAckDeadline({ subscription: SUBSCRIPTION, ackIds, ackDeadlineSeconds: 0 });

describe('messages of one ordering key that are out together', () => {
  it('hold back those behind them, also when some are acknowledged', async () => {
    await subscribe();
    await publish('1', '2');
    const first = await pull();
    await publish('3');
    expect(await pull()).toEqual([]);
    await acknowledge(idsOf(first, '1'));
    expect(await pull()).toEqual([]);
    await acknowledge(idsOf(first, '2'));
    expect(textsOf(await pull())).toEqual(['3']);
  });

  it('are as many as were asked for', async () => {
    await subscribe();
    await publish('1', '2', '3');
    expect(textsOf(await pull(2))).toEqual(['1', '2']);
  });

  it('end before one that may not be handed out yet', async () => {
    await subscribe();
    pubsub.faults.script('Message', [{ kind: 'ok' }, { kind: 'delay', byMs: 5000 }]);
    await publish('1', '2');
    const first = await pull();
    expect(textsOf(first)).toEqual(['1']);
    await acknowledge(idsOf(first, '1'));
    expect(await pull()).toEqual([]);
    await pubsub.clock.advance(5000);
    expect(textsOf(await pull())).toEqual(['2']);
  });

  it('hold back those behind them after a seek as before', async () => {
    await subscribe({ retainAckedMessages: true });
    await publish('1', '2', '3');
    await acknowledge((await pull()).map(({ ackId }) => ackId));
    await pulls.seek({ subscription: SUBSCRIPTION, time: { seconds: 1_000_000_000 } });
    expect(textsOf(await pull(1))).toEqual(['1']);
    expect(await pull()).toEqual([]);
  });

  it('come again from the one that is given back, with those behind it that were acknowledged already', async () => {
    await subscribe();
    await publish('1', '2', '3', '4');
    const first = await pull();
    await acknowledge(idsOf(first, '1', '3'));
    await giveBack(idsOf(first, '2'));
    expect(textsOf(await pull())).toEqual(['2', '3', '4']);
  });

  it('are gone when all are acknowledged, in whatever order', async () => {
    await subscribe();
    await publish('1', '2', '3');
    const first = await pull();
    await acknowledge(idsOf(first, '3'));
    await acknowledge(idsOf(first, '1', '2'));
    expect(pubsub.service().undelivered()).toEqual([]);
  });

  it('come again from the one whose deadline passes, and the others are not counted as attempts', async () => {
    const deadLetterTopic = TOPIC;
    await subscribe({
      ackDeadlineSeconds: 10,
      deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 },
    });
    await publish('1', '2', '3');
    const first = await pull();
    expect(first.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    await pulls.modifyAckDeadline({
      subscription: SUBSCRIPTION,
      ackIds: idsOf(first, '2', '3'),
      ackDeadlineSeconds: 60,
    });
    await pubsub.clock.advance(10_000);
    const second = await pull();
    expect(textsOf(second)).toEqual(['1', '2', '3']);
    expect(second.map(({ attempt }) => attempt)).toEqual([2, 1, 1]);
  });

  it('stay in order over a restart', async () => {
    await subscribe();
    await publish('1', '2', '3');
    const first = await pull();
    await acknowledge(idsOf(first, '1'));
    await pulls.close();
    await pubsub.stop();
    await pubsub.start();
    pulls = createPullClient(pubsub.service().address);
    expect(textsOf(await pull())).toEqual(['2', '3']);
  });

  it('go to a push endpoint one by one', async () => {
    await subscribe();
    await publish('1', '2');
    const receiver = await createReceiver();
    receiver.reply(500);
    await pubsub.client().subscription(SUBSCRIPTION).modifyPushConfig({ pushEndpoint: receiver.url });
    await receiver.next();
    await pubsub.service().idle();
    expect(receiver.requests).toHaveLength(1);
    await receiver.close();
  });
});

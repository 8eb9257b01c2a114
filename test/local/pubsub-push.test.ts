import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PushSubscription } from '../../local/pubsub/server.ts';
import { createPubSubHarness, DEAD, type PubSubHarness, TOPIC } from '../contract/pubsub-harness.ts';
import { createReceiver, type Receiver } from '../contract/pubsub-receiver.ts';

const PUSH = 'projects/demo/subscriptions/work-push';

let pubsub: PubSubHarness;
let receiver: Receiver;

function declare(over: Partial<PushSubscription> = {}): void {
  pubsub.service().declareTopic(TOPIC);
  pubsub.service().declareTopic(DEAD);
  pubsub.service().declarePushSubscription({
    name: PUSH,
    topic: TOPIC,
    pushEndpoint: receiver.url,
    ackDeadlineSeconds: 60,
    minimumBackoffMs: 10_000,
    maximumBackoffMs: 600_000,
    ...over,
  });
}

/** Lets the answer to the request in hand arrive, then moves time. */
async function finishAndAdvance(byMs: number): Promise<void> {
  await pubsub.service().idle();
  await pubsub.clock.advance(byMs);
}

async function advanceToNextAttempt(): Promise<void> {
  await pubsub.service().idle();
  await pubsub.clock.advance((pubsub.service().undelivered()[0]?.nextAttemptAt ?? 0) - pubsub.clock.now());
}

const textOf = ({ body }: { body: string }) =>
  Buffer.from(JSON.parse(body).message.data, 'base64').toString();
const sentTexts = () => receiver.requests.map(textOf);

beforeEach(async () => {
  pubsub = await createPubSubHarness();
  receiver = await createReceiver();
});

afterEach(async () => {
  await pubsub.dispose();
  await receiver.close();
});

describe('a push subscription', () => {
  it('posts the raw push body to the declared path, with the attempt when there is a dead-letter topic', async () => {
    declare({ pushPath: '/projects/demo/topics/work', deadLetterTopic: DEAD });
    const messageId = await pubsub.publish('x', 'key');
    const { url, headers, body } = await receiver.next();
    expect(url).toBe('/projects/demo/topics/work');
    expect(headers).toMatchObject({ from: 'noreply@google.com', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({
      message: {
        data: 'eA==',
        attributes: {},
        messageId,
        message_id: messageId,
        publishTime: '2026-01-01T00:00:00.000Z',
        publish_time: '2026-01-01T00:00:00.000Z',
        orderingKey: 'key',
      },
      subscription: PUSH,
      deliveryAttempt: 1,
    });
  });

  it.each([200, 201, 202, 204])('takes status %i as acknowledgement', async (status) => {
    declare();
    receiver.reply(status);
    await pubsub.publish('x');
    await receiver.next();
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([]);
  });

  it.each([203, 301, 400, 404, 429, 500, 503, 'drop'] as const)('tries again after %s', async (reply) => {
    declare();
    receiver.reply(reply);
    await pubsub.publish('x');
    await receiver.next();
    await finishAndAdvance(10_000);
    await receiver.next();
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([]);
  });

  it('doubles the wait from the minimum to the maximum', async () => {
    declare({ minimumBackoffMs: 10_000, maximumBackoffMs: 60_000 });
    receiver.reply(500, 500, 500, 500, 500);
    await pubsub.publish('x');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await receiver.next();
      await pubsub.service().idle();
      const waitMs = (pubsub.service().undelivered()[0]?.nextAttemptAt ?? 0) - pubsub.clock.now();
      waits.push(waitMs);
      await pubsub.clock.advance(waitMs - 1);
      expect(receiver.requests).toHaveLength(attempt);
      await pubsub.clock.advance(1);
    }
    await receiver.next();
    expect(waits).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('waits less when the back-off is scaled down', async () => {
    await pubsub.stop();
    await pubsub.start(0.02);
    declare();
    receiver.reply(500);
    const messageId = await pubsub.publish('x');
    await receiver.next();
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([
      { subscription: PUSH, messageId, attempt: 1, nextAttemptAt: pubsub.clock.now() + 200 },
    ]);
  });

  it('drops an attempt that has no answer within the acknowledgement deadline, and tries again', async () => {
    declare({ ackDeadlineSeconds: 60 });
    receiver.reply('never');
    await pubsub.publish('x');
    await receiver.next();
    await pubsub.clock.advance(60_000);
    await finishAndAdvance(10_000);
    await receiver.next();
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([]);
  });

  it('waits for a function that is restarting, within one attempt', async () => {
    const port = Number(new URL(receiver.url).port);
    declare({ deadLetterTopic: DEAD });
    await receiver.close();
    await pubsub.publish('x');
    receiver = await createReceiver(port);
    const arrival = receiver.next();
    while (receiver.requests.length === 0) await pubsub.clock.advance(50);
    expect(JSON.parse((await arrival).body).deliveryAttempt).toBe(1);
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([]);
  });

  it('counts a failed attempt when nobody listens for ten seconds', async () => {
    declare();
    await receiver.close();
    const startMs = pubsub.clock.now();
    await pubsub.publish('x');
    let isIdle = false;
    pubsub
      .service()
      .idle()
      .then(() => {
        isIdle = true;
      });
    while (!isIdle) await pubsub.clock.advance(50);
    expect(pubsub.service().undelivered()).toMatchObject([{ attempt: 1 }]);
    expect(pubsub.clock.now() - startMs).toBeGreaterThanOrEqual(10_000);
  });

  it('gives up a message that is older than its retention', async () => {
    declare();
    receiver.reply(500);
    await pubsub.publish('x');
    await receiver.next();
    await pubsub.service().idle();
    await pubsub.stop();
    await pubsub.clock.advance(7 * 86_400_000);
    await pubsub.start();
    expect(pubsub.service().undelivered()).toMatchObject([{ attempt: 1 }]);
    declare();
    expect(pubsub.service().undelivered()).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('ordering', () => {
  it('holds back the later messages of a key until the earlier one is taken', async () => {
    pubsub.service().declareTopic(TOPIC);
    receiver.reply(500);
    await pubsub
      .client()
      .topic(TOPIC)
      .createSubscription('ordered', {
        pushEndpoint: receiver.url,
        enableMessageOrdering: true,
        retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 600 } },
      });
    await pubsub.publish('a1', 'a');
    await receiver.next();
    await pubsub.service().idle();
    await pubsub.publish('a2', 'a');
    await pubsub.publish('b1', 'b');
    await receiver.next();
    await pubsub.service().idle();
    expect(sentTexts()).toEqual(['a1', 'b1']);
    await pubsub.clock.advance(10_000);
    await receiver.next();
    await receiver.next();
    expect(sentTexts()).toEqual(['a1', 'b1', 'a1', 'a2']);
  });
});

describe('a dead-letter topic', () => {
  it('gets the message after the last attempt, with its source in the attributes', async () => {
    declare({ deadLetterTopic: DEAD, maxDeliveryAttempts: 5 });
    receiver.reply(500, 500, 500, 500, 500);
    await pubsub.client().topic(DEAD).createSubscription('dead-pull');
    const publishedAt = new Date(pubsub.clock.now()).toISOString();
    await pubsub.publish('poison');
    const attempts: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      attempts.push(JSON.parse((await receiver.next()).body).deliveryAttempt);
      await advanceToNextAttempt();
    }
    const message = await pubsub.oneMessage('dead-pull');
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(message.data.toString()).toBe('poison');
    expect(message.attributes).toEqual({
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'work-push',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'demo',
      CloudPubSubDeadLetterSourceTopicPublishTime: publishedAt,
    });
    expect(receiver.requests).toHaveLength(5);
  });

  it('is not used as long as it is missing: the attempts go on', async () => {
    declare({ deadLetterTopic: DEAD, maxDeliveryAttempts: 5 });
    await pubsub.client().topic(DEAD).delete();
    receiver.reply(500, 500, 500, 500, 500, 500);
    await pubsub.publish('x');
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await receiver.next();
      await advanceToNextAttempt();
    }
    await receiver.next();
    await pubsub.service().idle();
    expect(pubsub.service().undelivered()).toEqual([]);
  });
});

describe('scripted trouble', () => {
  it('answers a publish with an error after doing it, so that the client publishes twice', async () => {
    declare();
    pubsub.faults.script('Publish', [{ kind: 'error', status: 503, afterEffect: true }]);
    await pubsub.publish('twice');
    expect(textOf(await receiver.next())).toBe('twice');
    expect(textOf(await receiver.next())).toBe('twice');
    const ids = receiver.requests.map(({ body }) => JSON.parse(body).message.messageId);
    expect(new Set(ids).size).toBe(2);
    expect(pubsub.faults.remaining()).toEqual({});
  });

  it('loses the answer to a push, so that a function sees the same message twice', async () => {
    declare();
    pubsub.faults.script('Push', [{ kind: 'reset', afterEffect: true }, { kind: 'reset' }]);
    const messageId = await pubsub.publish('x');
    const first = await receiver.next();
    await finishAndAdvance(10_000);
    expect(receiver.requests).toHaveLength(1);
    await finishAndAdvance(20_000);
    const second = await receiver.next();
    for (const { body } of [first, second]) expect(JSON.parse(body).message.messageId).toBe(messageId);
    expect(pubsub.faults.remaining()).toEqual({});
  });

  it('drops, delays and duplicates messages', async () => {
    declare();
    pubsub.faults.script('Message', [
      { kind: 'drop' },
      { kind: 'delay', byMs: 5000 },
      { kind: 'duplicate', id: 'same' },
      { kind: 'duplicate', id: 'new' },
    ]);
    for (const text of ['dropped', 'delayed', 'same', 'new']) await pubsub.publish(text);
    for (let n = 0; n < 4; n += 1) await receiver.next();
    await finishAndAdvance(5000);
    await receiver.next();
    await pubsub.service().idle();
    const idsOf = (text: string) =>
      receiver.requests
        .filter((request) => textOf(request) === text)
        .map(({ body }) => JSON.parse(body).message.messageId);
    expect(sentTexts()).toEqual(['same', 'same', 'new', 'new', 'delayed']);
    expect(new Set(idsOf('same')).size).toBe(1);
    expect(new Set(idsOf('new')).size).toBe(2);
    expect(pubsub.faults.remaining()).toEqual({});
  });
});

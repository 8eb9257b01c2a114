import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPubSubHarness,
  createPullClient,
  DEAD,
  type PubSubHarness,
  TOPIC,
} from '../contract/pubsub-harness.ts';

let pubsub: PubSubHarness;

beforeEach(async () => {
  pubsub = await createPubSubHarness();
});

afterEach(async () => {
  await pubsub.dispose();
});

describe('a pulling client', () => {
  it('is given a message again when it does not answer within the deadline', async () => {
    pubsub.service().declareTopic(TOPIC);
    await pubsub.client().topic(TOPIC).createSubscription('pulled', { ackDeadlineSeconds: 10 });
    const messageId = await pubsub.publish('x');
    const pulls = createPullClient(pubsub.service().address);
    const request = { subscription: 'projects/demo/subscriptions/pulled', maxMessages: 1 };
    await pulls.pull(request);
    await pubsub.clock.advance(9999);
    const pending = pulls.pull(request);
    await pubsub.clock.advance(1);
    const [{ receivedMessages }] = await pending;
    await pulls.close();
    expect(receivedMessages).toMatchObject([{ message: { messageId } }]);
    expect(pubsub.service().undelivered()).toMatchObject([{ messageId, attempt: 2 }]);
  });

  it('is answered with nothing after ten seconds without a message', async () => {
    pubsub.service().declareTopic(TOPIC);
    await pubsub.client().topic(TOPIC).createSubscription('pulled');
    const pulls = createPullClient(pubsub.service().address);
    const answer = pulls.pull({ subscription: 'projects/demo/subscriptions/pulled', maxMessages: 1 });
    let isAnswered = false;
    answer.then(() => {
      isAnswered = true;
    });
    while (!isAnswered) await pubsub.clock.advance(1000);
    await pulls.close();
    expect((await answer)[0].receivedMessages).toEqual([]);
    expect(pubsub.clock.now()).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 1) + 10_000);
  });

  it('is not given more than it asked to hold', async () => {
    pubsub.service().declareTopic(TOPIC);
    await pubsub.client().topic(TOPIC).createSubscription('pulled');
    await Promise.all(['1', '2', '3'].map((text) => pubsub.publish(text)));
    const flowControl = { maxMessages: 1, allowExcessMessages: false };
    const slow = pubsub.client().subscription('pulled', { flowControl, streamingOptions: { maxStreams: 1 } });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      slow.on('message', (message) => {
        seen.push(message.data.toString());
        expect(
          pubsub
            .service()
            .undelivered()
            .filter(({ attempt }) => attempt > 0),
        ).toHaveLength(1);
        message.ack();
        if (seen.length === 3) resolve();
      });
    });
    await slow.close();
    expect(seen.sort()).toEqual(['1', '2', '3']);
  });
});

describe('a dead-letter topic', () => {
  it('gets what a pulling client gives back too often', async () => {
    pubsub.service().declareTopic(TOPIC);
    pubsub.service().declareTopic(DEAD);
    const deadLetterPolicy = { deadLetterTopic: DEAD, maxDeliveryAttempts: 5 };
    const [subscription] = await pubsub
      .client()
      .topic(TOPIC)
      .createSubscription('pulled', { deadLetterPolicy });
    await pubsub.client().topic(DEAD).createSubscription('dead-pull');
    const attempts: number[] = [];
    subscription.on('message', (message) => {
      attempts.push(message.deliveryAttempt);
      message.nack();
    });
    await pubsub.publish('unwanted');
    expect((await pubsub.oneMessage('dead-pull')).data.toString()).toBe('unwanted');
    await subscription.close();
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a pull stream', () => {
  it('of a missing subscription ends with NOT_FOUND', async () => {
    const error = new Promise((resolve) =>
      pubsub
        .client()
        .subscription('nowhere')
        .on('error', resolve)
        .on('message', () => {}),
    );
    expect(await error).toMatchObject({ code: 5 });
  });

  it('ends with NOT_FOUND when its subscription is deleted', async () => {
    pubsub.service().declareTopic(TOPIC);
    const [subscription] = await pubsub.client().topic(TOPIC).createSubscription('short-lived');
    const open = pubsub.client().subscription('short-lived');
    const error = new Promise((resolve) => open.on('error', resolve));
    const message = new Promise<void>((resolve) => {
      open.on('message', (received) => {
        received.ack();
        resolve();
      });
    });
    await pubsub.publish('x');
    await message;
    await subscription.delete();
    expect(await error).toMatchObject({ code: 5 });
  });
});

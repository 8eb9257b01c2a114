import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { afterAll, describe, expect, test } from 'vitest';
import { startPubSub } from '../../local/pubsub/server.ts';
import { serviceOptions } from '../support/service-options.ts';
import { pubsubContract } from './pubsub-contract.ts';
import { pubsubSeekContract } from './pubsub-contract-seek.ts';
import { createPullClient } from './pubsub-harness.ts';

const connect = () => startPubSub(serviceOptions());
pubsubContract('embedded Pub/Sub', connect);
pubsubSeekContract('embedded Pub/Sub', connect);

/** Google's own emulator takes filters and ignores them, so nothing but this service can be held to them here. */
describe('a filter', async () => {
  const service = await startPubSub(serviceOptions());
  process.env.METADATA_SERVER_DETECTION = 'none';
  const pubsub = new PubSub({ projectId: 'demo', apiEndpoint: service.address, emulatorMode: true });
  const pulls = createPullClient(service.address);
  const [topic] = await pubsub.createTopic('filtered');
  afterAll(async () => {
    await pulls.close();
    await pubsub.close();
    await service.close();
  });

  const MESSAGES = {
    step: { terminal: 'false', state: 'RUNNING' },
    end: { terminal: 'true', state: 'FAILED' },
    bare: {},
  };
  test.each([
    ['attributes.terminal = "true"', ['end']],
    ['attributes.terminal != "true"', ['bare', 'step']],
    ['attributes:terminal', ['end', 'step']],
    ['NOT attributes:terminal', ['bare']],
    ['-attributes:"terminal"', ['bare']],
    ['attributes:"terminal" AND attributes.state = "FAILED"', ['end']],
    ['attributes.state = "RUNNING" OR attributes.state = "FAILED"', ['end', 'step']],
    ['hasPrefix(attributes.state, "RUN")', ['step']],
    ['NOT(attributes:state AND attributes.terminal = "true")', ['bare', 'step']],
    ['attributes:state AND (attributes.terminal = "true" OR attributes.state = "RUNNING")', ['end', 'step']],
    ['(((attributes:state) ))', ['end', 'step']],
  ])('%s lets through %j, and the rest is not delivered', async (filter, heard) => {
    const [subscription] = await topic.createSubscription(`s-${randomUUID()}`, { filter });
    for (const [text, attributes] of Object.entries(MESSAGES)) {
      await topic.publishMessage({ data: Buffer.from(text), attributes });
    }
    const [{ receivedMessages }] = await pulls.pull({ subscription: subscription.name, maxMessages: 10 });
    expect(receivedMessages?.map(({ message }) => String(message?.data)).sort()).toEqual(heard);
    expect((await subscription.getMetadata())[0].filter).toBe(filter);
  });

  test.each([
    'data = "x"',
    'attributes.a',
    'attributes.a = b',
    'attributes:a attributes:b',
    'attributes:a AND attributes:b OR attributes:c',
    '(attributes:a',
    'attributes:a)',
    '()',
    `attributes.a = "${'x'.repeat(256)}"`,
  ])('%s is refused', async (filter) => {
    const created = topic.createSubscription(`s-${randomUUID()}`, { filter });
    const { code } = await created.then(
      () => ({ code: 'created' }),
      (error: { code: number }) => error,
    );
    expect(code).toBe(status.INVALID_ARGUMENT);
  });
});

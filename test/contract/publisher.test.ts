import { PubSub, v1 } from '@google-cloud/pubsub';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPubSub, createPubSubPublisher, pubSubAt } from '../../shared/adapters/pubsub.ts';
import type { Publisher } from '../../shared/ports.ts';
import { until } from '../support/condition.ts';
import { findPubSubEmulator, startPubSubEmulator } from '../support/pubsub-emulator.ts';
import { createPubSubHarness, type PubSubHarness } from './pubsub-harness.ts';

const ASKING = { project: 'demo', account: 'validate@demo' };
const TOPIC = 'submit-requests';

describe('a request for a run', () => {
  let harness: PubSubHarness;
  let publisher: Publisher;
  const heard: string[] = [];
  beforeAll(async () => {
    harness = await createPubSubHarness();
    await harness.client().createTopic(TOPIC);
    const [subscription] = await harness.client().topic(TOPIC).createSubscription('submit');
    subscription.on('message', (message) => {
      heard.push(JSON.parse(message.data.toString()).runId);
      message.ack();
    });
    publisher = createPubSubPublisher(createPubSub('demo', harness.service().address), ASKING);
  });
  afterAll(() => harness.dispose());

  const isHeard = (runId: string) => until(`${runId} is heard`, () => heard.includes(runId));

  test('arrives as Google’s own client reads it', async () => {
    await publisher.publish(TOPIC, { runId: 'r1' });
    await isHeard('r1');
  });

  test.each([503, 429, 500, 409])('that is answered with %d is sent again', async (status) => {
    const before = harness.faults.calls().Publish ?? 0;
    harness.faults.script('Publish', [{ kind: 'error', status }]);
    await publisher.publish(TOPIC, { runId: `r${status}` });
    expect(harness.faults.calls().Publish).toBe(before + 2);
    await isHeard(`r${status}`);
  });

  test('whose answer is lost is sent again', async () => {
    harness.faults.script('Publish', [{ kind: 'reset' }]);
    await publisher.publish(TOPIC, { runId: 'r2' });
    await isHeard('r2');
  });

  test.each([
    [403, 'PubSubDenied'],
    [401, 'PubSubUnauthenticated'],
    [400, 'PubSubRefused'],
  ])('that is refused with %d is sent once, and says what is missing', async (status, reason) => {
    const before = harness.faults.calls().Publish ?? 0;
    harness.faults.script('Publish', [{ kind: 'error', status }]);
    await expect(publisher.publish(TOPIC, { runId: 'r3' })).rejects.toMatchObject({
      ...{ kind: 'misconfiguration', reason },
    });
    expect(harness.faults.calls().Publish).toBe(before + 1);
  });

  test('of a topic that nobody created says how to create it', async () => {
    await expect(publisher.publish('validate-requests', { runId: 'r4' })).rejects.toMatchObject({
      ...{ kind: 'misconfiguration', reason: 'PubSubMissing' },
      remedy: expect.stringContaining('gcloud pubsub topics create validate-requests --project demo'),
    });
  });

  test('that nobody listens to may be sent later', async () => {
    const nobody = createPubSubPublisher(createPubSub('demo', '127.0.0.1:1'), ASKING);
    await expect(nobody.publish(TOPIC, { runId: 'r5' })).rejects.toMatchObject({ kind: 'ambiguous' });
  });
});

test('Google is asked where its own client asks it, with a token', () => {
  const { origin, client } = pubSubAt(undefined);
  expect(origin).toBe(`https://${new v1.PublisherClient().apiEndpoint}`);
  expect(client).toBeInstanceOf(GoogleAuth);
});

test.each(['localhost:8085', 'http://localhost:8085', 'http://localhost:8085/'])(
  'an emulator at %s gets no token',
  (address) => {
    const { origin, client } = pubSubAt(address);
    expect(origin).toBe('http://localhost:8085');
    expect(client).toBeInstanceOf(PassThroughClient);
  },
);

const jar = findPubSubEmulator();
if (!jar) console.warn('SKIPPED: a request through Google’s Pub/Sub emulator: needs java and its jar');
test.skipIf(!jar)('Google’s own emulator takes a request', async () => {
  const emulator = await startPubSubEmulator(jar ?? '');
  const client = new PubSub({ projectId: 'demo', apiEndpoint: emulator.address, emulatorMode: true });
  await client.createTopic(TOPIC);
  await createPubSubPublisher(createPubSub('demo', emulator.address), ASKING).publish(TOPIC, { runId: 'r' });
  await client.close();
  await emulator.close();
});

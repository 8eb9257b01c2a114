import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { createSteppableClock, type SteppableClock } from '../../local/clock.ts';
import { createFaultScript, type FaultScript } from '../../local/faults.ts';
import { type PubSubService, startPubSub } from '../../local/pubsub/server.ts';

export const TOPIC = 'projects/demo/topics/work';
export const DEAD = 'projects/demo/topics/dead';

/** The embedded Pub/Sub on a stepped clock, with the real client connected to it. */
export interface PubSubHarness {
  clock: SteppableClock;
  faults: FaultScript;
  /** The service and client of the moment: a restart replaces both. */
  service(): PubSubService;
  client(): PubSub;
  /** Publishes to TOPIC; resolves with the message id. */
  publish(text: string, orderingKey?: string): Promise<string>;
  /** The next message of a subscription, acknowledged. */
  oneMessage(subscription: string): Promise<Message>;
  start(backoffScale?: number): Promise<void>;
  stop(): Promise<void>;
  /** Stops for good and removes the state. */
  dispose(): Promise<void>;
}

export async function createPubSubHarness(): Promise<PubSubHarness> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pubsub-'));
  const clock = createSteppableClock();
  const faults = createFaultScript();
  let service: PubSubService;
  let client: PubSub;

  const start = async (backoffScale = 1) => {
    service = await startPubSub({ port: 0, dataDir, clock, faults, backoffScale, log: () => {} });
    process.env.PUBSUB_EMULATOR_HOST = service.address;
    process.env.METADATA_SERVER_DETECTION = 'none';
    client = new PubSub({ projectId: 'demo' });
  };
  const stop = async () => {
    await client.close();
    await service.close();
  };

  await start();
  return {
    clock,
    faults,
    service: () => service,
    client: () => client,
    publish(text, orderingKey = '') {
      const topic = client.topic(TOPIC, { messageOrdering: orderingKey !== '' });
      const data = Buffer.from(text);
      return topic.publishMessage(orderingKey === '' ? { data } : { data, orderingKey });
    },
    oneMessage: (subscription) => takeOne(client, subscription),
    start,
    stop,
    async dispose() {
      await stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function takeOne(client: PubSub, name: string): Promise<Message> {
  const subscription = client.subscription(name);
  return new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.once('message', (message) => {
      message.ack();
      subscription.close().then(() => resolve(message), reject);
    });
  });
}

/** The client of single pulls. */
export function createPullClient(address: string) {
  const [servicePath = '', port] = address.split(':');
  const sslCreds = credentials.createInsecure();
  return new v1.SubscriberClient({ servicePath, port: Number(port), sslCreds });
}

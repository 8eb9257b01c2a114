import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { createReceiver, type Receiver } from '../contract/pubsub-receiver.ts';

const TOPIC = 'projects/demo/topics/work';
const SUBSCRIPTION = {
  name: 'projects/demo/subscriptions/work-push',
  topic: TOPIC,
  ackDeadlineSeconds: 60,
  minimumBackoffMs: 0,
  maximumBackoffMs: 0,
  deadLetterTopic: TOPIC,
};

let dataDir: string;
let receiver: Receiver;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'pubsub-'));
  receiver = await createReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(dataDir, { recursive: true });
});

/** A process of its own that publishes one message and pushes it until it is killed. */
function spawnService() {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { systemClock as clock } from ${module('../../local/clock.ts')};
    import { createFaultScript } from ${module('../../local/faults.ts')};
    import { startPubSub } from ${module('../../local/pubsub/server.ts')};
    import { PubSub } from ${module('../../node_modules/@google-cloud/pubsub/build/src/index.js')};
    const dataDir = ${JSON.stringify(dataDir)};
    const service = await startPubSub({ port: 0, dataDir, clock, faults: createFaultScript(), log: () => {} });
    service.declareTopic(${JSON.stringify(TOPIC)});
    service.declarePushSubscription(${JSON.stringify({ ...SUBSCRIPTION, pushEndpoint: receiver.url })});
    process.env.PUBSUB_EMULATOR_HOST = service.address;
    await new PubSub({ projectId: 'demo' }).topic('work').publishMessage({ data: Buffer.from('kept') });
  `;
  const args = ['--input-type=module-typescript', '--eval', script];
  return spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none' },
  });
}

it('goes on after kill -9 with the attempt count, at the endpoint of the new declaration only', async () => {
  receiver.reply(500, 'never');
  const child = spawnService();
  await receiver.next();
  const second = JSON.parse((await receiver.next()).body);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const faults = createFaultScript();
  const service = await startPubSub({ port: 0, dataDir, clock: systemClock, faults, log: () => {} });
  const messageId = second.message.messageId;
  expect(service.undelivered()).toMatchObject([{ messageId, attempt: 2 }]);
  expect(receiver.requests).toHaveLength(2);

  const moved = await createReceiver();
  service.declarePushSubscription({ ...SUBSCRIPTION, pushEndpoint: moved.url });
  const third = JSON.parse((await moved.next()).body);
  await service.idle();
  expect([second.deliveryAttempt, third.deliveryAttempt]).toEqual([2, 3]);
  expect(third.message).toEqual(second.message);
  expect(service.undelivered()).toEqual([]);
  expect(receiver.requests).toHaveLength(2);
  await service.close();
  await moved.close();
});

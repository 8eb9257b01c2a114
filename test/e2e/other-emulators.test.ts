import { afterEach, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { startFirestore } from '../../local/firestore/server.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { startStorage } from '../../local/storage/server.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { findPubSubEmulator, startPubSubEmulator } from '../support/pubsub-emulator.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

const closers: (() => Promise<void>)[] = [];
let stack: Stack | undefined;
afterEach(async () => {
  await stack?.close();
  stack = undefined;
  for (const close of closers.splice(0)) await close();
});

async function runTheExample(emulators: Record<string, string>): Promise<void> {
  stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 50, emulators });
  expect(stack.cloud.clientEnvironment).toMatchObject(emulators);
  const run = await stack.follow(await stack.drop('examples/text-bison', 'elsewhere'));
  expect(run.status.state).toBe('SUCCEEDED');
}

test('emulators that the environment names are used in place of ours', async () => {
  const firestore = await startFirestore(serviceOptions());
  const pubsub = await startPubSub(serviceOptions());
  const storage = await startStorage({ ...serviceOptions(), buckets: [], onFinalized: () => {} });
  closers.push(
    () => firestore.close(),
    () => pubsub.close(),
    () => storage.close(),
  );
  await runTheExample({
    FIRESTORE_EMULATOR_HOST: firestore.address,
    PUBSUB_EMULATOR_HOST: pubsub.address,
    STORAGE_EMULATOR_HOST: `http://${storage.address}`,
  });
});

const firestoreJar = findFirestoreEmulator();
const pubsubJar = findPubSubEmulator();
const missing =
  'missing' in firestoreJar ? firestoreJar.missing : pubsubJar ? undefined : 'no Pub/Sub emulator or no java';
if (missing) console.log(`SKIPPED: the example on Google's own Firestore and Pub/Sub emulators: ${missing}`);

describe.skipIf(missing !== undefined)('on Google’s own Firestore and Pub/Sub emulators', () => {
  test('the example is tuned', async () => {
    const firestore = await startFirestoreEmulator('jar' in firestoreJar ? firestoreJar.jar : '');
    closers.push(() => firestore.stop());
    const pubsub = await startPubSubEmulator(pubsubJar ?? '');
    closers.push(async () => void (await pubsub.close()));
    await runTheExample({ FIRESTORE_EMULATOR_HOST: firestore.address, PUBSUB_EMULATOR_HOST: pubsub.address });
  });
});

import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { showRuns } from '../../cli/start/page/live-runs.ts';
import { startStack } from '../../cli/start/stack.ts';
import { canSeeSockets, listeningOf } from '../support/listening.ts';
import { temporaryFolder } from '../support/service-options.ts';

if (!canSeeSockets) console.warn('SKIPPED: this system does not say who listens where');

const isLoopback = (address: string) => /^127\.0\.0\.1:\d+$|^\[0{30}01\]:\d+$/.test(address);

test.runIf(canSeeSockets)('whatever the whole stack starts listens on loopback alone', async () => {
  const stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 20, emulators: {} },
  });
  const page = await showRuns(stack);
  const { storage, vertex, pubsub, firestore, metadata, control } = stack.cloud;
  const services = [vertex, pubsub, firestore, metadata, control].map(({ address }) => address);
  const urls = [page.url, storage.baseUrl, ...stack.functions.map(({ url }) => url)];
  const addresses = listeningOf([process.pid, ...stack.functions.map(({ pid }) => pid ?? 0)]);
  await page.close();
  await stack.close();
  expect(addresses.filter((address) => !isLoopback(address))).toEqual([]);
  // Nothing that answers was overlooked.
  expect(addresses).toEqual(expect.arrayContaining([...services, ...urls.map((url) => new URL(url).host)]));
});

test.runIf(canSeeSockets)('a server on every address is seen', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const open = listeningOf([process.pid]).filter((address) => !isLoopback(address));
  server.close();
  expect(open).toHaveLength(1);
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PubSub } from '@google-cloud/pubsub';
import { findPubSubEmulator, startPubSubEmulator } from '../test/support/pubsub-emulator.ts';
import type { WriteLine } from './timing.ts';

interface Load {
  messages: number;
  /** Ordering keys that the messages have between them. */
  keys: number;
}

export interface PubSubBenchSize {
  loads: readonly Load[];
}

interface Server {
  address: string;
  /** For how long at most the process did nothing else, so that its other services had to wait; milliseconds. */
  longestStretchMs?(): Promise<number>;
  close(): unknown;
}

interface Measured {
  publishMs: number;
  /** From the first message to be published to the last one to be acknowledged. */
  deliverMs: number;
  stretchMs: number | undefined;
}

/** A backlog through Google's client and the embedded Pub/Sub, beside Google's emulator where this machine has it. */
export async function benchPubSub({ loads }: PubSubBenchSize, write: WriteLine): Promise<void> {
  process.env.METADATA_SERVER_DETECTION = 'none';
  const jar = findPubSubEmulator();
  if (!jar) write("SKIPPED: Google's emulator is not on this machine, so the figures stand alone");
  for (const load of loads) {
    const ours = await measure(await startOurs(), load);
    write(`${load.messages} messages of ${load.keys} ordering keys: ${shown(ours)}`);
    if (!jar) continue;
    const theirs = await measure(await startPubSubEmulator(jar), load);
    const ratio = (ours.deliverMs / theirs.deliverMs).toFixed(1);
    write(`  Google's emulator: ${shown(theirs)}; the embedded one takes ${ratio} x as long`);
  }
}

function shown({ publishMs, deliverMs, stretchMs }: Measured): string {
  const times = `published in ${inSeconds(publishMs)}, delivered in ${inSeconds(deliverMs)}`;
  return stretchMs === undefined ? times : `${times}, others waited ${stretchMs.toFixed(0)} ms at most`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** In a process of its own, as the emulator is. */
async function startOurs(): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunedrop-bench-'));
  const child = fork(fileURLToPath(new URL('./pubsub-server.ts', import.meta.url)), [dataDir]);
  const [address] = (await once(child, 'message')) as [string];
  return {
    address,
    async longestStretchMs() {
      child.send('stretch');
      const [ms] = (await once(child, 'message')) as [number];
      return ms;
    },
    async close() {
      child.kill();
      await once(child, 'exit');
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function measure(server: Server, { messages, keys }: Load): Promise<Measured> {
  const client = new PubSub({ projectId: 'bench', apiEndpoint: server.address, emulatorMode: true });
  try {
    const [topic] = await client.createTopic('bench-topic');
    const [subscription] = await topic.createSubscription('bench-sub', { enableMessageOrdering: true });
    topic.setPublishOptions({ messageOrdering: true });
    await server.longestStretchMs?.(); // what came before, such as the start, does not count
    const from = performance.now();
    const delivered = allDelivered(subscription, messages);
    const sends = Array.from({ length: messages }, (_, index) =>
      topic.publishMessage({ data: Buffer.from(String(index)), orderingKey: `key-${index % keys}` }),
    );
    await Promise.all(sends);
    const publishMs = performance.now() - from;
    await delivered;
    const deliverMs = performance.now() - from;
    const stretchMs = await server.longestStretchMs?.();
    await subscription.close();
    return { publishMs, deliverMs, stretchMs };
  } finally {
    await client.close();
    await server.close();
  }
}

function allDelivered(subscription: ReturnType<PubSub['subscription']>, messages: number): Promise<void> {
  const seen = new Set<string>();
  return new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('message', (message) => {
      message.ack();
      seen.add(message.data.toString());
      if (seen.size === messages) resolve();
    });
  });
}

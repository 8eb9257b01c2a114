import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSteppableClock, type SteppableClock } from '../../local/clock.ts';
import { type PubSubService, startPubSub } from '../../local/pubsub/server.ts';
import type { Connected } from '../contract/operations/operation.ts';
import { connectPubSub, type PubSubClients } from '../contract/pubsub-clients.ts';
import { createReceiver } from '../contract/pubsub-receiver.ts';
import { until } from '../support/condition.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

let clock: SteppableClock;
let service: PubSubService;
let connected: Connected<PubSubClients>;
const client = () => connected.client;

beforeEach(async () => {
  clock = createSteppableClock();
  service = await startPubSub(serviceOptions({ clock }));
  connected = connectPubSub(service.address, service.close);
});
afterEach(() => connected.close());

const DAY_MS = 86_400_000;
const LONG_AGO = { seconds: 1_000_000_000 };

/** What there is now, without waiting for more. */
async function takeNow(subscription: string): Promise<string[]> {
  const { subscriber } = client();
  const [{ receivedMessages }] = await subscriber.pull({
    subscription,
    maxMessages: 100,
    returnImmediately: true,
  });
  return (receivedMessages ?? []).map(({ message }) => String(message?.data));
}

/** A stream that holds one message at once, and acknowledges none. */
function aFullStream(subscription: string) {
  const stream = client().subscriber.streamingPull();
  stream.on('error', () => {});
  stream.write({ subscription, streamAckDeadlineSeconds: 10, maxOutstandingMessages: 1 });
  const came: string[] = [];
  stream.on('data', ({ receivedMessages }) => {
    for (const { message } of receivedMessages) came.push(String(message.data));
  });
  return { came, cancel: () => stream.cancel() };
}

describe('a topic that keeps its messages', () => {
  it('lets a subscription seek back to before it was made, as far as the topic keeps', async () => {
    const topic = client().fresh('topics');
    await client().publisher.createTopic({ name: topic, messageRetentionDuration: { seconds: 86_400 } });
    await client().publish(topic, 'old');
    await clock.advance(DAY_MS / 2);
    await client().publish(topic, 'new');
    await clock.advance(DAY_MS / 2 + 1);
    const subscription = client().fresh('subscriptions');
    await client().subscriber.createSubscription({ name: subscription, topic });
    await client().subscriber.seek({ subscription, time: LONG_AGO });
    expect(await takeNow(subscription)).toEqual(['new']);
  });
});

describe('a seek', () => {
  it('brings back what an earlier seek acknowledged, where that is kept', async () => {
    const { topic, subscription } = await client().aSubscription({ retainAckedMessages: true });
    await client().publish(topic, 'a', 'b');
    await client().subscriber.seek({ subscription, time: { seconds: 4_000_000_000 } });
    expect(await takeNow(subscription)).toEqual([]);
    await client().subscriber.seek({ subscription, time: LONG_AGO });
    expect(await takeNow(subscription)).toEqual(['a', 'b']);
  });

  it('delivers of another snapshot what the filter of the subscription lets through', async () => {
    const { topic, subscription: all } = await client().aSubscription();
    const subscription = client().fresh('subscriptions');
    await client().subscriber.createSubscription({ name: subscription, topic, filter: 'attributes:a' });
    const messages = [{ data: Buffer.from('x') }, { data: Buffer.from('y'), attributes: { a: 'b' } }];
    await client().publisher.publish({ topic, messages });
    const snapshot = client().fresh('snapshots');
    await client().subscriber.createSnapshot({ name: snapshot, subscription: all });
    await client().subscriber.seek({ subscription, snapshot });
    expect(await takeNow(subscription)).toEqual(['y']);
  });

  it('gives an open stream its room back, also of what it never acknowledges', async () => {
    const { topic, subscription } = await client().aSubscription();
    const stream = aFullStream(subscription);
    await client().publish(topic, 'a', 'b');
    await until('a came', () => stream.came.join() === 'a');
    await client().subscriber.seek({ subscription, time: { seconds: 4_000_000_000 } });
    await client().publish(topic, 'c');
    await until('a, c came', () => stream.came.join() === 'a,c');
    stream.cancel();
  });
});

describe('an open stream', () => {
  it('that never acknowledges has room again when the deadline is over', async () => {
    const { topic, subscription } = await client().aSubscription();
    const stream = aFullStream(subscription);
    await client().publish(topic, 'a');
    await until('a came', () => stream.came.join() === 'a');
    await clock.advance(10_000);
    await until('a, a came', () => stream.came.join() === 'a,a');
    stream.cancel();
  });
});

it('a pull is answered with some megabytes at most, and the rest comes with the next', async () => {
  const { topic, subscription } = await client().aSubscription();
  const data = Buffer.alloc(900_000, 'x');
  for (let count = 0; count < 5; count++) await client().publisher.publish({ topic, messages: [{ data }] });
  const counts: number[] = [];
  for (let left = 5; left > 0; left -= counts.at(-1) ?? 0) {
    counts.push((await client().take(subscription, 10)).length);
  }
  expect(counts).toEqual([3, 2]);
});

it('what nothing can bring back any more is not kept', async () => {
  const dataDir = temporaryFolder();
  const keeping = await startPubSub(serviceOptions({ clock, dataDir }));
  const { client: keeper, close } = connectPubSub(keeping.address, keeping.close);
  const names = await keeper.aSubscription({
    retainAckedMessages: true,
    messageRetentionDuration: { seconds: 600 },
  });
  await keeper.publish(names.topic, 'a');
  await keeper.take(names.subscription);
  await clock.advance(DAY_MS);
  await keeper.publish(names.topic, 'b');
  await close();
  const database = new DatabaseSync(`${dataDir}/pubsub.db`);
  const count = (table: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  expect([count('kept'), count('messages')]).toEqual([0, 1]);
  database.close();
});

describe('a snapshot', () => {
  it('lives seven days, less the age of the oldest message in it, and is gone then', async () => {
    const { topic, subscription } = await client().aSubscription();
    await client().publish(topic, 'waiting');
    await clock.advance(DAY_MS);
    const snapshot = client().fresh('snapshots');
    const [{ expireTime }] = await client().subscriber.createSnapshot({ name: snapshot, subscription });
    expect(Number(expireTime?.seconds) * 1000 - clock.now()).toBe(6 * DAY_MS);
    await clock.advance(6 * DAY_MS - 1);
    expect((await client().subscriber.listSnapshots({ project: 'projects/operations' }))[0]).toHaveLength(1);
    await clock.advance(1);
    expect((await client().subscriber.listSnapshots({ project: 'projects/operations' }))[0]).toEqual([]);
    const seek = client().subscriber.seek({ subscription, snapshot });
    await expect(seek).rejects.toMatchObject({ code: 5 });
  });

  it('is refused when it would live under an hour', async () => {
    const { topic, subscription } = await client().aSubscription();
    await client().publish(topic, 'old');
    await clock.advance(7 * DAY_MS - 3_599_999);
    const snapshot = client().subscriber.createSnapshot({ name: client().fresh('snapshots'), subscription });
    await expect(snapshot).rejects.toMatchObject({ code: 9 });
  });

  it('outlives a restart with what it has', async () => {
    const dataDir = temporaryFolder();
    const first = await startPubSub(serviceOptions({ clock, dataDir }));
    const before = connectPubSub(first.address, first.close);
    const { topic, subscription } = await before.client.aSubscription();
    const snapshot = before.client.fresh('snapshots');
    await before.client.subscriber.createSnapshot({ name: snapshot, subscription });
    await before.client.publish(topic, 'since');
    expect(await before.client.take(subscription)).toEqual(['since']);
    await before.close();
    const second = await startPubSub(serviceOptions({ clock, dataDir }));
    const after = connectPubSub(second.address, second.close);
    await after.client.subscriber.seek({ subscription, snapshot });
    expect(await after.client.take(subscription)).toEqual(['since']);
    await after.close();
  });
});

describe('a subscription', () => {
  it('that is detached gets nothing any more, gives nothing, and says so', async () => {
    const { topic, subscription } = await client().aSubscription();
    await client().publish(topic, 'waiting');
    await client().publisher.detachSubscription({ subscription });
    await client().publish(topic, 'later');
    expect(service.undelivered()).toEqual([]);
    const pull = client().subscriber.pull({ subscription, maxMessages: 1 });
    await expect(pull).rejects.toMatchObject({ code: 9 });
  });

  it('is pushed to where an update says, and what waits goes there', async () => {
    const receiver = await createReceiver();
    const { topic, subscription: name } = await client().aSubscription();
    await client().publish(topic, 'moved');
    const subscription = { name, pushConfig: { pushEndpoint: receiver.url } };
    await client().subscriber.updateSubscription({ subscription, updateMask: { paths: ['push_config'] } });
    expect(JSON.parse((await receiver.next()).body).subscription).toBe(name);
    await receiver.close();
  });

  it.each([
    ['enableExactlyOnceDelivery', { enableExactlyOnceDelivery: true }],
    ['bigqueryConfig', { bigqueryConfig: { table: 'a.b.c' } }],
    ['cloudStorageConfig', { cloudStorageConfig: { bucket: 'a' } }],
    ['messageTransforms', { messageTransforms: [{ javascriptUdf: { functionName: 'f', code: 'x' } }] }],
    [
      'pushConfig.oidcToken',
      { pushConfig: { pushEndpoint: 'http://localhost/', oidcToken: { audience: 'a' } } },
    ],
    ['pushConfig.noWrapper', { pushConfig: { pushEndpoint: 'http://localhost/', noWrapper: {} } }],
  ])('with %s is refused by that name, not made without it', async (field, settings) => {
    const made = client().aSubscription(settings);
    await expect(made).rejects.toMatchObject({ code: 12, details: expect.stringContaining(field) });
  });
});

describe('a topic', () => {
  it.each([
    ['kmsKeyName', { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' }],
    ['schemaSettings', { schemaSettings: { schema: 'projects/p/schemas/s' } }],
    ['ingestionDataSourceSettings', { ingestionDataSourceSettings: { cloudStorage: { bucket: 'b' } } }],
  ])('with %s is refused by that name, not made without it', async (field, settings) => {
    const made = client().publisher.createTopic({ name: client().fresh('topics'), ...settings });
    await expect(made).rejects.toMatchObject({ code: 12, details: expect.stringContaining(field) });
  });

  it.each([
    [
      '101 attributes',
      { attributes: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, ''])) },
    ],
    ['a key of 257 bytes', { attributes: { ['k'.repeat(257)]: 'x' } }],
    ['a key that begins with goog', { attributes: { googclient: 'x' } }],
    ['a value of 1025 bytes', { attributes: { a: 'x'.repeat(1025) } }],
    ['an ordering key of 1025 bytes', { data: Buffer.from('x'), orderingKey: 'x'.repeat(1025) }],
  ])('takes no message with %s', async (_what, message) => {
    const topic = await client().aTopic();
    const published = client().publisher.publish({ topic, messages: [message] });
    await expect(published).rejects.toMatchObject({ code: 3 });
  });
});

it('deliveries of a state folder from before the order was kept in the rows go on in their order', async () => {
  const dataDir = temporaryFolder();
  const subscription = 'projects/demo/subscriptions/old';
  const database = new DatabaseSync(`${dataDir}/pubsub.db`);
  database.exec(`
    CREATE TABLE messages (
      seq INTEGER PRIMARY KEY, id TEXT NOT NULL, dedupe_id TEXT UNIQUE, topic TEXT NOT NULL, data BLOB NOT NULL,
      attributes TEXT NOT NULL, ordering_key TEXT NOT NULL, publish_ms INTEGER NOT NULL
    );
    CREATE TABLE deliveries (
      subscription TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES messages(seq), ordering_key TEXT NOT NULL,
      attempt INTEGER NOT NULL DEFAULT 0, due_ms REAL NOT NULL, leased INTEGER NOT NULL DEFAULT 0,
      expires_ms REAL NOT NULL, PRIMARY KEY (subscription, seq)
    );
    CREATE INDEX deliveries_due ON deliveries (subscription, due_ms);
    CREATE TABLE topics (name TEXT PRIMARY KEY, resource TEXT NOT NULL);
    CREATE TABLE subscriptions (name TEXT PRIMARY KEY, resource TEXT NOT NULL);
  `);
  const topic = 'projects/demo/topics/old';
  database.prepare('INSERT INTO topics VALUES (?, ?)').run(topic, JSON.stringify({ name: topic }));
  const resource = {
    name: subscription,
    topic,
    enableMessageOrdering: true,
    ackDeadlineSeconds: 10,
    pushConfig: {},
  };
  database.prepare('INSERT INTO subscriptions VALUES (?, ?)').run(subscription, JSON.stringify(resource));
  for (const seq of [1, 2, 3]) {
    const message = database.prepare("INSERT INTO messages VALUES (?, ?, NULL, ?, ?, '{}', 'key', ?)");
    message.run(seq, String(seq), topic, Buffer.from(`message ${seq}`), clock.now());
    const delivery = database.prepare("INSERT INTO deliveries VALUES (?, ?, 'key', ?, ?, ?, ?)");
    delivery.run(subscription, seq, 1, clock.now(), seq === 1 ? 1 : 0, clock.now() + DAY_MS);
  }
  database.close();

  const reopened = await startPubSub(serviceOptions({ clock, dataDir }));
  const again = connectPubSub(reopened.address, reopened.close);
  expect(await again.client.take(subscription, 10)).toEqual(['message 1', 'message 2', 'message 3']);
  await again.close();
});

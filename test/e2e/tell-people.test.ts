import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPubSub } from '../../local/pubsub/server.ts';
import { createReceiver, type Receiver } from '../contract/pubsub-receiver.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

/** The recipe of docs/run-events.md, as it stands there: its function under Google's framework, behind a push of the embedded Pub/Sub. */

const PAGE = readFileSync('docs/run-events.md', 'utf8');
const block = (expression: RegExp) => expression.exec(PAGE)?.[1] ?? '';
const FUNCTION = block(/```js\n([\s\S]*?)```/);
const [CHANGE, ATTRIBUTES, NOTICE, NOTICE_ATTRIBUTES] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text]) => JSON.parse(text ?? ''),
);
const FILTER = block(/create tell-chat \\\n[\s\S]*?--message-filter='(.*)'/);

let chat: Receiver;
let pubsub: PubSub;
let functionLog = '';
const closers: (() => Promise<unknown>)[] = [];

/** Starts the function that the page has, and resolves with its address. */
async function startRecipe(webhook: string): Promise<string> {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), block(/`package\.json` with `(\{.*?\})`/));
  writeFileSync(join(folder, 'index.js'), FUNCTION);
  const framework = dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework'));
  // A port that was free a moment ago.
  const { url, close } = await createReceiver();
  await close();
  const child = spawn(process.execPath, [join(framework, 'main.js')], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, PORT: new URL(url).port },
      ...{ FUNCTION_TARGET: /--entry-point=(\w+)/.exec(PAGE)?.[1], WEBHOOK_URL: webhook },
    },
  });
  closers.push(async () => child.kill());
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      functionLog += chunk;
      if (functionLog.includes('URL: http')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(functionLog)));
  });
  return url;
}

beforeAll(async () => {
  process.env.METADATA_SERVER_DETECTION = 'none';
  chat = await createReceiver();
  const service = await startPubSub({ ...serviceOptions(), backoffScale: 0.001 });
  pubsub = new PubSub({ projectId: 'p', apiEndpoint: service.address, emulatorMode: true });
  closers.push(
    () => chat.close(),
    () => service.close(),
    () => pubsub.close(),
  );
  const pushEndpoint = await startRecipe(`${chat.url}/secret`);
  await pubsub.createTopic('run-events');
  await pubsub
    .topic('run-events')
    .createSubscription('tell-chat', { pushConfig: { pushEndpoint }, filter: FILTER });
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});
beforeEach(() => chat.requests.splice(0));

const publish = (event: object, attributes: Record<string, string>) =>
  pubsub.topic('run-events').publishMessage({ json: event, attributes });
const textOf = ({ body }: { body: string }) => JSON.parse(body).text;

/** Resolves once as many messages came; what is not to come would have come before the last. */
async function told(count: number): Promise<string[]> {
  await expect.poll(() => chat.requests.length).toBe(count);
  return chat.requests.map(textOf);
}

test('the end of a run comes to the chat in a sentence, and what went before it does not', async () => {
  await publish(
    { ...CHANGE, data: { ...CHANGE.data, state: 'RUNNING' } },
    { ...ATTRIBUTES, terminal: 'false' },
  );
  await publish(CHANGE, ATTRIBUTES);
  expect(await told(1)).toEqual([`${CHANGE.data.manifest}: SUCCEEDED. ${CHANGE.data.message}`]);
  expect(chat.requests[0]).toMatchObject({ url: '/secret', headers: { 'content-type': 'application/json' } });
});

test('a tuned model that ends is told of too', async () => {
  await publish(NOTICE, NOTICE_ATTRIBUTES);
  expect(await told(1)).toEqual([NOTICE.data.message]);
});

test('a folder’s name calls nobody', async () => {
  const data = { ...CHANGE.data, manifest: 'gs://inbox/<!channel>/tune.json' };
  await publish({ ...CHANGE, data }, ATTRIBUTES);
  const [text] = await told(1);
  expect(text).toContain('gs://inbox/&lt;!channel&gt;/tune.json');
});

test('what the webhook does not take is sent again, and its address stands in no log', async () => {
  chat.reply(500);
  await publish(CHANGE, ATTRIBUTES);
  const [first, second] = await told(2);
  expect(second).toBe(first);
  await expect.poll(() => functionLog).toContain('the webhook answered 500');
  expect(functionLog).not.toContain('/secret');
});

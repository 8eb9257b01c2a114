import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showRuns } from '../../cli/start/page/live-runs.ts';
import type { LivePage } from '../../cli/start/page/server.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { openPage } from '../cli/page-browser.ts';
import { findChromium } from '../core/report-chromium.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { send, WAYS } from '../support/web-page.ts';

const chromium = findChromium();
/** Stands in an object of the inbox; no page may come to know it. */
const SECRET = 'what-a-page-must-not-read';
const PROJECT = 'projects/tunedrop-local';
const DATABASE = `${PROJECT}/databases/(default)/documents`;

let stack: Stack;
let page: LivePage;
let inbox: string;
const addressOf = (url: string) => url.replace(/^http:\/\//, '').replace(/\/$/, '');

beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 20, emulators: {} },
    scheduleMs: 3_600_000,
  });
  page = await showRuns(stack);
  inbox = stack.cloud.buckets.inbox ?? '';
  const { status } = await send(storage(), `/upload/storage/v1/b/${inbox}/o?uploadType=media&name=there`, {
    ...{ method: 'POST', headers: { 'content-type': 'text/html' }, body: `<script>${SECRET}</script>` },
  });
  expect(status).toBe(200);
});
afterAll(async () => {
  await page.close();
  await stack.close();
});

const storage = () => addressOf(stack.cloud.storage.baseUrl);
const functionAt = (name: string) => addressOf(stack.functions.find((one) => one.name === name)?.url ?? '');
/** As an upload of a manifest that would start a run. */
const MANIFEST = '{"base_model": "text-bison@002", "dataset_uri": "there"}';
const PARTS = `--b\r\ncontent-type: application/json\r\n\r\n{"name": "a/tune.json"}\r\n--b\r\n\r\n${MANIFEST}\r\n--b--\r\n`;

interface Target {
  service: string;
  address: () => string;
  paths: (bucket: string) => string[];
}

/** Every HTTP service, and what a page would want of it: upload, rewrite, delete, read, run. */
const TARGETS: readonly Target[] = [
  {
    service: 'Cloud Storage',
    address: storage,
    paths: (bucket) => [
      `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=a/tune.json`,
      `/upload/storage/v1/b/${bucket}/o?uploadType=multipart`,
      `/upload/storage/v1/b/${bucket}/o?uploadType=resumable&name=a/tune.json`,
      `/storage/v1/b/${bucket}/o/there/rewriteTo/b/${bucket}/o/a%2Ftune.json`,
      `/storage/v1/b/${bucket}/o/there?alt=media`,
      `/${bucket}/there`,
      '/storage/v1/b?project=any',
    ],
  },
  {
    service: 'Vertex AI',
    address: () => stack.cloud.vertex.address,
    paths: () => [`/v1/${PROJECT}/locations/us-central1/pipelineJobs?pipelineJobId=mine`],
  },
  {
    service: 'Pub/Sub',
    address: () => stack.cloud.pubsub.address,
    paths: () => [`/v1/${PROJECT}/topics/of-a-page`, `/v1/${PROJECT}/topics`],
  },
  {
    service: 'Firestore',
    address: () => stack.cloud.firestore.address,
    paths: () => [
      `/v1/${DATABASE}/runs?documentId=of-a-page`,
      `/v1/${DATABASE}/runs`,
      `/emulator/v1/${DATABASE}`,
    ],
  },
  {
    service: 'metadata server',
    address: () => stack.cloud.metadata.address,
    paths: () => ['/computeMetadata/v1/instance/service-accounts/default/token', '/'],
  },
  {
    service: 'control of faults',
    address: () => stack.cloud.control.address,
    paths: () => ['/faults', '/history', '/faults/release'],
  },
  {
    service: 'live page',
    address: () => addressOf(page.url),
    paths: () => ['/', '/events', '/runs/r/log', '/runs/r/cancel', '/inbox/a/tune.json'],
  },
  ...['validate', 'submit', 'poll', 'evaluate'].map((name) => ({
    service: `function ${name}`,
    address: () => functionAt(name),
    paths: () => ['/'],
  })),
];

/** Everything that a page could have changed, and what the cloud was asked meanwhile. */
async function stateOfTheCloud() {
  const { docs } = await stack.firestore.collection('runs').get();
  const objects = await send(storage(), `/storage/v1/b/${inbox}/o`, {});
  const topics = await send(stack.cloud.pubsub.address, `/v1/${PROJECT}/topics`, {});
  return {
    runs: docs.length,
    objects: objects.body,
    topics: topics.body,
    jobs: [...stack.cloud.vertex.jobs(), ...stack.cloud.vertex.tuningJobs()].length,
    faults: stack.cloud.faults.storage.remaining(),
  };
}

describe('a page of another origin', () => {
  test.each(TARGETS)('gets nothing of $service and changes nothing', async ({ address, paths }) => {
    const before = await stateOfTheCloud();
    const first = stack.cloud.history.since().at(-1)?.order ?? 0;
    for (const { what, method, headers } of WAYS) {
      for (const path of paths(inbox)) {
        const body = what.includes('beacon') ? PARTS : MANIFEST;
        const got = await send(address(), path, { method, headers: headers(address()), body });
        expect([what, path, got.status]).toEqual([what, path, 403]);
        expect(got.body).not.toContain(SECRET);
        expect(got.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
    const heard = stack.cloud.history.since(first).filter(({ caller }) => caller === 'anybody');
    expect(heard.filter(({ method }) => !/Listen/.test(method))).toEqual([]);
    expect(await stateOfTheCloud()).toEqual(before);
  });
});

test('a program that sends none of this is served, under each name of this machine', async () => {
  const [, port] = storage().split(':');
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
    const got = await send(storage(), `/storage/v1/b/${inbox}/o/there`, {
      headers: { host: `${name}:${port}` },
    });
    expect([name, got.status]).toEqual([name, 200]);
  }
});

test('a person may open an address, and a page that is served here asks for itself', async () => {
  const typed = await send(addressOf(page.url), '/', { headers: { 'sec-fetch-site': 'none' } });
  expect(typed.status).toBe(200);
  const own = await send(addressOf(page.url), '/', {
    headers: { 'sec-fetch-site': 'same-origin', origin: page.url.replace(/\/$/, '') },
  });
  expect(own.status).toBe(200);
});

test('what is dropped on its own page is in the inbox', async () => {
  const address = addressOf(page.url);
  const [, token = ''] = /content="([\w-]{43})"/.exec((await send(address, '/', {})).body) ?? [];
  const dropped = await send(address, '/inbox/by-hand/notes.txt', {
    ...{ method: 'PUT', headers: { 'x-tunedrop-token': token }, body: 'of mine' },
  });
  expect(dropped.status).toBe(201);
  const { body } = await send(storage(), `/storage/v1/b/${inbox}/o/by-hand%2Fnotes.txt?alt=media`, {});
  expect(body).toBe('of mine');
});

test.each([
  '/storage/v1/b/BUCKET/o/there?alt=media',
  '/download/storage/v1/b/BUCKET/o/there',
  '/BUCKET/there',
])('an upload that is opened from %s is no page of this cloud', async (path) => {
  const { headers, body } = await send(storage(), path.replace('BUCKET', inbox), {});
  expect(body).toContain(SECRET);
  expect(headers['x-content-type-options']).toBe('nosniff');
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/(?:^|; )sandbox(?:;|$)/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('script');
  expect(headers['cross-origin-resource-policy']).toBe('same-origin');
});

test('poll runs when it is posted to, and by no other method', async () => {
  const asked = () =>
    stack.cloud.history.since().filter(({ caller, method }) => caller === 'poll' && method === 'RunQuery');
  const before = asked().length;
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const { status, headers } = await send(functionAt('poll'), '/', { method });
    expect([method, status, headers.allow]).toEqual([method, 405, 'POST']);
  }
  expect(asked()).toHaveLength(before);
  expect((await send(functionAt('poll'), '/', { method: 'POST' })).status).toBe(204);
  expect(asked().length).toBeGreaterThan(before);
});

/** The same by a browser: what its page gets is what its own rules and this cloud leave over. */
test.runIf(chromium)('a page in Chromium uploads, reads and runs nothing', async () => {
  const before = await stateOfTheCloud();
  const upload = `http://${storage()}/upload/storage/v1/b/${inbox}/o?uploadType=media&name=a/tune.json`;
  const urls = TARGETS.flatMap(({ address, paths }) =>
    paths(inbox).map((path) => `http://${address()}${path}`),
  );
  const script = `
    const tries = ${JSON.stringify(urls)}.flatMap((url) => [
      fetch(url).then((answer) => answer.text()),
      fetch(url, { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(MANIFEST)} }).then((answer) => answer.text()),
      fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.text()),
    ]);
    window.read = '';
    document.forms[0].submit();
    Promise.all(tries.map((one) => one.then((text) => { window.read += text; }, () => {}))).then(() => { window.over = 'yes'; });`;
  const attacker = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<form method="post" enctype="text/plain" target="frame" action="${upload}"><input name="{" value="}"></form>` +
        `<iframe name="frame"></iframe><script>${script}</script>`,
    );
  });
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
  const open = await openPage(
    chromium ?? '',
    `http://localhost:${(attacker.address() as AddressInfo).port}/`,
  );
  try {
    await until('the page has tried everything', async () => (await open.evaluate('window.over')) === 'yes');
    expect(await open.evaluate('window.read')).toBe('');
    expect(await stateOfTheCloud()).toEqual(before);
  } finally {
    await open.close();
    attacker.close();
  }
});

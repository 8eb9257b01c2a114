import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { temporaryFolder } from '../support/service-options.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ dataDir: temporaryFolder(), trainer: 'stand-in', log: () => {} });
});
afterAll(() => cloud.close());

async function control(method: string, path: string, body?: object) {
  const answer = await fetch(`http://${cloud.control.address}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, Record<string, unknown>> };
}
const buckets = () => fetch(`${cloud.storage.baseUrl}/storage/v1/b?project=any`);

test('faults are scripted over HTTP, and the answer says what nobody has met yet', async () => {
  const faults = [{ kind: 'error', status: 503 }, { kind: 'reset' }];
  const { json } = await control('POST', '/faults', {
    service: 'storage',
    method: 'storage.buckets.list',
    faults,
  });
  expect(json.remaining?.storage).toEqual({ 'storage.buckets.list': faults });
  expect((await buckets()).status).toBe(503);
  expect((await control('GET', '/faults')).json.remaining?.storage).toEqual({
    'storage.buckets.list': [{ kind: 'reset' }],
  });
  expect((await control('DELETE', '/faults')).json.remaining?.storage).toEqual({
    'storage.buckets.list': [{ kind: 'reset' }],
  });
  expect((await buckets()).status).toBe(200);
});

test('a fault that stands holds calls until they are released', async () => {
  await control('POST', '/faults', { service: 'storage', method: '*', whenever: { kind: 'stall' } });
  const held = buckets();
  while (cloud.faults.storage.held() === 0) await new Promise(setImmediate);
  expect((await control('GET', '/faults')).json.held).toMatchObject({ storage: 1, vertex: 0 });
  await control('POST', '/faults/release');
  expect((await held).status).toBe(200);
  await control('DELETE', '/faults');
});

test('the history of calls is told from a number on', async () => {
  const before = cloud.history.since().at(-1)?.order ?? 0;
  await buckets();
  const { json } = await control('GET', `/history?after=${before}`);
  expect(json.calls).toMatchObject([
    { service: 'storage', method: 'storage.buckets.list', caller: 'anybody', outcome: 'ok' },
  ]);
});

test.each([
  [{ service: 'spanner', method: '*', faults: [] }, 'service must be one of eventarc, '],
  [{ service: 'vertex', faults: [] }, 'method must be'],
  [{ service: 'vertex', method: '*', faults: [{ kind: 'error' }] }, 'each with a kind and its numbers'],
  [{ service: 'vertex', method: '*', faults: [], rate: 'half' }, 'rate must be a number'],
  [{ service: 'vertex', method: '*', whenever: { kind: 'drop' } }, 'meets no fault of the kind drop'],
])('%j is refused in words', async (order, words) => {
  const { status, json } = await control('POST', '/faults', order);
  expect(status).toBe(400);
  expect(json.error).toContain(words);
});

test('what was scripted for one caller meets the calls that come through its own addresses', async () => {
  const { STORAGE_EMULATOR_HOST: own } = await cloud.environmentFor('submit', () => {});
  cloud.faults.storage.script('storage.buckets.list', [{ kind: 'error', status: 503 }], { caller: 'submit' });
  expect((await buckets()).status).toBe(200);
  expect((await fetch(`${own}/storage/v1/b?project=any`)).status).toBe(503);
  expect(cloud.history.since().at(-1)).toMatchObject({ caller: 'submit', outcome: 'error' });
});

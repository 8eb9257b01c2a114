import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heapMib, memoryMib, requestsAtOnce } from '../../local/functions/limits.ts';
import { readTopology } from '../../local/topology.ts';
import { until } from '../support/condition.ts';

let served: ServerResponse[] = [];
const server = createServer((_, response) => void served.push(response));
const answerAll = () => {
  for (const response of served.splice(0)) response.end('served');
};
let url = '';

beforeAll(async () => {
  process.env.REQUESTS_AT_ONCE = '2';
  await import(new URL('../../local/functions/limit-requests.mjs', import.meta.url).href);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (signal?: AbortSignal) =>
  fetch(url, { ...(signal && { signal }) }).then(
    (answer) => answer.text(),
    () => 'gone',
  );

test('a function serves as many requests at a time as it may, and the others in their order after them', async () => {
  const answers = Array.from({ length: 5 }, () => ask());
  await until('two are served', () => served.length === 2);
  answerAll();
  await until('two more are served', () => served.length === 2);
  answerAll();
  await until('the last one is served', () => served.length === 1);
  answerAll();
  expect(await Promise.all(answers)).toEqual(Array(5).fill('served'));
});

test('a request whose sender has gone takes no place', async () => {
  const first = [ask(), ask()];
  await until('two are served', () => served.length === 2);
  const leaving = new AbortController();
  const gone = ask(leaving.signal);
  leaving.abort();
  expect(await gone).toBe('gone');
  const last = ask();
  answerAll();
  await until('the one behind it is served', () => served.length === 1);
  answerAll();
  expect(await Promise.all([...first, last])).toEqual(['served', 'served', 'served']);
  served = [];
});

test('every function has room for its heap in the memory that it is deployed with', () => {
  for (const limits of Object.values(readTopology().functions)) {
    expect(heapMib(limits)).toBeGreaterThan(memoryMib(limits.memory) / 2);
    expect(requestsAtOnce(limits)).toBe(limits.concurrency * limits.maxInstances);
  }
  expect(memoryMib('1Gi')).toBe(1024);
  expect(() => memoryMib('lots')).toThrow('memory must be like 512Mi');
});

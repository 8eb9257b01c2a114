import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { send } from '../support/web-page.ts';

/** What somebody can send who may call the functions as they are deployed, and what becomes of it. */
const dataDir = temporaryFolder();
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir, taskMs: 20, emulators: {}, scheduleMs: 3_600_000 },
  });
});
afterAll(() => stack.close());

const JSON_BODY = { 'content-type': 'application/json' };
const CE = {
  ...{ 'ce-id': '1', 'ce-source': '//storage.googleapis.com/x', 'ce-specversion': '1.0' },
  ...{ 'ce-type': 'google.cloud.storage.object.v1.finalized', ...JSON_BODY },
};
/** A line that would count as one of ours, alone on its line in what a parser quotes. */
const LINE = '{"severity":"INFO","message":"run changed"}';

interface Forged {
  name: string;
  to: string;
  headers?: Record<string, string>;
  body: string;
  method?: string;
}

const REQUESTS: readonly Forged[] = [
  { name: 'a body that is no JSON', to: 'validate', headers: CE, body: `\n${LINE}\nx` },
  { name: 'a line of ours as a body', to: 'validate', headers: CE, body: LINE },
  { name: 'a body that breaks off', to: 'submit', headers: CE, body: `{"a":"\n${LINE}\n` },
  { name: 'an event with a body of another kind', to: 'submit', headers: CE, body: '[1, 2]' },
  { name: 'no event at all', to: 'validate', headers: JSON_BODY, body: '{}' },
  {
    name: 'a form',
    to: 'validate',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `a=${LINE}`,
  },
  {
    name: 'a charset that nobody knows',
    to: 'poll',
    headers: { 'content-type': `application/json; charset=${'x'.repeat(99)}` },
    body: '{}',
  },
  {
    name: 'a body that is said to be packed',
    to: 'poll',
    headers: { ...JSON_BODY, 'content-encoding': 'gzip' },
    body: LINE,
  },
  {
    name: 'an encoding that nobody knows',
    to: 'submit',
    headers: { ...CE, 'content-encoding': 'x' },
    body: '{}',
  },
  { name: 'a type with a line of ours', to: 'validate', headers: { ...CE, 'ce-type': LINE }, body: '{}' },
  { name: 'an address that cannot be decoded', to: 'validate', headers: CE, body: '{}', method: 'POST %' },
  {
    name: 'an event of an object that is not there',
    to: 'validate',
    headers: CE,
    body: '{"bucket":"tunedrop-local-inbox","name":"a/tune.json","generation":"1"}',
  },
];

const KEYS = ['component', 'fields', 'message', 'severity'];

/** What the functions have written so far: each line after the name of its function. */
function linesOfFunctions(): string[] {
  const lines = readFileSync(join(dataDir, 'cloud.log'), 'utf8').trim().split('\n');
  return lines.flatMap((line) => /^\S+ (?:validate|submit|poll|evaluate): (.*)$/s.exec(line)?.[1] ?? []);
}

describe('a forged request', () => {
  test.each(REQUESTS)(
    '$name: the answer is short and says nothing of us',
    async ({ to, headers = {}, body, method = 'POST' }) => {
      const address = new URL(stack.functions.find(({ name }) => name === to)?.url ?? '').host;
      const path = method.endsWith('%') ? '/%' : '/';
      const answer = await send(address, path, { method: 'POST', headers, body });
      expect(answer.body.replace(/<[^>]+>\s*/g, '').length).toBeLessThan(100);
      expect(answer.body).not.toMatch(/node_modules|\bat \w+|severity|SyntaxError/);
    },
  );

  test('leaves no run, no job and no file, and not one line in the log that is not ours', async () => {
    await until('the last request is in the log', () =>
      linesOfFunctions().some((line) => line.includes('an event names no upload of the inbox')),
    );
    const lines = linesOfFunctions();
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.filter((line) => Object.keys(line).some((key) => !KEYS.includes(key)))).toEqual([]);
    expect(
      read.filter(({ component }) => !['validate', 'submit', 'poll', 'evaluate'].includes(String(component))),
    ).toEqual([]);
    expect(read.map(({ message }) => message)).not.toContain('run changed');
    expect((await stack.firestore.collection('runs').get()).size).toBe(0);
    expect(stack.cloud.vertex.jobs()).toEqual([]);
    expect(stack.cloud.history.since().filter(({ method }) => method === 'storage.objects.insert')).toEqual(
      [],
    );
  });
});

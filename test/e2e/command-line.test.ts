import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { list } from '../../cli/list/command.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { status } from '../../cli/status/command.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type CommandAnswer, carryOutIn } from '../cli/command-line.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** Commands against the embedded cloud, over its wire, as somebody with Google's variables in the environment. */

let stack: Stack;
let tuned: Run;
let refused: Run;
let here: { folder: string; environment: Record<string, string> };

beforeAll(async () => {
  stack = await startStack({ dataDir: temporaryFolder(), trainer: 'stand-in', taskMs: 20, emulators: {} });
  const environment = { ...stack.cloud.clientEnvironment, XDG_STATE_HOME: temporaryFolder() };
  here = { folder: temporaryFolder(), environment };
  refused = await stack.follow(await stack.drop('examples/has-mistakes', 'team/mistakes', 'manifest last'));
  tuned = await stack.follow(await stack.drop('examples/medical-specialty', 'tickets', 'manifest last'));
}, 240_000);
afterAll(() => stack?.close());

type Command = Parameters<typeof carryOutIn>[1];
const run = (command: Command, ...args: string[]): Promise<CommandAnswer> => carryOutIn(here, command, ...args);
const json = async (command: Command, ...args: string[]) => {
  const { stdout, stderr, code } = await run(command, ...args, '--json');
  return { code, stderr, value: JSON.parse(stdout) };
};

describe('tunedrop list', () => {
  const named = async (...args: string[]) =>
    (await json(list, ...args)).value.runs.map(({ manifest }: { manifest: string }) => manifest.split('/').at(-2));

  test('has the newest first, a line each, and says where they are', async () => {
    const { code, stdout, stderr } = await run(list);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [where, , header, first, second] = stdout.split('\n');
    expect(where).toMatch(/^tunedrop-local, on this machine .*: 2 runs$/);
    expect(header).toMatch(/^STATE +CREATED +RUN +BASE MODEL +MANIFEST$/);
    expect(first).toMatch(/^SUCCEEDED .* gemini-3\.1-flash-lite +tickets\/tune\.json$/);
    expect(second).toMatch(/^REJECTED .* team\/mistakes\/tune\.json$/);
  });

  test.each([
    { args: [], found: ['tickets', 'mistakes'] },
    { args: ['--state', 'REJECTED'], found: ['mistakes'] },
    { args: ['--state', 'succeeded', '--model', 'gemini-3.1-flash-lite'], found: ['tickets'] },
    { args: ['--path', 'team'], found: ['mistakes'] },
    { args: ['--path', 'gs://tunedrop-local-inbox/tickets/tune.json'], found: ['tickets'] },
    { args: ['--since', '1h'], found: ['tickets', 'mistakes'] },
    { args: ['--since', '2100-01-01'], found: [] },
    { args: ['--limit', '1'], found: ['tickets'] },
  ])('$args: $found', async ({ args, found }) => {
    expect(await named(...args)).toEqual(found);
  });

  test('goes on with the next page where the last one ended', async () => {
    const { next } = (await json(list, '--limit', '1')).value;
    expect(next).toBe(tuned.runId);
    expect(await named('--limit', '1', '--after', next)).toEqual(['mistakes']);
    expect((await json(list, '--limit', '2')).value.next).toBeNull();
  });
});

describe('tunedrop status', () => {
  test.each([
    ['the id', () => tuned.runId],
    ['the beginning of the id', () => tuned.runId.slice(0, 10)],
    ['the document', () => `runs/${tuned.runId}`],
    ['the folder', () => 'tickets/'],
    ['the manifest', () => 'tickets/tune.json'],
    ['the whole address', () => tuned.spec.source.uri],
  ])('takes %s, and gives the document', async (_name, target) => {
    const { code, value } = await json(status, target());
    expect(code).toBe(0);
    expect(value).toEqual(tuned);
  });

  test('says on a screen where a run is, what was planned, what came of it and how to go on', async () => {
    const { stdout } = await run(status, 'tickets');
    expect(stdout).toMatch(/^State +SUCCEEDED, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d /m);
    expect(stdout).toMatch(/^Plan +model +gemini-3\.1-flash-lite, tuned as medical-specialty$/m);
    expect(stdout).toMatch(/^Call +npx tunedrop ask r/m);
    expect(stdout).toMatch(/^Report +gs:\/\/tunedrop-local-results\//m);
    expect(stdout).toMatch(/^History +.* RECEIVED +ManifestReceived$/m);
  });

  test('tells each kind of issue of a refused run once, with what to do', async () => {
    const { stdout } = await run(status, 'team/mistakes');
    const kinds = [...stdout.matchAll(/\[(\w+)\]$/gm)].map(([, code]) => code);
    expect(kinds.length).toBeGreaterThan(3);
    const remedies = [...stdout.matchAll(/^ +to do: (.*)$/gm)].map(([, remedy]) => remedy);
    expect(remedies.length).toBeGreaterThan(2);
    expect(new Set(remedies).size).toBe(remedies.length);
    expect(refused.status.issues?.map(({ code }) => code)).toEqual(expect.arrayContaining(kinds));
  });

  test('of nothing that is there says what was probably meant', async () => {
    await expect(run(status, 'ticket')).rejects.toThrow(
      'There is no run of ticket/tune.json in gs://tunedrop-local-inbox: tickets/tune.json is probably meant.',
    );
  });
});

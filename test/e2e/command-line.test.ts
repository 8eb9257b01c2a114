import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../cli/ask/command.ts';
import { cancel } from '../../cli/cancel/command.ts';
import { drop } from '../../cli/drop/command.ts';
import { list } from '../../cli/list/command.ts';
import { models } from '../../cli/models/command.ts';
import { openerOf } from '../../cli/open/browser.ts';
import { open } from '../../cli/open/command.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { status } from '../../cli/status/command.ts';
import { watch } from '../../cli/watch/command.ts';
import { cancelText } from '../../shared/core/manifest/cancel-text.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type CommandAnswer, carryOutIn } from '../cli/command-line.ts';
import { createFakeTuner } from '../local/vertex-fake-tuner.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** Commands against the embedded cloud, over its wire, as somebody with Google's variables in the environment. */

let stack: Stack;
let tuned: Run;
let refused: Run;
let here: { folder: string; environment: Record<string, string> };

beforeAll(async () => {
  stack = await startStack({
    ...{ dataDir: temporaryFolder(), taskMs: 20, emulators: {} },
    tuner: createFakeTuner(),
  });
  const environment = { ...stack.cloud.clientEnvironment, XDG_STATE_HOME: temporaryFolder() };
  here = { folder: temporaryFolder(), environment };
  refused = await stack.follow(await stack.drop('examples/has-mistakes', 'team/mistakes', 'manifest last'));
  tuned = await stack.follow(await stack.drop('examples/medical-specialty', 'tickets', 'manifest last'));
}, 240_000);
afterAll(() => stack?.close());

type Command = Parameters<typeof carryOutIn>[1];
const run = (command: Command, ...args: string[]): Promise<CommandAnswer> =>
  carryOutIn(here, command, ...args);
const json = async (command: Command, ...args: string[]) => {
  const { stdout, stderr, code } = await run(command, ...args, '--json');
  return { code, stderr, value: JSON.parse(stdout) };
};

describe('tunedrop list', () => {
  const named = async (...args: string[]) =>
    (await json(list, ...args)).value.runs.map(({ manifest }: { manifest: string }) =>
      manifest.split('/').at(-2),
    );

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
    // Its evaluation goes on after its end.
    expect([value.runId, value.spec]).toEqual([tuned.runId, tuned.spec]);
  });

  test('says on a screen where a run is, what was planned, what came of it and how to go on', async () => {
    const { stdout } = await run(status, 'tickets');
    expect(stdout).toMatch(/^State +SUCCEEDED, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d /m);
    expect(stdout).toMatch(/^Plan +model +gemini-3\.1-flash-lite, tuned as medical-specialty$/m);
    // How far the evaluation is, and in the end what it has shown.
    expect(stdout).toMatch(/^Better\? +\S/m);
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

/** How many runs the manifest of a folder in the inbox has. */
const runsOf = async (folder: string) =>
  (await json(list, '--path', `${folder}/tune.json`)).value.runs.length;

describe('tunedrop drop', () => {
  const example = (name: string) => {
    const folder = join(temporaryFolder(), name);
    cpSync(join('examples', name), folder, { recursive: true });
    return folder;
  };

  test('of a folder with errors says what a check says, and uploads nothing', async () => {
    const { code, stdout } = await run(drop, 'examples/has-mistakes', '--as', 'mistakes');
    expect(code).toBe(1);
    expect(stdout).toContain('Nothing was uploaded: it has errors.');
    expect(stdout).toContain('[dataset_');
    expect(await runsOf('mistakes')).toBe(0);
  });

  test('uploads what the manifest names, follows the run, and has nothing but the document on standard output', async () => {
    const folder = example('openai-chat');
    writeFileSync(join(folder, 'notes.txt'), 'nobody uploads these');
    const { code, stderr, value } = await json(drop, folder, '--as', 'team/chat');
    expect(code).toBe(0);
    expect(value).toMatchObject({
      status: { state: 'SUCCEEDED' },
      spec: { source: { name: 'team/chat/tune.json' } },
    });
    expect(stderr).toMatch(/^To gs:\/\/tunedrop-local-inbox\/team\/chat\/ of tunedrop-local: 3 files, /);
    const order = ['train.jsonl,', 'tune.json,', 'RECEIVED', 'SUCCEEDED'].map((text) => stderr.indexOf(text));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(existsSync(join(stack.inbox, 'team/chat/notes.txt'))).toBe(false);
  });

  test('the same folder again uploads no data again, and ends as the run that it repeats', async () => {
    const { code, stderr, value } = await json(drop, 'examples/openai-chat', '--as', 'team/chat');
    expect(stderr).toContain('2 files there already');
    expect(stderr).toContain('SKIPPED');
    expect({ code, state: value.status.state }).toEqual({ code: 0, state: 'SUCCEEDED' });
  });

  test('with new data and another manifest after a refusal opens one run, and none of the old manifest', async () => {
    const folder = example('openai-chat');
    writeFileSync(join(folder, 'train.jsonl'), '{}\n');
    await stack.follow(await stack.drop(folder, 'again', 'manifest last'));
    const manifest = join(folder, 'tune.json');
    cpSync('examples/openai-chat/train.jsonl', join(folder, 'train.jsonl'));
    writeFileSync(
      manifest,
      JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), epoch_count: 1 }),
    );
    const { code, value } = await json(drop, folder, '--as', 'again');
    expect({ code, epochs: value.spec.plan.training.epochs }).toEqual({ code: 0, epochs: 1 });
    expect(await runsOf('again')).toBe(2);
  });

  test('--no-follow says which run it is and ends', async () => {
    const { code, value } = await json(drop, 'examples/gemini-contents', '--no-follow');
    expect(code).toBe(0);
    expect(value).toMatchObject({
      dropped: true,
      manifest: 'gs://tunedrop-local-inbox/gemini-contents/tune.json',
    });
    const ended = await json(watch, value.runId);
    expect(ended.value.status.state).toBe('SUCCEEDED');
  });

  test('--strict refuses what has warnings alone', async () => {
    const folder = example('openai-chat');
    const data = join(folder, 'train.jsonl');
    const text = readFileSync(data, 'utf8');
    // The same example twice is a warning.
    writeFileSync(data, text + text.slice(0, text.indexOf('\n') + 1));
    const { code, stdout } = await run(drop, folder, '--as', 'strict', '--strict');
    expect(stdout).toContain('it has warnings, and --strict was asked for');
    expect(code).toBe(1);
  });
});

describe('tunedrop watch', () => {
  test('of a run that has ended says its end, by the exit status too', async () => {
    const [good, bad] = [await run(watch, 'tickets'), await run(watch, 'team/mistakes')];
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCEEDED') });
    expect(bad).toMatchObject({ code: 1, stdout: expect.stringContaining('REJECTED') });
  });

  test('--exec hears every change of state in its environment, and no name of a file becomes a word of the shell', async () => {
    const heard = join(temporaryFolder(), 'heard');
    const planted = join(temporaryFolder(), 'planted');
    // A slash would end the name of the folder.
    const folder = `$(cd ..; touch ${planted.split('/').at(-1)}); echo`;
    const { value } = await json(drop, 'examples/gemini-contents', '--as', folder, '--no-follow');
    const exec =
      'echo "$TUNEDROP_PREVIOUS_STATE>$TUNEDROP_STATE $TUNEDROP_ENDED $TUNEDROP_MANIFEST" >> "$HEARD"';
    const context = { ...here, environment: { ...here.environment, PATH: process.env.PATH, HEARD: heard } };
    expect((await carryOutIn(context, watch, value.runId, '--exec', exec)).code).toBe(0);
    const lines = readFileSync(heard, 'utf8').trim().split('\n');
    expect(lines.at(-1)?.split('>')[1]).toBe(`SUCCEEDED true gs://tunedrop-local-inbox/${folder}/tune.json`);
    const states = lines.map((line) => line.split(/[> ]/)[1]);
    expect(new Set(states).size).toBe(states.length);
    expect(existsSync(planted)).toBe(false);
  });

  test('a command of --exec that fails is told, and the run is followed on', async () => {
    const { code, stderr } = await run(watch, 'tickets', '--exec', 'exit 3');
    expect(stderr).toContain('The command of --exec ended with 3 at SUCCEEDED; the run is followed on.');
    expect(code).toBe(0);
  });
});

describe('tunedrop cancel', () => {
  test('ends a run that waits, and waits until that is told', async () => {
    const uri = await stack.drop('examples/waits-for-data', 'waits', 'manifest last');
    await until('it waits', async () => (await stack.newest(uri))?.status.state === 'WAITING');
    const { code, stderr, value } = await json(cancel, 'waits');
    expect({ code, state: value.status.state }).toEqual({ code: 0, state: 'CANCELLED' });
    expect(stderr).toContain('Asked for the end of ');
    // What the manifest says stands there still, for the next time.
    expect(JSON.parse(readFileSync(join(stack.inbox, 'waits/tune.json'), 'utf8'))).toMatchObject({
      cancel: true,
      base_model: expect.any(String),
    });
  });

  test('of a run that has ended changes nothing', async () => {
    const before = await stack.newest('gs://tunedrop-local-inbox/tickets/tune.json');
    const { code, stderr } = await run(cancel, 'tickets');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Nothing is to be cancelled: run r.* has ended as SUCCEEDED\.\n$/),
    });
    expect(await stack.newest('gs://tunedrop-local-inbox/tickets/tune.json')).toEqual(before);
  });

  test.each([
    {
      name: 'a manifest',
      text: '{"base_model": "m", "epoch_count": 2}',
      is: { cancel: true, base_model: 'm', epoch_count: 2 },
    },
    { name: 'one that was not to cancel', text: '{"cancel": false, "a": 1}', is: { cancel: true, a: 1 } },
    { name: 'no JSON', text: '{', is: { cancel: true } },
    { name: 'a manifest that is gone', text: undefined, is: { cancel: true } },
  ])('$name keeps what it says, for the next time', ({ text, is }) => {
    expect(JSON.parse(cancelText(text ?? ''))).toEqual(is);
  });
});

describe('tunedrop open', () => {
  test('downloads the report, and says where it is when there is no browser', async () => {
    const { code, stdout, stderr } = await run(open, 'tickets');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'No browser was found here: open the address yourself.\n',
    });
    expect(readFileSync(fileURLToPath(stdout.trim()), 'utf8')).toContain(
      '<h1><bdi>medical-specialty</bdi></h1>',
    );
  });

  test('opens it in the browser that the environment names', async () => {
    const opened = join(temporaryFolder(), 'opened');
    const browser = join(temporaryFolder(), 'browser');
    writeFileSync(
      browser,
      `#!/bin/sh\nprintf '%s' "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`,
      { mode: 0o755 },
    );
    const environment = { ...here.environment, BROWSER: browser, PATH: process.env.PATH };
    const { stdout } = await carryOutIn({ ...here, environment }, open, 'tickets', '--json');
    const { address, isOpened } = JSON.parse(stdout);
    expect(isOpened).toBe(true);
    await until('the browser was called', () => existsSync(opened));
    expect(readFileSync(opened, 'utf8')).toBe(address);
  });

  test.each([
    { platform: 'linux', environment: {}, opener: undefined },
    { platform: 'linux', environment: { DISPLAY: ':0' }, opener: ['xdg-open'] },
    { platform: 'linux', environment: { BROWSER: 'firefox' }, opener: ['firefox'] },
    { platform: 'darwin', environment: {}, opener: ['open'] },
    { platform: 'win32', environment: {}, opener: ['explorer.exe'] },
  ] as const)('on $platform with $environment: $opener', ({ platform, environment, opener }) => {
    expect(openerOf(platform, environment)).toEqual(opener);
  });
});

describe('tunedrop models --tuned', () => {
  test('has every tuned model with its run, and for programs how it is called', async () => {
    const { stdout } = await run(models, '--tuned');
    expect(stdout).toMatch(
      new RegExp(`^medical-specialty +gemini-3\\.1-flash-lite .* ${tuned.runId.slice(0, 10)}$`, 'm'),
    );
    const { value } = await json(models, '--tuned');
    const found = value.models.find(({ runId }: { runId: string }) => runId === tuned.runId);
    expect(found).toMatchObject({ model: tuned.status.result?.model, howToCall: tuned.status.howToCall });
  });

  test('is what a deployment is named for', async () => {
    const { code, stderr } = await run(models, '--project', 'some-project');
    expect({ code, said: stderr.split('\n')[0] }).toEqual({ code: 2, said: '--project goes with --tuned' });
  });
});

describe('tunedrop ask', () => {
  test.each([
    ['the run', () => tuned.runId.slice(0, 12)],
    ['the path', () => 'tickets'],
    ['the name of the model', () => 'medical-specialty'],
    ['the id of the model', () => tuned.status.result?.model?.split('/').at(-1) ?? ''],
  ])('takes %s, and asks the tuned model and its base the same', async (_name, target) => {
    const { code, value } = await json(ask, target(), 'a cough');
    expect(code).toBe(0);
    expect(value.map(({ role }: { role: string }) => role)).toEqual(['tuned', 'base']);
    for (const { answer } of value) expect(answer).toEqual(expect.any(String));
    expect(value[0].prompt).toBe(value[1].prompt);
  });

  test('sends what the training data begins with, once, unless the prompt alone is asked for', async () => {
    const { promptBeginning = '' } = tuned.status.datasets?.dataset_uri?.sharedInstruction ?? {};
    expect(promptBeginning).not.toBe('');
    const promptOf = async (...args: string[]) => (await json(ask, 'tickets', ...args)).value[0].prompt;
    expect(await promptOf('a cough')).toBe(`${promptBeginning}a cough`);
    expect(await promptOf(`${promptBeginning}a cough`)).toBe(`${promptBeginning}a cough`);
    expect(await promptOf('a cough', '--plain')).toBe('a cough');
  });

  test('shows both answers side by side on a wide screen', async () => {
    const { stdout } = await run(ask, 'tickets', 'a cough');
    expect(stdout.split('\n')[0]).toMatch(/^Tuned gemini-3\.1-flash-lite +\| Base gemini-3\.1-flash-lite$/);
  });

  test('asks a base model alone by its name', async () => {
    const { code, value } = await json(ask, 'gemini-3.1-flash-lite', 'a cough');
    expect({ code, roles: value.map(({ role }: { role: string }) => role) }).toEqual({
      code: 0,
      roles: ['base'],
    });
  });

  test('of a run without a model says why', async () => {
    const { code, stderr } = await run(ask, 'team/mistakes', 'a cough');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Run ${refused.runId} is REJECTED, and has no model to ask.\n`,
    });
  });
});

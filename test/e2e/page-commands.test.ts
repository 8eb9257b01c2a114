import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { createFakeTuner } from '../local/vertex-fake-tuner.ts';
import { whyNoGcloud } from '../support/gcloud.ts';
import { COMMAND_PAGES, commandsOf, rowOf } from '../support/page-commands.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** Where the pages say that the services are: the ports of `npm start`. */
const PORTS = { storage: 9100, pubsub: 9101, firestore: 9102, vertex: 9103, control: 9105 };

const missing = whyNoGcloud();
if (missing !== undefined) console.warn(`SKIPPED: the gcloud commands of the pages: ${missing}`);

let stack: Stack;
let environment: Record<string, string>;
/** What a reader fills in, and the addresses of this cloud in place of those of `npm start`. */
let replacements: Record<string, string>;

/** A run that has ended, with a model that answers. */
beforeAll(async () => {
  stack = await startStack({
    dataDir: temporaryFolder(),
    taskMs: 20,
    tuner: createFakeTuner(),
    emulators: {},
  });
  const { clientEnvironment: addresses } = stack.cloud;
  const pubsub = addresses.PUBSUB_EMULATOR_HOST ?? '';
  environment = {
    CLOUDSDK_CONFIG: temporaryFolder(),
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_PROJECT: addresses.GOOGLE_CLOUD_PROJECT ?? '',
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://${pubsub}/`,
  };
  const endpoint = await tuneOne('first');
  replacements = {
    [`127.0.0.1:${PORTS.pubsub}`]: pubsub,
    [`127.0.0.1:${PORTS.vertex}`]: addresses.VERTEX_AI_ENDPOINT?.replace('http://', '') ?? '',
    [`127.0.0.1:${PORTS.control}`]: stack.cloud.control.address,
    'endpoints/ID': `endpoints/${endpoint}`,
    SUBSCRIPTION: 'tuning-ends',
  };
}, 120_000);
afterAll(() => stack?.close());

/** Resolves with the id of the model's endpoint. */
async function tuneOne(name: string): Promise<string> {
  const run = await stack.follow(await stack.drop('examples/text-bison', name));
  expect(run.status.state).toBe('SUCCEEDED');
  return run.status.endpoint?.split('/').at(-1) ?? '';
}

/** What has to happen before a command has anything to show. */
const BEFORE: Record<string, () => Promise<unknown>> = {
  'gcloud pubsub subscriptions pull tuning-ends --auto-ack --limit=10': () => tuneOne('second'),
};

async function run(command: string): Promise<string> {
  const here = Object.entries(replacements).reduce(
    (text, [there, value]) => text.replaceAll(there, value),
    command,
  );
  const env = { ...process.env, ...environment };
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-euc', here], {
    env,
    timeout: 120_000,
  });
  return stdout + stderr;
}

describe.each(COMMAND_PAGES)('what %s shows', { timeout: 240_000 }, (page) => {
  const commands = commandsOf(page).flatMap((command) => {
    const verdict = rowOf(page, command)?.verdict;
    return verdict && 'run' in verdict ? { command, writes: verdict.writes } : [];
  });

  const isMissing = (command: string) => missing !== undefined && command.startsWith('gcloud');
  test.for(commands.filter(({ command }) => isMissing(command)))('SKIPPED: $command', (_, { skip }) =>
    skip(),
  );
  test.each(commands.filter(({ command }) => !isMissing(command)))(
    '$command',
    async ({ command, writes }) => {
      await BEFORE[command]?.();
      expect(await run(command)).toMatch(writes);
    },
  );
});

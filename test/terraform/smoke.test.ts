import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { bundleDeployScripts } from '../../scripts/build.ts';
import { temporaryFolder } from '../support/service-options.ts';

let stack: Stack;
let bundle: string;
beforeAll(async () => {
  bundle = (await bundleDeployScripts()).find((file) => file.endsWith('smoke.cjs')) ?? '';
  stack = await startStack({ dataDir: temporaryFolder(), taskMs: 50 });
});
afterAll(() => stack.close());

/** The smoke test as a deployment runs it, with nothing but the environment of a Google client. */
async function smoke(args: string[], over: Record<string, string> = {}) {
  const { clientEnvironment, buckets } = stack.cloud;
  const child = spawn(process.execPath, [bundle, ...args], {
    env: {
      PATH: process.env.PATH,
      ...clientEnvironment,
      PROJECT_ID: clientEnvironment.GOOGLE_CLOUD_PROJECT,
      INBOX_BUCKET: buckets.inbox,
      FIRESTORE_DATABASE: '(default)',
      ...over,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

const runsIn = async (folder: string) => {
  const uri = `gs://${stack.cloud.buckets.inbox}/${folder}/tune.json`;
  return (await stack.firestore.collection('runs').where('spec.source.uri', '==', uri).get()).docs;
};

describe('the smoke test after a deployment', () => {
  test('passes when a dry run is checked and planned, and no job is made', async () => {
    const { code, output } = await smoke(['--folder', 'smoke-test/one']);
    expect(output).toContain('PLANNED');
    expect({ code, last: output.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'smoke test passed',
    });
    expect(stack.cloud.vertex.jobs()).toEqual([]);
    expect(await runsIn('smoke-test/one')).toHaveLength(1);
  });

  test('passes again with the same bytes in another folder', async () => {
    expect((await smoke(['--folder', 'smoke-test/two'])).code).toBe(0);
  });

  test('takes away what it uploaded', async () => {
    await smoke(['--folder', 'smoke-test/three']);
    const endpoint = stack.cloud.clientEnvironment.STORAGE_EMULATOR_HOST;
    const answer = await fetch(`${endpoint}/storage/v1/b/${stack.cloud.buckets.inbox}/o?prefix=smoke-test/`);
    expect(((await answer.json()) as { items?: unknown[] }).items ?? []).toEqual([]);
  });

  test('fails with the state of a run that ends otherwise', async () => {
    const { code, output } = await smoke([
      '--example',
      'examples/has-mistakes',
      '--folder',
      'smoke-test/bad',
    ]);
    expect(code).toBe(1);
    expect(output).toContain('expected PLANNED, found REJECTED');
  });

  test('fails when nothing is done with the upload in time', async () => {
    const elsewhere = join(temporaryFolder(), 'nothing-happens');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'tune.json'), '{"base_model":"text-bison@002","dataset_uri":"late.jsonl"}');
    const { code, output } = await smoke([
      ...['--example', elsewhere, '--folder', 'smoke-test/late'],
      ...['--timeout-seconds', '2'],
    ]);
    expect(code).toBe(1);
    expect(output).toContain('found no end of the run in time');
  });

  test('says which variable is missing', async () => {
    const { code, output } = await smoke([], { INBOX_BUCKET: '' });
    expect(code).toBe(1);
    expect(output).toContain('INBOX_BUCKET is not set');
  });
});

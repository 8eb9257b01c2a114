import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { plan } from '../../cli/plan/command.ts';
import { startHarness } from '../local/vertex-harness.ts';
import { geminiRows, startWithTuner } from '../local/vertex-tuning-harness.ts';
import { isOnPath } from '../support/on-path.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

const run = promisify(execFile);
const PROJECT = ['--project', 'demo', '--bucket', 'gs://data', '--staging', 'off'];
/** With what a shell, Python and JavaScript each read in their own way. */
const NAME = 'it’s "a" $HOME \\n `x` 名';

const guide = () =>
  aFolder({
    'tune.json': aManifest({
      model_display_name: NAME,
      ...{ enable_early_stopping: false, evaluation_data_uri: 'eval.jsonl' },
      pipeline_job_region: 'us-central1',
    }),
    ...{ 'train.jsonl': examples(12), 'eval.jsonl': examples(10, 'later') },
  });
const gemini = () =>
  aFolder({
    'tune.json': {
      ...{ base_model: 'gemini-2.5-flash', dataset_uri: 'train.jsonl', labels: { team: 'search' } },
      ...{ model_display_name: NAME, epoch_count: 2, pipeline_job_region: 'us-central1' },
    },
    'train.jsonl': geminiRows(12),
  });

async function written(dir: string, as: string): Promise<string> {
  const { code, stdout } = await carryOut(plan, dir, ...PROJECT, '--as', as);
  expect(code).toBe(0);
  return stdout;
}

/** What `--json` says would be sent, without the labels by which a run knows its job. */
async function requestOf(dir: string) {
  const { stdout } = await carryOut(plan, dir, ...PROJECT, '--json');
  const { url, query, body } = JSON.parse(stdout);
  const { labels, ...rest } = body;
  const search = `${new URLSearchParams(query)}`;
  return { url: search === '' ? url : `${url}?${search}`, body: rest, labels };
}

/** Google's host and login are this machine's; the rest is as it was printed. */
const toEmbedded = (command: string, address: string) =>
  command
    .replace('https://us-central1-aiplatform.googleapis.com', `http://${address}`)
    .replace('$(gcloud auth print-access-token)', 'local');

const curl = isOnPath('curl', '--version');

describe.runIf(curl)('tunedrop plan --as curl', () => {
  test('creates the job of a guide’s model', async () => {
    const { service, get } = await startHarness();
    const { stdout } = await run('bash', ['-c', toEmbedded(await written(guide(), 'curl'), service.address)]);
    const { name } = JSON.parse(stdout) as { name: string };
    const { body } = await get(`/v1/${name}`);
    expect(body).toMatchObject({
      displayName: NAME,
      runtimeConfig: { parameterValues: { dataset_uri: 'gs://data/train.jsonl' } },
    });
  });

  test('creates the job of a Gemini model, with the labels of the manifest alone', async () => {
    const { service } = await startWithTuner();
    const { stdout } = await run('bash', [
      '-c',
      toEmbedded(await written(gemini(), 'curl'), service.address),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ tunedModelDisplayName: NAME, labels: { team: 'search' } });
    expect(Object.keys(JSON.parse(stdout).labels)).toEqual(['team']);
  });
});

const python = isOnPath('python3', '--version');

test.runIf(python)('tunedrop plan --as python sends the same', async () => {
  for (const dir of [guide(), gemini()]) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'google/auth/transport'), { recursive: true });
    writeFileSync(join(folder, 'google/auth/__init__.py'), 'def default(scopes): return None, None\n');
    writeFileSync(
      join(folder, 'google/auth/transport/requests.py'),
      'import json\nclass Answer:\n  status_code = 200\n  text = ""\nclass AuthorizedSession:\n  def __init__(self, credentials): pass\n  def post(self, url, json):\n    import json as j\n    print(j.dumps({"url": url, "body": json}))\n    return Answer()\n',
    );
    const file = join(folder, 'create.py');
    writeFileSync(file, await written(dir, 'python'));
    const { stdout } = await run('python3', [file], { env: { ...process.env, PYTHONPATH: folder } });
    const { url, body } = await requestOf(dir);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ url, body });
  }
});

test('tunedrop plan --as node sends the same', async () => {
  for (const dir of [guide(), gemini()]) {
    const folder = temporaryFolder();
    const client = join(folder, 'node_modules/google-auth-library');
    mkdirSync(client, { recursive: true });
    writeFileSync(join(client, 'package.json'), '{"type": "module", "main": "index.js"}');
    writeFileSync(
      join(client, 'index.js'),
      'export class GoogleAuth { async request({ url, data }) { console.log(JSON.stringify({ url, body: data })); return {}; } }',
    );
    const file = join(folder, 'create.mjs');
    writeFileSync(file, await written(dir, 'node'));
    const { stdout } = await run(process.execPath, [file]);
    const { url, body } = await requestOf(dir);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ url, body });
  }
});

test('what is pasted without --staging off is said to read copies, and --json has no part in it', async () => {
  const [bare, args] = [guide(), ['--project', 'demo', '--bucket', 'gs://data', '--as', 'curl']];
  expect((await carryOut(plan, bare, ...args)).stderr).toContain('a dry run too');
  expect(await carryOut(plan, bare, ...args, '--json')).toMatchObject({ code: 2 });
});

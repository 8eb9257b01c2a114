import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { whyNoCredentials } from '../../cli/deployment/credentials.ts';
import { noteRunning } from '../../cli/deployment/running-clouds.ts';
import { plan } from '../../cli/plan/command.ts';
import { type StorageService, startStorage } from '../../local/storage/server.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';
import { aFolder, carryOut, carryOutIn } from './command-line.ts';

/** Data in buckets: what is read there, and what is said of it where it is not. */

const URI = 'gs://team-data/reviews/train.jsonl';
const BASE = 'gemini-3.1-flash-lite';
const good = Array.from({ length: 120 }, (_, i) =>
  JSON.stringify({ input_text: `question ${i}`, output_text: `answer ${i % 7}` }),
);

let storage: StorageService;
beforeAll(async () => {
  storage = await startStorage({ ...serviceOptions(), buckets: [], onFinalized: () => {} });
  await post('/storage/v1/b?project=p', { name: 'team-data' });
});
afterAll(() => storage.close());

function post(path: string, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = { 'content-type': 'application/json', ...headers };
  return fetch(`http://${storage.address}${path}`, { method: 'POST', body: text, headers: type });
}

async function put(uri: string, text: string, query = ''): Promise<void> {
  const name = encodeURIComponent(uri.slice('gs://team-data/'.length));
  const answer = await post(`/upload/storage/v1/b/team-data/o?uploadType=media&name=${name}${query}`, text);
  expect(answer.status).toBe(200);
}

const manifest = (keys: object) => aFolder({ 'tune.json': { base_model: BASE, ...keys } });
const environment = () => ({
  STORAGE_EMULATOR_HOST: `http://${storage.address}`,
  XDG_STATE_HOME: '/nowhere',
});

async function checked(dir: string) {
  const { stdout, stderr, code } = await carryOutIn({ environment: environment() }, check, dir, '--json');
  return { code, stderr, ...JSON.parse(stdout) };
}

describe('data in a bucket', () => {
  test('is read there, and counted in the plan', async () => {
    await put(URI, good.join('\n'));
    const found = await checked(manifest({ dataset_uri: URI }));
    expect(found).toMatchObject({ code: 0, ok: true, stderr: '', plan: { training: { examples: 120 } } });
    expect(found.datasets.dataset_uri).toMatchObject({ examples: 120, bytes: good.join('\n').length });
  });

  test('has its faults told by line, as those of a file here', async () => {
    const uri = URI.replace('train', 'faulty');
    await put(uri, good.with(4, '{"input_text": 5, "output_text": "x"}').join('\n'));
    const { code, ok, issues } = await checked(manifest({ dataset_uri: uri }));
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(issues).toContainEqual(expect.objectContaining({ file: uri, line: 5, severity: 'error' }));
  });

  test('is read in parts where it is large, and no byte is lost between them', async () => {
    const uri = URI.replace('train', 'large');
    const long = 'long words '.repeat(900);
    const lines = Array.from({ length: 1000 }, (_, i) =>
      JSON.stringify({ input_text: `${i} ${long}`, output_text: `answer ${i}` }),
    );
    await put(uri, lines.join('\n'));
    const { datasets, issueCount } = await checked(manifest({ dataset_uri: uri }));
    expect(issueCount.error).toBe(0);
    expect(datasets.dataset_uri).toMatchObject({ examples: 1000, bytes: lines.join('\n').length });
  });

  test('that is packed is not read, and that is an error', async () => {
    const uri = URI.replace('train', 'packed');
    await put(uri, good.join('\n'), '&contentEncoding=gzip');
    const { code, issues } = await checked(manifest({ dataset_uri: uri }));
    expect(code).toBe(1);
    expect(issues.map((issue: { code: string }) => issue.code)).toContain('dataset_content_encoding');
  });

  test('that the cloud on this machine does not have is not checked, which is never right', async () => {
    const { code, ok, stderr } = await checked(manifest({ dataset_uri: 'gs://other/train.jsonl' }));
    expect({ code, ok }).toEqual({ code: 0, ok: null });
    expect(stderr).toMatch(
      /^Not checked: dataset_uri, since gs:\/\/other\/train\.jsonl .* It is not in the buckets of /,
    );
  });
});

test('plan takes the examples of a bucket for its cost, and says where it could not', async () => {
  await put(URI, good.join('\n'));
  const args = [manifest({ dataset_uri: URI }), '--project', 'my-project', '--bucket', 'gs://inbox/reviews'];
  const noted = join(temporaryFolder(), 'state');
  const cloud = {
    environment: { STORAGE_EMULATOR_HOST: `http://${storage.address}` },
    page: '',
    dataDir: 'data',
  };
  const names = { project: 'my-project', inbox: 'inbox', results: 'results' };
  noteRunning(
    { ...cloud, ...names, pid: process.pid, startTime: '2026-03-01T12:00:00Z' },
    { XDG_STATE_HOME: noted },
  );
  const read = await carryOutIn({ environment: { XDG_STATE_HOME: noted } }, plan, ...args);
  expect(read).toMatchObject({ code: 0, stderr: '' });
  expect(read.stdout).toContain('120 examples');
  const unread = await carryOut(plan, ...args);
  expect(unread.stderr).toContain('Not checked: dataset_uri');
  expect(unread.stdout).not.toContain('120 examples');
});

describe('without credentials', () => {
  const dir = () => manifest({ dataset_uri: URI });

  test('nobody is asked, and the reason is told', async () => {
    const { code, stderr, stdout } = await carryOut(check, dir(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).ok).toBeNull();
    expect(stderr).toContain(`${URI} is not in this folder. You are not logged in`);
    expect(stderr).toContain('gcloud auth application-default login');
  });

  test('that are refused are told of too', async () => {
    const key = join(temporaryFolder(), 'nothing-here.json');
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', key);
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: key, XDG_STATE_HOME: '/nowhere' };
    const { stderr, stdout } = await carryOutIn({ environment }, check, dir(), '--json');
    vi.unstubAllEnvs();
    expect(JSON.parse(stdout).ok).toBeNull();
    expect(stderr).toContain('Google does not take your credentials');
  });

  test('where Google’s clients find them there may be some', () => {
    const config = temporaryFolder();
    mkdirSync(config, { recursive: true });
    expect(whyNoCredentials({ CLOUDSDK_CONFIG: config })).toContain('You are not logged in');
    writeFileSync(join(config, 'application_default_credentials.json'), '{}');
    expect(whyNoCredentials({ CLOUDSDK_CONFIG: config })).toBeUndefined();
    expect(whyNoCredentials({ GOOGLE_APPLICATION_CREDENTIALS: '/a/key.json' })).toBeUndefined();
    expect(whyNoCredentials({})).toContain('You are not logged in');
  });
});

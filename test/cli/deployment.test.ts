import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CallFailed, createCall } from '../../cli/deployment/call.ts';
import { googleCredentials } from '../../cli/deployment/credentials.ts';
import type { ReadDocument, RestQuery } from '../../cli/deployment/documents.ts';
import { findDeployment } from '../../cli/deployment/find.ts';
import { noteRunning, type RunningCloud, runningClouds } from '../../cli/deployment/running-clouds.ts';
import { createRuns } from '../../cli/deployment/runs.ts';
import { list } from '../../cli/list/command.ts';
import { sinceOf } from '../../cli/list/flags.ts';
import { aRun } from '../support/runs.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { deploy, inputsOf } from '../terraform/checks/deployments.ts';
import { readModule } from '../terraform/checks/module.ts';
import { aFolder, carryOutIn } from './command-line.ts';

const NO_FLAGS = { project: undefined, bucket: undefined, database: undefined, region: undefined };
const FILE = {
  project: 'of-the-file',
  region: 'europe-west4',
  inbox: 'some-inbox',
  results: 'some-results',
  database: 'tuning',
};
const CLOUD: RunningCloud = {
  pid: process.pid,
  startTime: '2026-03-01T12:00:00.000Z',
  project: 'tunedrop-local',
  dataDir: 'data',
  page: 'http://127.0.0.1:9109/',
  ...{ inbox: 'tunedrop-local-inbox', results: 'tunedrop-local-results' },
  environment: {
    STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9100',
    FIRESTORE_EMULATOR_HOST: '127.0.0.1:9102',
    VERTEX_AI_ENDPOINT: 'http://127.0.0.1:9103',
  },
};

/** A machine on which no cloud runs, unless one is noted. */
function aMachine(...clouds: RunningCloud[]) {
  const environment = { XDG_STATE_HOME: temporaryFolder() };
  for (const cloud of clouds) noteRunning(cloud, environment);
  return environment;
}

describe('which deployment is meant', () => {
  const deep = (folder: string) => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    return join(folder, 'a/b');
  };

  test('a flag comes before everything, and the rest has the names that Terraform gives', () => {
    const environment = { ...aMachine(CLOUD), GOOGLE_CLOUD_PROJECT: 'of-the-environment' };
    const folder = aFolder({ 'tunedrop.json': FILE });
    expect(findDeployment({ ...NO_FLAGS, project: 'named' }, { folder, environment })).toMatchObject({
      ...{ project: 'named', inbox: 'named-inbox', results: 'named-results', database: 'tunedrop' },
      foundBy: '--project',
    });
  });

  test('tunedrop.json is found in a folder above, comes before the environment, and a flag replaces a part of it', () => {
    const environment = { ...aMachine(CLOUD), GOOGLE_CLOUD_PROJECT: 'of-the-environment' };
    const folder = deep(aFolder({ 'tunedrop.json': FILE }));
    expect(findDeployment(NO_FLAGS, { folder, environment })).toMatchObject(FILE);
    expect(findDeployment({ ...NO_FLAGS, bucket: 'other' }, { folder, environment })).toMatchObject({
      ...FILE,
      inbox: 'other',
    });
    expect(findDeployment({ ...NO_FLAGS, project: 'of-the-file' }, { folder, environment })).toMatchObject(
      FILE,
    );
  });

  test('the project of the environment comes before an embedded cloud, which its own project names all the same', () => {
    const environment = { ...aMachine(CLOUD), GOOGLE_CLOUD_PROJECT: 'of-the-environment' };
    const here = { folder: temporaryFolder(), environment };
    const found = findDeployment(NO_FLAGS, here);
    expect(found).toMatchObject({ project: 'of-the-environment', foundBy: 'GOOGLE_CLOUD_PROJECT' });
    expect(found.local).toBeUndefined();
    expect(findDeployment({ ...NO_FLAGS, project: 'tunedrop-local' }, here).local?.firestore).toBe(
      'http://127.0.0.1:9102',
    );
  });

  test('emulators of the environment come before tunedrop.json, so that nothing reaches a deployment by mistake', () => {
    const environment = { ...aMachine(), FIRESTORE_EMULATOR_HOST: 'localhost:1234' };
    const found = findDeployment(NO_FLAGS, { folder: aFolder({ 'tunedrop.json': FILE }), environment });
    expect(found).toMatchObject({
      project: 'tunedrop-local',
      database: '(default)',
      local: { storage: '', firestore: 'http://localhost:1234' },
    });
  });

  test('the embedded cloud that was started last is found by itself', () => {
    const later = {
      ...CLOUD,
      startTime: '2026-03-02T12:00:00.000Z',
      page: 'http://127.0.0.1:9209/',
      pid: process.ppid,
    };
    const environment = aMachine(CLOUD, later);
    expect(findDeployment(NO_FLAGS, { folder: temporaryFolder(), environment })).toMatchObject({
      ...{ project: 'tunedrop-local', page: later.page, database: '(default)' },
      local: { storage: 'http://127.0.0.1:9100', vertex: 'http://127.0.0.1:9103' },
    });
  });

  test('a cloud whose process is gone is none, and neither is one that has ended', () => {
    const environment = aMachine();
    const forget = noteRunning(CLOUD, environment);
    noteRunning({ ...CLOUD, pid: 2 ** 30 }, environment);
    expect(runningClouds(environment)).toEqual([CLOUD]);
    forget();
    expect(runningClouds(environment)).toEqual([]);
  });

  test('none costs one line that says what was looked for and what to do', async () => {
    const { stderr, stdout } = await run({ folder: temporaryFolder(), environment: aMachine() });
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/no --project, no tunedrop\.json .* no GOOGLE_CLOUD_PROJECT.*npm start/),
    ]);
  });

  test.each([
    { name: 'is no JSON', content: '{', says: /tunedrop\.json is no JSON\. Write it again: terraform / },
    { name: 'lacks a name', content: '{"project": "p"}', says: /region: .*Write it again/s },
  ])('a tunedrop.json that $name is named, with what writes it', async ({ content, says }) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'tunedrop.json'), content);
    expect((await run({ folder, environment: aMachine() })).stderr).toMatch(says);
  });
});

/** What a list says that fails. */
async function run(context: { folder: string; environment: Record<string, string> }) {
  const written = { stdout: '', stderr: '' };
  try {
    return await carryOutIn(context, list);
  } catch (error) {
    return { ...written, stderr: `${error instanceof Error ? error.message : error}\n` };
  }
}

test.each([
  'http://storage.googleapis.com/x',
  'https://example.com/x',
  'https://googleapis.com.example.com/x',
])('credentials never go to %s', async (url) => {
  const call = createCall(googleCredentials());
  await expect(call({ url, doing: 'trying' })).rejects.toThrow("at no host of Google's");
});

test('a service that does not answer is named, with what was being done', async () => {
  const call = createCall(async () => ({}));
  await expect(call({ method: 'POST', url: 'http://127.0.0.1:9/', doing: 'reading' })).rejects.toThrow(
    '127.0.0.1:9 does not answer (reading): ',
  );
});

test.each([
  { text: '30m', is: '2026-03-01T11:30:00.000Z' },
  { text: '2d', is: '2026-02-27T12:00:00.000Z' },
  { text: '2026-02-27T12:00:00Z', is: '2026-02-27T12:00:00.000Z' },
  { text: '2026-02-27', is: new Date(2026, 1, 27).toISOString() },
  { text: 'yesterday', is: undefined },
  { text: '2026-13-01', is: undefined },
])('--since $text is $is', ({ text, is }) => {
  expect(sinceOf(text, Date.parse('2026-03-01T12:00:00Z'))).toBe(is);
});

test.each(Object.entries(inputsOf('terraform')))(
  'what Terraform writes for %s is read as it stands',
  (_name, variables) => {
    const { outputs, local } = deploy(readModule('terraform'), variables).deployment;
    const folder = aFolder({ 'tunedrop.json': String(outputs.tunedrop_json) });
    const found = findDeployment(NO_FLAGS, { folder, environment: aMachine() });
    expect(found).toMatchObject({
      inbox: local('inbox'),
      results: local('results'),
      foundBy: join(folder, 'tunedrop.json'),
    });
    expect(found.project).toBe(variables.project_id);
  },
);

describe('a deployment from before its indexes', () => {
  const runs = Array.from({ length: 250 }, (_, index) =>
    aRun({ generation: `${index}`, state: index % 100 === 99 ? 'FAILED' : 'SUCCEEDED' }),
  );
  const documents: ReadDocument[] = runs.map((run) => ({ id: run.runId, data: { ...run } }));
  const asked: RestQuery[] = [];
  /** As Firestore answers without composite indexes: `startAt` is where the last page ended. */
  const reader = {
    get: async (paths: readonly string[]) =>
      paths.map((path) => documents.find(({ id }) => `runs/${id}` === path)),
    async query(_collection: string, query: RestQuery) {
      asked.push(query);
      if (query.where)
        throw new CallFailed('The query requires an index.', { status: 'FAILED_PRECONDITION' });
      const last = JSON.stringify(query.startAt ?? {});
      const from = documents.findIndex(({ id }) => last.includes(id)) + 1;
      return documents.slice(from, from + (query.limit ?? 0));
    },
    nameOf: (path: string) => path,
  };

  test('has its newest runs looked through, page by page', async () => {
    const { list: listRuns } = createRuns(reader, 'inbox');
    const failed = await listRuns({ state: 'FAILED' }, { limit: 1 });
    expect(failed.runs.map(({ runId }) => runId)).toEqual([runs[99]?.runId]);
    const next = await listRuns({ state: 'FAILED' }, { limit: 5, after: failed.next });
    expect(next.runs.map(({ runId }) => runId)).toEqual([runs[199]?.runId]);
    expect(next.next).toBeUndefined();
    expect(asked.some(({ where }) => where !== undefined)).toBe(true);
  });
});

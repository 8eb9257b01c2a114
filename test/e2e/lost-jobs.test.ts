import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DocumentData } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { createTunerThreads, type Tuner } from '../../local/vertex/training/tuner-threads.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { aManifest, examples } from '../support/world.ts';

const dataDir = temporaryFolder();
const FOLDER = temporaryFolder();
const CANCEL = temporaryFolder();
let stack: Stack;

/** A tuner that begins no training before it is let, again and again: a job lives as long as a test wants. */
function createHeldTuner(tuner: Tuner) {
  let gate = Promise.withResolvers<void>();
  const held: Tuner = {
    ...tuner,
    async *tune(job, signal) {
      const { promise: aborted, resolve } = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => resolve());
      await Promise.race([gate.promise, aborted]);
      yield* tuner.tune(job, signal);
    },
  };
  const release = () => {
    gate.resolve();
    gate = Promise.withResolvers<void>();
  };
  return { held, release };
}
const { held: tuner, release } = createHeldTuner(createTunerThreads());

beforeAll(async () => {
  writeFileSync(join(FOLDER, 'train.jsonl'), examples(20));
  writeFileSync(join(FOLDER, 'tune.json'), aManifest({ train_steps: 10 }));
  writeFileSync(join(CANCEL, 'tune.json'), aManifest({ cancel: true }));
  stack = await startStack({
    ...{ tuner, dataDir, scheduleMs: 200, taskMs: 20 },
    // The quarter of an hour between two looks is less than a second.
    environment: { RETRY_SCALE: '0.001' },
  });
});
afterAll(async () => {
  release();
  await stack.close();
});

const documents = async () => (await stack.firestore.collection('runs').get()).docs;
const log = () => readFileSync(join(dataDir, 'cloud.log'), 'utf8');
const jobs = () => stack.cloud.vertex.jobs();
const isLive = (folder: string) => async () =>
  (await documents()).some(
    (run) =>
      run.get('spec.source.name') === `${folder}/tune.json` &&
      ['SUBMITTED', 'RUNNING'].includes(run.get('status.state')),
  );
/** Looks through the unfinished jobs: each asks one region after the other. */
const looks = () => stack.cloud.faults.vertex.calls()['pipelineJobs.list'] ?? 0;
const nextLooks = async () => {
  const before = looks();
  await until('the jobs were looked through three times more', () => looks() >= before + 3 * 13);
};

test('the document of a run is deleted while its job lives: it comes back, and the run succeeds with its model', async () => {
  const uri = await stack.drop(FOLDER, 'deleted');
  await until('its job lives', isLive('deleted'));
  for (const { ref } of await documents()) await ref.delete();
  await until('the document is back', async () => (await documents()).length === 1);
  release();
  const run = await stack.follow(uri);
  expect(run.status).toMatchObject({
    ...{ state: 'SUCCEEDED', restoredTime: expect.any(String) },
    model: expect.stringContaining('/models/'),
  });
  expect(run.spec.plan?.baseModel).toBe('text-bison@002');
  expect(jobs().filter(({ displayName }) => displayName === 'deleted')).toHaveLength(1);
});

test('a job of another deployment in the project is left alone, and gets no document here', async () => {
  const { address } = stack.cloud.vertex;
  const [own] = jobs();
  const { runtimeConfig, templateUri } = own as unknown as Record<string, unknown>;
  const labels = {
    ...{ 'managed-by': 'tunedrop', 'tunedrop-run': `r${'a'.repeat(40)}` },
    'tunedrop-deployment': 'their-results',
  };
  const project = stack.cloud.clientEnvironment.GOOGLE_CLOUD_PROJECT;
  const url = `http://${address}/v1/projects/${project}/locations/us-central1/pipelineJobs`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: 'Bearer local', 'Content-Type': 'application/json' },
    body: JSON.stringify({ displayName: 'theirs', runtimeConfig, templateUri, labels }),
  });
  const { name } = (await answer.json()) as { name: string };
  await nextLooks();
  expect(await documents()).toHaveLength(1);
  const theirs = jobs().find((job) => job.name === name);
  expect(theirs?.state).not.toMatch(/CANCEL/);
});

test('an older state of the database is restored: no second job is made, none is stopped, and every run is as it had been', async () => {
  const early = new Map<string, DocumentData>();
  const stopListening = stack.firestore.collection('runs').onSnapshot(({ docs }) => {
    for (const run of docs) {
      const isChecked = run.get('status.state') !== 'RECEIVED';
      if (isChecked && !early.has(run.id)) early.set(run.id, run.data());
    }
  });
  const ofBackup = async () =>
    (await documents()).filter((run) => String(run.get('spec.source.name')).startsWith('older-'));
  const states = async () =>
    Object.fromEntries((await ofBackup()).map((run) => [run.id, run.get('status.state')]));
  const isIn = (folder: string, state: string) => async () =>
    (await ofBackup()).some(
      (run) => run.get('spec.source.name') === `${folder}/tune.json` && run.get('status.state') === state,
    );
  for (const folder of ['older-cancelled', 'older-ended']) await stack.drop(FOLDER, folder);
  for (const folder of ['older-cancelled', 'older-ended']) await until('its job lives', isLive(folder));
  await stack.drop(CANCEL, 'older-cancelled');
  await until('it is cancelled', isIn('older-cancelled', 'CANCELLED'));
  const hasEnded = isIn('older-ended', 'SUCCEEDED');
  await until('the other one has ended', () => {
    release();
    return hasEnded();
  });
  await stack.drop(FOLDER, 'older-live');
  await until('its job runs', isIn('older-live', 'RUNNING'));
  stopListening();

  const before = await states();
  const jobsBefore = jobs().map(({ name, state }) => [name, state]);
  const batch = stack.firestore.batch();
  for (const { ref, id } of await ofBackup()) batch.set(ref, early.get(id) ?? {});
  await batch.commit();
  const isAsBefore = async () => isDeepStrictEqual(await states(), before);
  await until('every run is as it had been', isAsBefore);
  await nextLooks();
  expect(await states()).toEqual(before);
  expect(jobs().map(({ name, state }) => [name, state])).toEqual(jobsBefore);
  expect(log()).toContain('the document of a run was older than its files, and was brought forward');
});

test('a database that was restored from a backup knows of none of the jobs: none is stopped, and the log says why', async () => {
  // A look that is under way while they go may find up to three of them missing, and bring those back.
  const folders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const folder of folders) await stack.drop(FOLDER, `backup-${folder}`);
  for (const folder of folders) await until('its job lives', isLive(`backup-${folder}`));
  const batch = stack.firestore.batch();
  for (const { ref } of await documents()) batch.delete(ref);
  await batch.commit();
  await until('the log says it', () => log().includes('so many jobs look unwanted that none is stopped'));
  const ofBackup = jobs().filter(({ displayName }) => String(displayName).startsWith('backup-'));
  expect(ofBackup.filter(({ state }) => /CANCEL/.test(String(state)))).toEqual([]);
  expect(ofBackup).toHaveLength(folders.length);
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { backupWhileChecking, restoreBackup, takeBackup } from '../support/backups.ts';
import { drop } from '../support/drop.ts';
import { minutes } from '../support/faults.ts';
import { createValidatedWorld } from '../support/tuning-service.ts';
import { aManifest, createWorld, type World } from '../support/world.ts';

const cancel = (world: World, folder: string) =>
  world.upload(`${folder}/tune.json`, aManifest({ cancel: true }));
const stateOf = (world: World, runId: string): RunState | undefined =>
  world.runs.documents.get(runId)?.status.state;
const jobOf = (world: World, runId: string) => world.runs.documents.get(runId)?.status.job?.name ?? '';
const OLD = 'the document of a run was older than its files, and was brought forward';
const errors = ({ log }: World) => log.filter(({ severity }) => severity === 'ERROR');
const isStopped = ({ backend }: World) => backend.cancelled.length > 0;

describe('after a backup was restored, a run that was cancelled since gets no job', () => {
  test('where its upload had been checked', async () => {
    const world = createWorld();
    const runId = await drop(world, 'reviews');
    const backup = takeBackup(world);
    await world.finalized(cancel(world, 'reviews'));
    await minutes(world, 30);
    const { status } = structuredClone(world.runs.documents.get(runId)) ?? {};
    restoreBackup(world, backup);
    await minutes(world, 15);
    const restored = world.runs.documents.get(runId);
    const times = { updateTime: expect.any(String), restoredTime: expect.any(String) };
    expect(restored?.status).toEqual({ ...status, ...times });
    expect(restored?.work).toMatchObject({ nextAction: null });
    expect(world.backend.jobs.size).toBe(0);
    expect(errors(world)).toMatchObject([
      { message: OLD, fields: { runId, from: 'VALIDATED', state: 'CANCELLED' } },
    ]);
  });

  test('where it waited for its turn', async () => {
    const world = createWorld({ maxActiveJobs: { pipelines: 1 } });
    const first = await drop(world, 'first');
    await minutes(world, 1);
    const second = await drop(world, 'second');
    await minutes(world, 2);
    const backup = takeBackup(world);
    await world.finalized(cancel(world, 'second'));
    await minutes(world, 30);
    restoreBackup(world, backup);
    world.backend.set(jobOf(world, first), { state: 'PIPELINE_STATE_SUCCEEDED' });
    await minutes(world, 5);
    expect(stateOf(world, second)).toBe('CANCELLED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('where its message comes before the first tick', async () => {
    const world = createWorld();
    const runId = await drop(world, 'reviews');
    const backup = takeBackup(world);
    await world.finalized(cancel(world, 'reviews'));
    await world.deliver();
    restoreBackup(world, backup);
    await world.submit(runId);
    expect(stateOf(world, runId)).toBe('CANCELLED');
    expect(world.backend.jobs.size).toBe(0);
  });
});

describe('after a backup was restored, a run whose job lives follows it', () => {
  test.each([
    ['whose manifest was replaced since', { isReplaced: true }],
    ['whose data was deleted since', { isReplaced: false }],
  ])('that was being checked then, %s', async (_name, { isReplaced }) => {
    const world = createWorld();
    const backup = backupWhileChecking(world);
    const runId = await drop(world, 'reviews');
    await world.deliver();
    world.backend.set(jobOf(world, runId), { state: 'PIPELINE_STATE_RUNNING' });
    await minutes(world, 30);
    if (isReplaced) await world.finalized(world.upload('reviews/tune.json', aManifest({ dry_run: true })));
    else world.objects.remove({ bucket: 'inbox', name: 'reviews/train.jsonl' });
    restoreBackup(world, await backup);
    await world.validate(runId);
    await minutes(world, 120);
    expect(stateOf(world, runId)).toBe('RUNNING');
    expect(world.backend.jobs.size).toBe(1);
    expect(isStopped(world)).toBe(false);
  });

  test.each([2, 7])('also where it is attempt %i, and the backup knows the first', async (attempts) => {
    const world = createWorld();
    const runId = await drop(world, 'reviews');
    await world.deliver();
    const backup = takeBackup(world);
    const error =
      'com.google.cloud.ai.platform.common.errors.AiPlatformException: code=RESOURCE_EXHAUSTED, message=The following quota metrics exceed quota limits: aiplatform.googleapis.com/x, cause=null';
    const isEnough = () => world.runs.documents.get(runId)?.status.job?.attempt === attempts;
    while (!isEnough()) {
      const tasks = [{ name: 'large-language-model-tuner', state: 'FAILED', error, metadata: {} }];
      world.backend.set(jobOf(world, runId), { state: 'PIPELINE_STATE_FAILED', tasks });
      for (let minute = 0; minute < 70 && !isEnough(); minute++) await minutes(world, 1);
    }
    world.backend.set(jobOf(world, runId), { state: 'PIPELINE_STATE_RUNNING' });
    await minutes(world, 5);
    restoreBackup(world, backup);
    await minutes(world, 100);
    expect(world.runs.documents.get(runId)?.status).toMatchObject({
      ...{ state: 'RUNNING', job: { attempt: attempts } },
    });
    expect(isStopped(world)).toBe(false);
  });

  test('of two uploads with the same bytes the first, and the second starts none', async () => {
    const world = createWorld();
    const backup = backupWhileChecking(world);
    const first = await drop(world, 'reviews');
    await world.deliver();
    const again = world.upload('reviews/tune.json', aManifest());
    await world.finalized(again);
    await minutes(world, 3);
    restoreBackup(world, await backup);
    await world.finalized(again);
    await minutes(world, 100);
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['SUBMITTED', 'SKIPPED']);
    expect(stateOf(world, first)).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
    expect(isStopped(world)).toBe(false);
  });

  test('also where no filter of labels finds the job', async () => {
    const { world, service, runId } = await createValidatedWorld();
    const backup = takeBackup(world);
    service.state.isFilterBlind = true;
    await world.deliver();
    await minutes(world, 30);
    restoreBackup(world, backup);
    await minutes(world, 10);
    expect(stateOf(world, runId)).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('and whoever cancels it then stops that job', async () => {
    const world = createWorld();
    const backup = backupWhileChecking(world);
    const runId = await drop(world, 'reviews');
    await world.deliver();
    const job = jobOf(world, runId);
    restoreBackup(world, await backup);
    await world.finalized(cancel(world, 'reviews'));
    await minutes(world, 2);
    expect(world.runs.documents.get(runId)?.status.cancelRequested).toBeDefined();
    expect(world.backend.cancelled).toContain(job);
  });
});

describe('whether a document is of a backup', () => {
  /** A run that waits to be submitted, and a file of it that says that it was cancelled. */
  async function withLaterFile() {
    const world = createWorld();
    const runId = await drop(world, 'reviews');
    const backup = takeBackup(world);
    await world.finalized(cancel(world, 'reviews'));
    await world.deliver();
    restoreBackup(world, backup);
    const name = `${world.theRun().status.folder.slice('gs://results/'.length)}status.json`;
    return { world, runId, file: { bucket: 'results', name } };
  }

  test('is not said by a file of a later version: the run waits, and says what to do', async () => {
    const { world, runId, file } = await withLaterFile();
    const info = await world.objects.stat(file);
    const later = { ...JSON.parse(world.objects.text(file) ?? ''), schemaVersion: 99 };
    await world.objects.write(file, {
      ...{ body: JSON.stringify(later), contentType: 'application/json' },
      metadata: info?.metadata,
    });
    await world.submit(runId);
    expect(world.theRun().status).toMatchObject({
      ...{ state: 'VALIDATED', reason: 'DocumentOutdated' },
      message: expect.stringContaining('schemaVersion 99'),
    });
    expect(world.backend.jobs.size).toBe(0);
  });

  test('is not said by an end that was written ahead of a document which never came', async () => {
    const { world, runId, file } = await withLaterFile();
    const info = await world.objects.stat(file);
    const body = world.objects.text(file) ?? '';
    const metadata = { ...info?.metadata, standing: 'ahead' };
    await world.objects.write(file, { body, contentType: 'application/json', metadata });
    await world.submit(runId);
    expect(stateOf(world, runId)).toBe('SUBMITTED');
  });

  test('is not said by a document that somebody changed after it was read', async () => {
    const { world, runId } = await withLaterFile();
    const { stat } = world.objects;
    world.objects.stat = async (object) => {
      world.objects.stat = stat;
      const run = world.theRun();
      world.runs.documents.set(runId, { ...run, work: { ...run.work, revision: 50 } });
      return stat(object);
    };
    await world.submit(runId);
    expect(stateOf(world, runId)).toBe('VALIDATED');
    expect(errors(world)).toEqual([]);
  });

  test('is asked once an hour of a run that is followed', async () => {
    const world = createWorld();
    await drop(world, 'reviews');
    await world.deliver();
    const looks = () => world.objects.reads.filter((read) => /^stat .*status\.json$/.test(read)).length;
    await minutes(world, 1);
    const before = looks();
    await minutes(world, 59);
    expect(looks() - before).toBe(0);
    await minutes(world, 61);
    expect(looks() - before).toBe(2);
  });

  test('holds up no job where it cannot be looked at', async () => {
    const world = createWorld();
    const runId = await drop(world, 'reviews');
    await world.deliver();
    world.backend.set(jobOf(world, runId), { state: 'PIPELINE_STATE_RUNNING' });
    const busy = new TuneError('ambiguous', 'Cloud Storage is busy', { reason: 'Busy' });
    world.objects.stat = () => Promise.reject(busy);
    await minutes(world, 1);
    expect(stateOf(world, runId)).toBe('RUNNING');
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import {
  deployBadly,
  linesNaming,
  minutes,
  mistaken,
  pubSubDenied,
  unknownAnswer,
} from '../support/faults.ts';
import { at } from '../support/runs.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

/** A fault that is not the run's: the log shows where it began, the document says that the run waits, and nothing ends by it. */

function withDataset(options: WorldOptions = {}): World {
  const world = createWorld(options);
  world.upload('reviews/train.jsonl', examples(120));
  return world;
}

const drop = (world: World) => world.finalized(world.upload('reviews/tune.json', aManifest()));

describe('a mistake of our own while an upload is checked', () => {
  let world: World;
  let repair: () => void;
  beforeEach(async () => {
    world = withDataset();
    repair = deployBadly(world.objects, { copy: mistaken });
    await drop(world);
  });

  test('is logged with the function where it began, the run and the version', () => {
    expect(linesNaming(world, 'misreadAnAnswer')).toMatchObject([
      {
        severity: 'ERROR',
        message: 'a run waits because of a fault that is not its own',
        fields: { runId: world.theRun().runId, kind: 'defect', version: 'v1', tries: 1, nextTry: at(60) },
      },
    ]);
  });

  test('leaves the run waiting, and the document says why and until when', () => {
    const { status, work } = world.theRun();
    expect(status).toMatchObject({ state: 'RECEIVED', reason: 'Defect' });
    expect(status.message).toContain('a mistake in the code of tunedrop, in misreadAnAnswer: TypeError');
    expect(status.message).toContain(`the next try is at ${at(60)}.`);
    expect(status.remedy).toContain('whoever operates tunedrop');
    expect(work).toMatchObject({ nextAction: 'validate', nextActionAt: at(60) });
    expect(work.fault).toEqual({ version: 'v1', tries: 1, since: at(0) });
    expect(world.statusFile(world.theRun()).status.reason).toBe('Defect');
  });

  test('is met again slowly, and an hour of it ends nothing', async () => {
    await minutes(world, 60);
    const { status, work } = world.theRun();
    expect(status.state).toBe('RECEIVED');
    expect(work.fault?.tries).toBeGreaterThan(4);
    expect(work.fault?.tries).toBeLessThan(10);
    expect(work.requests).toBeLessThanOrEqual(1);
    repair();
    await minutes(world, 16);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.theRun().work.fault).toBeUndefined();
  });

  test('ends the run after a day, since no job can live yet, and says how often which version met it', async () => {
    await minutes(world, 25 * 60);
    const { status } = world.theRun();
    expect(status).toMatchObject({ state: 'FAILED', reason: 'Defect' });
    expect(status.message).toMatch(/Version v1 has met it \d+ times since 2026-03-01T12:00:00\.000Z/);
    expect(status.remedy).toContain('upload the manifest again');
  });
});

test('a run that waits for its data set goes on waiting for it through a mistake of our own', async () => {
  const world = createWorld();
  await drop(world);
  const repair = deployBadly(world.objects, { stat: mistaken });
  await minutes(world, 5);
  expect(world.theRun()).toMatchObject({ status: { state: 'WAITING', reason: 'Defect' } });
  repair();
  await world.finalized(world.upload('reviews/train.jsonl', examples(120)));
  await world.deliver();
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

describe('before a document names the upload', () => {
  const boundaryOf = (world: World) =>
    withBoundary(
      () => world.finalized,
      createLogger('validate', (line) => void world.log.push(JSON.parse(line))),
    );

  test('a mistake of our own has the event delivered again', async () => {
    const world = withDataset();
    const repair = deployBadly(world.runs, { open: mistaken });
    const upload = world.upload('reviews/tune.json', aManifest());
    await expect(boundaryOf(world)(upload)).rejects.toThrow('Defect');
    expect(linesNaming(world, 'misreadAnAnswer')).toHaveLength(1);
    expect(world.runs.documents.size).toBe(0);
    repair();
    await boundaryOf(world)(upload);
    expect(world.theRun().status.state).toBe('VALIDATED');
  });

  test('and so has one that keeps the wait from being written down', async () => {
    const world = withDataset();
    const repairs = [
      deployBadly(world.objects, { copy: mistaken }),
      deployBadly(world.runs, { apply: mistaken }),
    ];
    const upload = world.upload('reviews/tune.json', aManifest());
    await expect(boundaryOf(world)(upload)).rejects.toThrow('Defect');
    for (const repair of repairs) repair();
    world.pass(601);
    await boundaryOf(world)(upload);
    expect(world.theRun().status.state).toBe('VALIDATED');
  });
});

test('a topic that validate may not publish to is named in the log once, and poll sends the messages', async () => {
  const world = withDataset();
  const allow = deployBadly(world.publisher, { publish: () => Promise.reject(pubSubDenied()) });
  await drop(world);
  world.upload('more/train.jsonl', examples(120));
  await world.finalized(world.upload('more/tune.json', aManifest()));
  expect(world.log.filter(({ severity }) => severity === 'ERROR')).toMatchObject([
    { fields: { reason: 'PubSubDenied', remedy: expect.stringContaining('submit-requests') } },
  ]);
  allow();
  await minutes(world, 2);
  const states = [...world.runs.documents.values()].map(({ status }) => status.state);
  expect(states).toEqual(['SUBMITTED', 'SUBMITTED']);
  expect(world.log.filter(({ message }) => message === 'a change came too late')).toEqual([]);
});

describe('while a job is asked for', () => {
  test('a mistake of our own leaves the run waiting for as long as it takes, since a job may live', async () => {
    const world = withDataset();
    const repair = deployBadly(world.backend, { create: mistaken });
    await drop(world);
    await world.deliver();
    expect(linesNaming(world, 'misreadAnAnswer')).toHaveLength(1);
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'Defect' });
    await minutes(world, 30 * 60);
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'Defect' });
    expect(world.theRun().work.fault?.tries).toBeGreaterThan(60);
    repair();
    await minutes(world, 16);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('an answer that we do not understand is asked for again, and one job is made', async () => {
    const world = withDataset();
    world.backend.createFaults.push({ lost: unknownAnswer() });
    await drop(world);
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'UnknownAnswer' });
    expect(world.theRun().status.message).toContain('state: expected string');
    await minutes(world, 2);
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('a run is not ended beside a job that was made by a try whose answer was lost', async () => {
    const world = withDataset({ maximumWaitMs: 6 * 3_600_000 });
    const { create } = world.backend;
    const lost = new TuneError('ambiguous', 'no answer', { reason: 'Timeout' });
    deployBadly(world.backend, {
      async create(plan, attempt) {
        await create(plan, attempt);
        throw lost;
      },
    });
    await drop(world);
    await minutes(world, 7 * 60);
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTED' });
    expect(world.backend.jobs.size).toBe(1);
  });

  test('nor while nobody can see whether one was made', async () => {
    const world = withDataset();
    world.backend.createFaults.push(new TuneError('ambiguous', 'no answer', { reason: 'Timeout' }));
    await drop(world);
    await world.deliver();
    const denied = new TuneError('environment', '403', { reason: 'PermissionDenied', remedy: 'Grant it.' });
    const refuse = () => Promise.reject(denied);
    const allow = deployBadly(world.backend, { create: refuse, find: refuse });
    await minutes(world, 60);
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', remedy: 'Grant it.' });
    allow();
    await minutes(world, 16);
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('a limit on active jobs counts the tries as well', async () => {
    const world = createWorld({ maxActiveJobs: { pipelines: 1 } });
    world.upload('reviews/train.jsonl', examples(120));
    deployBadly(world.backend, { create: mistaken });
    await drop(world);
    await world.deliver();
    await minutes(world, 10);
    expect(world.theRun()).toMatchObject({ status: { state: 'VALIDATED' }, work: { fault: { tries: 4 } } });
  });

  test('a run that was validated without a plan waits, and says so', async () => {
    const world = withDataset();
    await drop(world);
    const { runId, spec, ...run } = world.theRun();
    world.runs.documents.set(runId, { runId, ...run, spec: { source: spec.source } });
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'NoPlan' });
  });

  test('a run that was asked to cancel ends by no fault while its job may live', async () => {
    const world = withDataset();
    await drop(world);
    const [runId = ''] = world.runs.documents.keys();
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
    const repair = deployBadly(world.backend, { find: () => Promise.reject(unknownAnswer()) });
    await minutes(world, 60);
    expect(world.runs.documents.get(runId)?.status).toMatchObject({
      state: 'VALIDATED',
      reason: 'UnknownAnswer',
    });
    repair();
    await minutes(world, 16);
    expect(world.runs.documents.get(runId)?.status.state).toBe('CANCELLED');
  });
});

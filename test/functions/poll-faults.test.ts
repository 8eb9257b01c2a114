import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { Run } from '../../shared/core/run/run.ts';
import {
  deployBadly,
  linesNaming,
  minutes,
  misreadAnAnswer,
  mistaken,
  pubSubDenied,
  unknownAnswer,
} from '../support/faults.ts';
import { at } from '../support/runs.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** So many runs whose jobs run. */
async function running(count = 1): Promise<{ world: World; runs: () => Run[]; jobs: string[] }> {
  const world = createWorld();
  for (let index = 0; index < count; index++) {
    world.upload(`reviews-${index}/train.jsonl`, examples(120, `set ${index}`));
    await world.finalized(world.upload(`reviews-${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  const runs = () => [...world.runs.documents.values()];
  const jobs = runs().map(({ status }) => status.job?.name ?? '');
  for (const job of jobs) world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
  await world.poll();
  return { world, runs, jobs };
}

const succeed = (world: World, job: string) =>
  world.backend.set(job, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: [UPLOADED] });

const UPLOADED = {
  name: 'upload-llm-model',
  state: 'SUCCEEDED',
  metadata: { 'output:model_resource_name': 'projects/123/locations/us-central1/models/456@1' },
};

/** The jobs of these names cannot be read, each for its own reason. */
function unreadable(world: World, errors: Record<string, TuneError>): () => void {
  const { observe } = world.backend;
  return deployBadly(world.backend, {
    async observe(names) {
      const look = await observe(names);
      return async (name) => {
        if (errors[name]) throw errors[name];
        return look(name);
      };
    },
  });
}

describe('a job that poll does not understand', () => {
  let world: World;
  let runs: () => Run[];
  let jobs: string[];
  let repair: () => void;
  beforeEach(async () => {
    ({ world, runs, jobs } = await running(3));
    const [first = '', second = ''] = jobs;
    repair = unreadable(world, { [first]: unknownAnswer() });
    succeed(world, second);
    world.pass(60);
    await world.poll();
  });

  test('keeps no other from being followed', () => {
    expect(runs().map(({ status }) => status.state)).toEqual(['RUNNING', 'SUCCEEDED', 'RUNNING']);
  });

  test('is logged with the path that did not fit, and its run waits', () => {
    const [run] = runs();
    expect(world.log.filter(({ severity }) => severity === 'ERROR')).toMatchObject([
      {
        fields: {
          kind: 'unknownAnswer',
          runId: run?.runId,
          error: expect.stringContaining('state: expected'),
        },
      },
    ]);
    expect(run?.status).toMatchObject({ state: 'RUNNING', reason: 'UnknownAnswer' });
    expect(run?.status.message).toContain(`the next try is at ${at(120)}`);
    expect(run?.work).toMatchObject({ nextAction: 'observe', nextActionAt: at(120), fault: { tries: 1 } });
  });

  test('ends nothing, however long it lasts, and its run goes on once it is understood', async () => {
    await minutes(world, 12 * 60);
    expect(runs()[0]?.status).toMatchObject({ state: 'RUNNING', reason: 'UnknownAnswer' });
    expect(runs()[0]?.work.fault?.tries).toBeLessThan(60);
    repair();
    succeed(world, jobs[0] ?? '');
    await minutes(world, 16);
    expect(runs()[0]?.status.state).toBe('SUCCEEDED');
    expect(runs()[0]?.work.fault).toBeUndefined();
  });
});

test('a mistake of our own in looking at the jobs leaves every run waiting, and names the function', async () => {
  const { world, runs } = await running(2);
  const repair = deployBadly(world.backend, { observe: mistaken });
  await minutes(world, 60);
  expect(linesNaming(world, 'misreadAnAnswer').length).toBeGreaterThan(2);
  for (const { status } of runs()) expect(status).toMatchObject({ state: 'RUNNING', reason: 'Defect' });
  repair();
  await minutes(world, 16);
  for (const { status } of runs()) expect(status).toMatchObject({ state: 'RUNNING', reason: 'JobRunning' });
});

test('a mistake of our own in what a job left keeps its run from ending until it is repaired', async () => {
  const { world, runs, jobs } = await running();
  world.models.read = async () => ({
    labels: {},
    get displayName() {
      return misreadAnAnswer();
    },
  });
  succeed(world, jobs[0] ?? '');
  await minutes(world, 10);
  expect(runs()[0]?.status).toMatchObject({ state: 'RUNNING', reason: 'Defect' });
  expect(linesNaming(world, 'misreadAnAnswer').length).toBeGreaterThan(0);
  world.models.read = async () => undefined;
  await minutes(world, 16);
  expect(runs()[0]?.status.state).toBe('SUCCEEDED');
});

test('a report that cannot be written for a mistake of ours does not keep a run from ending', async () => {
  const { world, runs, jobs } = await running();
  deployBadly(world.runs, { seriesOf: mistaken });
  succeed(world, jobs[0] ?? '');
  await minutes(world, 1);
  expect(runs()[0]?.status.state).toBe('SUCCEEDED');
  expect(runs()[0]?.status.report).toBeUndefined();
  expect(world.statusFile(runs()[0] as Run).status.state).toBe('SUCCEEDED');
  expect(linesNaming(world, 'misreadAnAnswer')).toMatchObject([
    { severity: 'ERROR', message: 'a file of the run was not written', fields: { runId: runs()[0]?.runId } },
  ]);
});

test('what passes by the next tick is logged with its stack and its run, and written nowhere', async () => {
  const { world, runs, jobs } = await running();
  const before = runs();
  unreadable(world, { [jobs[0] ?? '']: new TuneError('ambiguous', '503', { reason: 'VertexUnavailable' }) });
  await world.poll();
  expect(runs()).toEqual(before);
  expect(world.log.at(-1)).toMatchObject({
    severity: 'WARNING',
    message: 'part of this tick failed; the next one does it',
    fields: { runId: before[0]?.runId, stack: expect.stringContaining('\n    at ') },
  });
});

test('a topic that poll may not publish to costs a run none of its requests', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  world.published.splice(0);
  const allow = deployBadly(world.publisher, { publish: () => Promise.reject(pubSubDenied()) });
  await minutes(world, 36 * 60);
  expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'PubSubDenied' });
  expect(world.theRun().status.remedy).toContain('gcloud pubsub topics add-iam-policy-binding');
  expect(world.log.filter(({ severity }) => severity === 'ERROR')).toHaveLength(1);
  allow();
  await minutes(world, 16);
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('a cancelled run stays what it is while nobody can see whether a job was made meanwhile', async () => {
  const { world, runs } = await cancelledBeforeItsJob();
  const repair = deployBadly(world.backend, { find: mistaken });
  await minutes(world, 60);
  expect(runs()[0]).toMatchObject({
    status: { state: 'CANCELLED', reason: 'CancelRequested' },
    work: { nextAction: 'observe', fault: { version: 'v1' } },
  });
  repair();
  await minutes(world, 16);
  expect(runs()[0]?.work).toMatchObject({ nextAction: null });
});

async function cancelledBeforeItsJob() {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
  await world.deliver();
  return { world, runs: () => [...world.runs.documents.values()] };
}

describe('an attempt that is due', () => {
  const NOT_SPREAD = 'does not have permission to access Artifact Registry repository';

  /** A run whose job failed by what passes; its next attempt is due in two minutes. */
  async function failed() {
    const started = await running();
    started.world.backend.set(started.jobs[0] ?? '', {
      state: 'PIPELINE_STATE_FAILED',
      tasks: [{ name: 'tuner', state: 'FAILED', error: NOT_SPREAD, metadata: {} }],
    });
    await started.world.poll();
    return started;
  }

  test('is made late where a mistake of ours kept it from being made in time', async () => {
    const { world, runs } = await failed();
    const repair = deployBadly(world.backend, { create: mistaken });
    await minutes(world, 90);
    expect(runs()[0]?.status).toMatchObject({ state: 'RUNNING', reason: 'Defect' });
    repair();
    await minutes(world, 16);
    expect(runs()[0]?.status).toMatchObject({ state: 'RUNNING', job: { attempt: 2 } });
  });

  test('and was made, though nobody heard of it, is followed when its time is over', async () => {
    const { world, runs } = await failed();
    const { create } = world.backend;
    deployBadly(world.backend, {
      async create(plan, attempt) {
        await create(plan, attempt);
        throw new TuneError('ambiguous', 'no answer', { reason: 'Timeout' });
      },
    });
    await minutes(world, 32);
    expect(runs()[0]?.status).toMatchObject({ state: 'RUNNING', job: { attempt: 2 } });
  });
});

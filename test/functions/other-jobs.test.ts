import { expect, test } from 'vitest';
import { createVertexBackend } from '../../shared/adapters/vertex/backend.ts';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { minutes } from '../support/faults.ts';
import { at } from '../support/runs.ts';
import { createValidatedWorld } from '../support/tuning-service.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** So many runs, each with a job that lives. */
async function withJobs(count: number, world = createWorld()): Promise<World> {
  for (let index = 0; index < count; index++) {
    world.upload(`reviews-${index}/train.jsonl`, examples(120, `set ${index}`));
    await world.finalized(world.upload(`reviews-${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  return world;
}

const runsOf = ({ runs }: World) => [...runs.documents.values()];

test('a region that cannot be read hides no job of another', async () => {
  const name = 'projects/p/locations/us-central1/pipelineJobs/one';
  const backend = createVertexBackend(async ({ url }) => {
    if (url.includes('europe-west3'))
      throw new TuneError('ambiguous', 'down', { reason: 'VertexUnavailable' });
    return url.includes('us-central1') && url.includes('pipelineJobs')
      ? { pipelineJobs: [{ name, state: 'PIPELINE_STATE_RUNNING' }] }
      : {};
  }, 'p');
  const unread: unknown[] = [];
  const jobs = await backend.unfinished((thrown) => unread.push(thrown));
  expect(jobs.map((job) => job.name)).toEqual([name]);
  expect(unread).not.toEqual([]);
});

test('jobs that cannot be listed keep no lost upload from being opened', async () => {
  const world = createWorld();
  await world.poll();
  world.pass(60);
  world.backend.unfinished = async (onUnread) => {
    onUnread(new TuneError('ambiguous', 'down', { reason: 'VertexUnavailable' }));
    return [];
  };
  world.upload('reviews/train.jsonl', examples(120));
  world.upload('reviews/tune.json', aManifest());
  await minutes(world, 75);
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('a document of a later version keeps no other from being made anew', async () => {
  const world = await withJobs(2);
  const [first, second] = runsOf(world);
  if (!first || !second) throw new Error('two runs are wanted');
  Object.assign(first, { schemaVersion: 99 });
  world.runs.documents.delete(second.runId);
  await minutes(world, 16);
  expect(world.runs.documents.get(second.runId)?.status.restoredTime).toBeDefined();
});

test('a cancel that was uploaded while the document was gone is obeyed once it is back', async () => {
  const world = await withJobs(1);
  const { runId, status } = world.theRun();
  world.runs.documents.clear();
  world.pass(60);
  await world.finalized(world.upload('reviews-0/tune.json', aManifest({ cancel: true })));
  await minutes(world, 17);
  expect(world.runs.documents.get(runId)?.status.cancelRequested).toBeDefined();
  expect(new Set(world.backend.cancelled)).toEqual(new Set([status.job?.name]));
});

test('a job that was lost and is there again is named by its run, and stopped an hour later', async () => {
  const world = await withJobs(1);
  const name = world.theRun().status.job?.name ?? '';
  const job = world.backend.jobs.get(name);
  if (!job) throw new Error('a job is wanted');
  world.backend.jobs.delete(name);
  await minutes(world, 25);
  expect(world.theRun().status.state).toBe('LOST');
  world.backend.jobs.set(name, job);
  await minutes(world, 90);
  expect(world.theRun().status).toMatchObject({ state: 'LOST', otherJobs: [{ name }] });
  expect(new Set(world.backend.cancelled)).toEqual(new Set([name]));
});

test('more unwanted jobs than three at once are named by their runs all the same, and none is stopped', async () => {
  const world = await withJobs(4, createWorld({ backend: createFakeBackend({ createIsIdempotent: false }) }));
  for (const [name, job] of [...world.backend.jobs]) {
    world.backend.jobs.set(`${name}-late`, { ...job, name: `${name}-late` });
  }
  await minutes(world, 100);
  expect(runsOf(world).map(({ status }) => status.otherJobs?.length)).toEqual([1, 1, 1, 1]);
  expect(world.backend.cancelled).toEqual([]);
});

test('jobs that are being cancelled count as none of the three', async () => {
  const world = await withJobs(4, createWorld({ backend: createFakeBackend({ createIsIdempotent: false }) }));
  const state = ['CANCELLING', 'CANCELLING', 'CANCELLING', 'RUNNING'].values();
  for (const [name, job] of [...world.backend.jobs]) {
    world.backend.jobs.set(`${name}-late`, {
      ...{ ...job, name: `${name}-late` },
      state: `PIPELINE_STATE_${state.next().value}`,
    });
  }
  await minutes(world, 100);
  expect(new Set(world.backend.cancelled).size).toBe(1);
});

test('a job of somebody’s own, over data that was staged for a run, is left alone', async () => {
  const { world } = await createValidatedWorld();
  await world.deliver();
  const [own] = world.backend.jobs.values();
  if (!own) throw new Error('a job is wanted');
  const labels = { team: 'research' };
  world.backend.jobs.set('theirs', { ...own, name: 'theirs', labels, createTime: at(3 * 3_600) });
  await minutes(world, 100);
  expect(world.theRun().status.otherJobs).toBeUndefined();
  expect(world.backend.cancelled).toEqual([]);
});

test('a run that was restored of its manifest names the model of its job', async () => {
  const world = await withJobs(1);
  const { status } = world.theRun();
  const file = `${status.folder.slice('gs://results/'.length)}status.json`;
  world.objects.remove({ bucket: 'results', name: file });
  world.runs.documents.clear();
  await minutes(world, 16);
  const model = 'projects/123/locations/us-central1/models/456@1';
  world.backend.set(status.job?.name ?? '', {
    state: 'PIPELINE_STATE_SUCCEEDED',
    tasks: [
      {
        ...{ name: 'upload-llm-model', state: 'SUCCEEDED' },
        metadata: { 'output:model_resource_name': model },
      },
    ],
  });
  await minutes(world, 2);
  expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', model });
  expect([...world.runs.models.values()]).toMatchObject([{ runId: world.theRun().runId }]);
});

test('what is known of a run that was made anew is published again, up to its end', async () => {
  const world = await withJobs(1);
  const before = world.changes.length;
  world.runs.documents.clear();
  await minutes(world, 16);
  const again = world.changes.slice(before).map(({ id }) => id);
  expect(again).toEqual(world.changes.slice(0, before).map(({ id }) => id));
});

import { describe, expect, test } from 'vitest';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** A look through the unfinished jobs is made every quarter of an hour. */
const LOOK = 15 * 60;

/** So many runs with a job each, made by one deployment. */
async function withJobs({ count = 1, world = createWorld() } = {}): Promise<World> {
  for (let index = 0; index < count; index++) {
    world.upload(`reviews-${index}/train.jsonl`, examples(120, `set ${index}`));
    await world.finalized(world.upload(`reviews-${index}/tune.json`, aManifest()));
  }
  await world.deliver();
  return world;
}

const withIdsOfVertex = () => createWorld({ backend: createFakeBackend({ createIsIdempotent: false }) });

function remove(world: World): void {
  world.runs.documents.clear();
}

/** Without its files nothing but the manifest, or the job alone, says what the run was. */
function removeFiles(world: World): void {
  const { folder } = world.theRun().status;
  world.objects.remove({ bucket: 'results', name: `${folder.slice('gs://results/'.length)}status.json` });
}

async function look(world: World): Promise<void> {
  world.pass(LOOK);
  await world.poll();
  await world.deliver();
}

const errors = (world: World) =>
  world.log.filter(({ severity }) => severity === 'ERROR').map(({ message }) => message);

describe.each([
  ['whose id we chose', createWorld],
  ['whose id Vertex AI chose', withIdsOfVertex],
])('the document of a run is deleted while its job lives, %s', (_name, create) => {
  test('it is made anew, as it was, says so, and follows the job to its end', async () => {
    const world = await withJobs({ world: create() });
    const before = world.theRun();
    remove(world);
    await look(world);
    const { status, spec, runId, work } = world.theRun();
    expect({ runId, spec }).toEqual({ runId: before.runId, spec: before.spec });
    expect(status).toMatchObject({
      ...{ state: 'SUBMITTED', reason: 'DocumentRestored', restoredTime: expect.any(String) },
      job: { name: before.status.job?.name },
    });
    expect(status.history).toEqual(before.status.history);
    expect(work.revision).toBeGreaterThan(before.work.revision);
    world.backend.set(before.status.job?.name ?? '', { state: 'PIPELINE_STATE_FAILED' });
    world.pass(60);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', restoredTime: status.restoredTime });
    expect(world.statusFile(world.theRun()).status.state).toBe('FAILED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('by the manifest in the inbox where its files are gone too', async () => {
    const world = await withJobs({ world: create() });
    const { runId, spec, status } = world.theRun();
    removeFiles(world);
    remove(world);
    await look(world);
    expect(world.theRun()).toMatchObject({
      runId,
      spec: { source: spec.source },
      status: { state: 'SUBMITTED', folder: status.folder, job: { name: status.job?.name } },
    });
    expect(world.theRun().status.history.map(({ to }) => to)).toEqual(['RECEIVED', 'SUBMITTED']);
  });

  test('of the job alone where nothing else is left, and its end is recorded', async () => {
    const world = await withJobs({ world: create() });
    const { runId, status, spec } = world.theRun();
    removeFiles(world);
    world.objects.remove(spec.source);
    remove(world);
    await look(world);
    world.backend.set(status.job?.name ?? '', { state: 'PIPELINE_STATE_CANCELLED' });
    world.pass(60);
    await world.poll();
    expect(world.theRun()).toMatchObject({
      runId,
      status: { state: 'CANCELLED', folder: `gs://results/runs/${runId}/`, job: { name: status.job?.name } },
    });
  });

  test('a function that was slow changes nothing in the document that was made anew', async () => {
    const world = await withJobs({ world: create() });
    const { runId } = world.theRun();
    remove(world);
    await look(world);
    await world.submit(runId);
    await world.validate(runId);
    expect(world.theRun().status.reason).toBe('DocumentRestored');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('neither audit makes a second job, however long it goes on', async () => {
    const world = await withJobs({ world: create() });
    remove(world);
    world.runs.pointers.clear();
    for (let hour = 0; hour < 30; hour++) await look(world);
    expect(world.backend.jobs.size).toBe(1);
    expect(world.backend.cancelled).toEqual([]);
  });
});

test('a run that had ended is restored as it ended, and names the job that lives', async () => {
  const world = await withJobs({ world: withIdsOfVertex() });
  const { status, runId } = world.theRun();
  const own = status.job?.name ?? '';
  const labels = world.backend.jobs.get(own)?.labels ?? {};
  world.backend.set(own, { state: 'JOB_STATE_FAILED' });
  world.pass(60);
  await world.poll();
  world.backend.jobs.set('late', { name: `${own}-late`, state: 'JOB_STATE_RUNNING', labels, tasks: [] });
  remove(world);
  await look(world);
  expect(world.theRun()).toMatchObject({
    runId,
    status: { state: 'FAILED', otherJobs: [{ name: `${own}-late` }] },
    work: { nextAction: 'publish' },
  });
  for (let quarter = 0; quarter < 5; quarter++) await look(world);
  expect(new Set(world.backend.cancelled)).toEqual(new Set([`${own}-late`]));
});

test('more documents than three that are gone at once look like another database: nothing is done, and the log says so', async () => {
  const world = await withJobs({ count: 4 });
  remove(world);
  await look(world);
  expect(world.runs.documents.size).toBe(0);
  expect(world.backend.cancelled).toEqual([]);
  expect(errors(world)).toContain('so many jobs look unwanted that none is stopped');
});

test('three that are gone are all made anew', async () => {
  const world = await withJobs({ count: 3 });
  remove(world);
  await look(world);
  expect(world.runs.documents.size).toBe(3);
});

describe('the jobs of another deployment in the project', () => {
  test('are left alone, whatever its database says', async () => {
    const theirs = await withJobs();
    for (const [name, job] of theirs.backend.jobs) {
      theirs.backend.jobs.set(name, {
        ...job,
        labels: { ...job.labels, 'tunedrop-deployment': 'their-results' },
      });
    }
    const ours = createWorld({ backend: theirs.backend });
    await look(ours);
    await look(ours);
    expect(ours.runs.documents.size).toBe(0);
    expect(ours.backend.cancelled).toEqual([]);
    expect(errors(ours)).toEqual([]);
  });

  test('also those from before jobs named their deployment, which are told in the log', async () => {
    const theirs = await withJobs();
    for (const [name, { labels, ...job }] of theirs.backend.jobs) {
      const { 'tunedrop-deployment': _later, ...early } = labels;
      theirs.backend.jobs.set(name, { ...job, labels: early });
    }
    const ours = createWorld({ backend: theirs.backend });
    await look(ours);
    expect(ours.runs.documents.size).toBe(0);
    expect(errors(ours)).toEqual(['a job belongs to a run without a document, and is left alone']);
  });
});

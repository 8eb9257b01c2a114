import { beforeEach, describe, expect, test } from 'vitest';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

const busy = (httpStatus: number | undefined, message = 'busy') =>
  classifyGoogleError({ httpStatus, message }, 'creating the job');

async function validated(options: WorldOptions = {}): Promise<{ world: World; runId: string }> {
  const world = createWorld(options);
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  return { world, runId: world.theRun().runId };
}

describe('a validated run', () => {
  let world: World;
  let runId: string;
  beforeEach(async () => {
    ({ world, runId } = await validated());
  });

  test('becomes one job, whose id and labels name the run', async () => {
    await world.deliver();
    const { job } = world.theRun().status;
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(job?.name).toMatch(new RegExp(`/pipelineJobs/tune-large-model-${runId}$`));
    expect(world.backend.jobs.get(job?.name ?? '')?.labels).toMatchObject({
      'managed-by': 'tunedrop',
      'tunedrop-run': runId,
    });
    expect(world.theRun().status.links.job).toContain('console.cloud.google.com');
  });

  test('becomes one job when messages arrive twice, at once and late', async () => {
    await Promise.all([world.submit(runId), world.submit(runId)]);
    await world.submit(runId);
    await world.deliver();
    expect(world.backend.jobs.size).toBe(1);
    expect(world.runs.documents.get(runId)?.status.history.map(({ to }) => to)).toEqual([
      'RECEIVED',
      'VALIDATED',
      'SUBMITTED',
    ]);
  });

  test('whose job was made while the answer got lost adopts it', async () => {
    world.backend.createFaults.push({ lost: busy(undefined, 'socket hang up') });
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'VertexUnavailable' });
    world.pass(61);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });

  test('that is refused after a function had made its job and died goes on with that job', async () => {
    const { apply } = world.runs;
    world.runs.apply = () => new Promise(() => {});
    void world.submit(runId, 'event');
    await new Promise(setImmediate);
    world.runs.apply = apply;
    world.backend.createFaults.push(busy(403, 'Permission denied'));
    await world.submit(runId, 'event');
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTED', job: { attempt: 1 } });
  });

  test.each([
    [500, 'InternalError', 60],
    [503, 'VertexUnavailable', 60],
    [undefined, 'VertexUnavailable', 60],
  ])(
    'waits in its document after a %s, with the reason and the next time',
    async (status, reason, seconds) => {
      world.backend.createFaults.push(busy(status));
      await world.deliver();
      const { status: told, work } = world.theRun();
      expect(told).toMatchObject({ state: 'VALIDATED', reason });
      expect(told.message).toContain(work.nextActionAt);
      world.pass(seconds - 1);
      await world.poll();
      await world.deliver();
      expect(world.backend.calls.create).toBe(1);
      world.pass(1);
      await world.poll();
      await world.deliver();
      expect(world.theRun().status.state).toBe('SUBMITTED');
    },
  );

  test('waits longer from try to try, fourteen days long, and gives up with the server’s words', async () => {
    for (let tries = 0; tries < 2_000; tries++) world.backend.createFaults.push(busy(503, 'not today'));
    const gaps: number[] = [];
    await world.deliver();
    while (world.theRun().status.state === 'VALIDATED') {
      const { updateTime } = world.theRun().status;
      const wait = (Date.parse(world.theRun().work.nextActionAt ?? '') - Date.parse(updateTime)) / 1000;
      gaps.push(wait);
      world.pass(wait);
      await world.poll();
      await world.deliver();
    }
    expect(gaps.slice(0, 5)).toEqual([60, 120, 240, 480, 900]);
    expect(gaps.length).toBeGreaterThan(14 * 24 * 4 - 10);
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'VertexUnavailable' });
    expect(world.theRun().status.message).toContain('not today');
    expect(world.backend.jobs.size).toBe(0);
  });

  test.each([
    [400, 'Invalid value for parameter train_steps', 'RequestRefused'],
    [
      403,
      'You do not have permission to act as service_account: x (or it may not exist).',
      'ServiceAccountDenied',
    ],
    [403, "Permission 'aiplatform.metadataStores.get' denied on resource 'x'", 'MetadataStoreDenied'],
    [404, 'no such project', 'RequestRefused'],
  ])('ends at once after a %s, with the server’s words and a remedy', async (status, message, reason) => {
    world.backend.createFaults.push(busy(status, message));
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason });
    expect(world.theRun().status.message).toContain(message);
    expect(world.theRun().status.remedy).not.toBe('');
    expect(world.theRun().work.nextAction).toBeNull();
  });

  test('that was asked for a run nobody knows is acknowledged and logged', async () => {
    await world.submit(`r${'a'.repeat(40)}`);
    expect(world.log.map(({ message }) => message)).toContain('a message names a run that does not exist');
  });
});

describe('on a backend whose ids are not ours', () => {
  test('the run is claimed first, so that two deliveries make one job', async () => {
    const { world, runId } = await validated({ backend: createFakeBackend({ createIsIdempotent: false }) });
    await Promise.all([world.submit(runId), world.submit(runId), world.submit(runId)]);
    expect(world.backend.jobs.size).toBe(1);
    expect(world.runs.documents.get(runId)?.status.history.map(({ to }) => to)).toEqual([
      'RECEIVED',
      'VALIDATED',
      'SUBMITTING',
      'SUBMITTED',
    ]);
  });

  test('a job whose answer got lost is found by its label and adopted', async () => {
    const { world } = await validated({ backend: createFakeBackend({ createIsIdempotent: false }) });
    world.backend.createFaults.push({ lost: busy(undefined, 'socket hang up') });
    await world.deliver();
    world.pass(3600);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(world.backend.jobs.size).toBe(1);
  });
});

describe('messages of a run that has ended, sent once more', () => {
  test.each([
    ['a job whose id is ours', true, 'SUCCEEDED'],
    ['a job whose id is not ours', false, 'SUCCEEDED'],
    ['a job that failed', true, 'FAILED'],
    ['a job that failed, whose id is not ours', false, 'FAILED'],
  ])('change nothing and ask Vertex AI for nothing: %s', async (_name, createIsIdempotent, end) => {
    const { world, runId } = await validated({ backend: createFakeBackend({ createIsIdempotent }) });
    await world.deliver();
    world.backend.set(world.theRun().status.job?.name ?? '', { state: `PIPELINE_STATE_${end}` });
    world.pass(3600);
    await world.poll();
    expect(world.theRun().status.state).toBe(end);
    const before = { run: structuredClone(world.theRun()), calls: { ...world.backend.calls } };
    for (const topic of ['submit-requests', 'validate-requests'] as const) {
      world.published.push({ topic, runId });
      world.pass(86_400);
      await world.deliver();
    }
    expect({ run: world.theRun(), calls: world.backend.calls }).toEqual(before);
  });
});

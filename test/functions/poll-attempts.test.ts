import { beforeEach, describe, expect, test } from 'vitest';
import type { VertexCall } from '../../shared/adapters/vertex/client.ts';
import { createProjectWarmUp } from '../../shared/adapters/vertex/warm-up.ts';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import type { Clock } from '../../shared/ports.ts';
import { aManifest, createWorld, examples, type World, type WorldOptions } from '../support/world.ts';

const NOT_SPREAD =
  'Vertex AI Service Agent service-1@gcp-sa-aiplatform.iam.gserviceaccount.com does not have permission to access Artifact Registry repository projects/vertex-ai-restricted/locations/us/repositories/llm.';
const NO_QUOTA =
  'com.google.cloud.ai.platform.common.errors.AiPlatformException: code=RESOURCE_EXHAUSTED, message=The following quota metrics exceed quota limits: aiplatform.googleapis.com/x, cause=null';
const INTERNAL =
  'com.google.cloud.ai.platform.common.errors.AiPlatformException: code=INTERNAL, message=Internal error encountered., cause=null';

async function uploaded(options: WorldOptions = {}): Promise<World> {
  const world = createWorld(options);
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  return world;
}

const jobOf = (world: World) => world.theRun().status.job?.name ?? '';

function fail(world: World, error: string): void {
  world.backend.set(jobOf(world), {
    state: 'PIPELINE_STATE_FAILED',
    tasks: [{ name: 'large-language-model-tuner', state: 'FAILED', error, metadata: {} }],
  });
}

describe('a job that failed because a permission had not spread', () => {
  let world: World;
  beforeEach(async () => {
    world = await uploaded();
    await world.deliver();
    fail(world, NOT_SPREAD);
    await world.poll();
  });

  test('leaves the run waiting, with the reason and the time of the next attempt', () => {
    expect(world.theRun().status).toMatchObject({
      state: 'SUBMITTED',
      reason: 'ArtifactRegistryNotReady',
      job: { attempt: 1, state: 'PIPELINE_STATE_FAILED', nextAttemptAt: '2026-03-01T12:02:00.000Z' },
    });
    expect(world.theRun().status.message).toContain('Attempt 2 is made at 2026-03-01T12:02:00.000Z');
  });

  test('is followed by one under an id of its own, and the run goes on with that', async () => {
    await world.poll();
    expect(world.backend.jobs.size).toBe(1);
    world.pass(120);
    await world.poll();
    expect(jobOf(world)).toMatch(/-a2$/);
    expect(world.theRun().status.job).toMatchObject({ attempt: 2, state: 'PIPELINE_STATE_PENDING' });
    expect(world.theRun().status.job).not.toHaveProperty('nextAttemptAt');
    world.backend.set(jobOf(world), { state: 'PIPELINE_STATE_SUCCEEDED' });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', job: { attempt: 2 } });
    expect(world.backend.jobs.size).toBe(2);
  });

  test('three times ends the run with Vertex AI’s words', async () => {
    for (let minute = 0; minute < 40 && world.theRun().status.state !== 'FAILED'; minute++) {
      world.pass(60);
      await world.poll();
      fail(world, NOT_SPREAD);
    }
    expect(world.backend.jobs.size).toBe(3);
    expect(world.theRun().status).toMatchObject({
      state: 'FAILED',
      reason: 'ArtifactRegistryNotReady',
      job: { attempt: 3 },
    });
    expect(world.theRun().status.message).toContain('does not have permission');
  });

  test('is not followed by two when the answer to the second got lost', async () => {
    world.backend.createFaults.push({
      lost: classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'creating'),
    });
    world.pass(120);
    await world.poll();
    await world.poll();
    expect(world.theRun().status.job?.attempt).toBe(2);
    expect(world.backend.jobs.size).toBe(2);
  });

  test('ends the run when the second is refused', async () => {
    world.backend.createFaults.push(new TuneError('permanent', 'no', { reason: 'RequestRefused' }));
    world.pass(120);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'ArtifactRegistryNotReady' });
  });
});

describe('a job that failed for want of quota', () => {
  test('leaves the run waiting in its document, longer from time to time, for as long as a run may wait', async () => {
    const world = await uploaded({ maximumWaitMs: 86_400_000 });
    await world.deliver();
    fail(world, NO_QUOTA);
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'SUBMITTED',
      reason: 'QuotaExceeded',
      remedy: expect.stringContaining('Nothing to do'),
      job: { attempt: 1, nextAttemptAt: '2026-03-01T12:05:00.000Z' },
    });
    expect(world.theRun().status.message).toContain('Attempt 2 is made at 2026-03-01T12:05:00.000Z');
    const attempts: number[] = [];
    for (let hour = 1; world.theRun().status.state !== 'FAILED' && hour < 30; hour++) {
      for (let minute = 0; minute < 60; minute++) {
        world.pass(60);
        await world.poll();
        fail(world, NO_QUOTA);
      }
      attempts.push(world.theRun().status.job?.attempt ?? 0);
    }
    expect(attempts.slice(0, 3)).toEqual([4, 5, 6]);
    expect(attempts.length).toBeGreaterThanOrEqual(24);
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'QuotaExceeded' });
    expect(world.theRun().status.remedy).toContain('ask Google for more quota');
  });

  test('is followed by one that succeeds, once there is quota', async () => {
    const world = await uploaded();
    await world.deliver();
    fail(world, NO_QUOTA);
    await world.poll();
    world.pass(300);
    await world.poll();
    expect(jobOf(world)).toMatch(/-a2$/);
    world.backend.set(jobOf(world), { state: 'PIPELINE_STATE_SUCCEEDED' });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', job: { attempt: 2 } });
  });
});

describe('a run that is asked to cancel while it waits for another attempt', () => {
  const cancelled = async (meanwhile: (world: World) => void = () => {}) => {
    const world = await uploaded();
    await world.deliver();
    fail(world, NO_QUOTA);
    await world.poll();
    const { runId } = world.theRun();
    meanwhile(world);
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
    await world.poll();
    return { world, statusOf: () => world.runs.documents.get(runId)?.status };
  };

  test('ends as cancelled, at once', async () => {
    const { statusOf } = await cancelled();
    expect(statusOf()).toMatchObject({ state: 'CANCELLED', reason: 'CancelRequested' });
    expect(statusOf()?.message).toContain('before another attempt was made');
    expect(statusOf()?.message).toContain('exceed quota limits');
  });

  test('stops the attempt that a function had made before it died', async () => {
    const { world, statusOf } = await cancelled(({ backend, theRun }) => {
      const name = `${theRun().status.job?.name}-a2`;
      backend.jobs.set(name, { name, state: 'PIPELINE_STATE_PENDING', labels: {}, tasks: [] });
    });
    expect(statusOf()).toMatchObject({ state: 'SUBMITTED', job: { attempt: 2 } });
    await world.poll();
    expect(world.backend.cancelled).toEqual([statusOf()?.job?.name]);
    expect(statusOf()?.job?.name).toMatch(/-a2$/);
    world.backend.set(statusOf()?.job?.name ?? '', { state: 'PIPELINE_STATE_CANCELLED' });
    await world.poll();
    expect(statusOf()?.state).toBe('CANCELLED');
  });
});

describe('an internal error', () => {
  let calls: VertexCall[];
  let warmed: Map<string, string>;
  let refused: TuneError | undefined;
  const warmUp = (clock: Clock) =>
    createProjectWarmUp({
      vertex: async (call) => {
        calls.push(call);
        if (refused) throw refused;
      },
      notes: {
        warmedAt: async (region) => warmed.get(region),
        noteWarmed: async (region, time) => void warmed.set(region, time),
      },
      project: 'my-project',
      clock,
    });
  beforeEach(() => {
    calls = [];
    warmed = new Map();
    refused = undefined;
  });

  test('of a job creates the guide’s empty data set once, and five minutes later another job', async () => {
    const world = await uploaded({ warmUp });
    await world.deliver();
    fail(world, INTERNAL);
    await world.poll();
    expect(calls).toMatchObject([
      {
        method: 'POST',
        url: 'https://us-central1-aiplatform.googleapis.com/ui/projects/my-project/locations/us-central1/datasets',
        body: {
          metadata_schema_uri: 'gs://google-cloud-aiplatform/schema/dataset/metadata/image_1.0.0.yaml',
        },
      },
    ]);
    expect(world.theRun().status.job?.nextAttemptAt).toBe('2026-03-01T12:05:00.000Z');
    world.pass(300);
    await world.poll();
    expect(jobOf(world)).toMatch(/-a2$/);
    world.backend.set(jobOf(world), { createTime: '2026-03-01T12:05:00.000Z' });
    fail(world, INTERNAL);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'InternalError' });
    expect(calls).toHaveLength(1);
  });

  test('at creation does the same, and the run waits in its document', async () => {
    const world = await uploaded({ warmUp });
    world.backend.createFaults.push(
      classifyGoogleError({ httpStatus: 500, message: 'Internal error encountered.' }, 'creating the job'),
    );
    await world.deliver();
    expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'InternalError' });
    expect(world.theRun().work.nextActionAt).toBe('2026-03-01T12:05:00.000Z');
    world.pass(300);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    expect(calls).toHaveLength(1);
  });

  test('ends the run when the warm-up is refused, and says nothing of it as done', async () => {
    refused = new TuneError('permanent', 'no such API', { reason: 'RequestRefused' });
    const world = await uploaded({ warmUp });
    await world.deliver();
    fail(world, INTERNAL);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'InternalError' });
    expect(warmed.size).toBe(0);
  });

  test('ends the run where the deployment did not ask for the warm-up', async () => {
    const world = await uploaded();
    await world.deliver();
    fail(world, INTERNAL);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'InternalError' });
    expect(world.theRun().status.remedy).toContain('WARM_UP_PROJECT=on');
    const command =
      /^curl .* https:\/\/us-central1-aiplatform\.googleapis\.com\/ui\/projects\/my-project\/locations\/us-central1\/datasets$/m;
    expect(world.theRun().status.remedy).toMatch(command);
  });
});

test('a refusal at creation comes with the commands that fix it', async () => {
  const world = await uploaded();
  const message = "Permission 'aiplatform.metadataStores.get' denied on resource 'projects/987654321/x'";
  world.backend.createFaults.push(classifyGoogleError({ httpStatus: 403, message }, 'creating the job'));
  await world.deliver();
  expect(world.theRun().status.remedy).toContain(
    'gcloud projects add-iam-policy-binding my-project --member serviceAccount:987654321-compute@developer.gserviceaccount.com --role roles/aiplatform.admin',
  );
});

import { expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { createValidatedWorld } from '../support/tuning-service.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const NOT_SPREAD =
  'Vertex AI Service Agent service-1@gcp-sa-aiplatform.iam.gserviceaccount.com does not have permission to access Artifact Registry repository projects/vertex-ai-restricted/locations/us/repositories/llm.';

/** Everything that can still go on has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await new Promise((done) => setImmediate(done));
}

async function submittedWorld(): Promise<World> {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.deliver();
  return world;
}

const runOf = ({ runs }: World) => [...runs.documents.values()].find(({ spec }) => spec.plan);
const jobOf = (world: World) => runOf(world)?.status.job?.name ?? '';

function fail({ backend }: World, name: string): void {
  backend.set(name, {
    state: 'PIPELINE_STATE_FAILED',
    tasks: [{ name: 'large-language-model-tuner', state: 'FAILED', error: NOT_SPREAD, metadata: {} }],
  });
}

async function minutes(world: World, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    world.pass(60);
    await world.poll();
    await world.deliver();
  }
}

/** Holds the first call of a function up until it is let go. */
function holdUp() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = { isReached: false, go: resolve };
  const first = async (): Promise<void> => {
    if (held.isReached) return;
    held.isReached = true;
    await promise;
  };
  return { held, first };
}

/** A run whose first job has failed, and a tick that is in the middle of making the next. */
async function creatingNext() {
  const world = await submittedWorld();
  fail(world, jobOf(world));
  await minutes(world, 1);
  world.pass(120);
  const { held, first } = holdUp();
  const { create } = world.backend;
  world.backend.create = async (...args) => {
    await first();
    return create(...args);
  };
  const ticking = world.poll();
  await settled();
  expect(held.isReached).toBe(true);
  return { world, held, ticking };
}

const cancel = (world: World) =>
  world.finalized(world.upload('reviews/tune.json', aManifest({ cancel: true })));

test('a tick that froze over its look at a job brings no run back to the attempt before', async () => {
  const world = await submittedWorld();
  const failing = jobOf(world);
  world.backend.set(failing, { state: 'PIPELINE_STATE_RUNNING' });
  const { held, first } = holdUp();
  const { apply } = world.runs;
  world.runs.apply = async (...args) => {
    await first();
    return apply(...args);
  };
  const frozen = world.poll();
  await settled();
  expect(held.isReached).toBe(true);
  fail(world, failing);
  await minutes(world, 3);
  const next = jobOf(world);
  expect(next).toMatch(/-a2$/);
  world.backend.set(next, { state: 'PIPELINE_STATE_RUNNING' });
  held.go();
  await frozen;
  expect(world.theRun().status.job).toMatchObject({ name: next, attempt: 2 });
  await minutes(world, 100);
  expect(world.theRun().status).toMatchObject({ state: 'RUNNING', job: { name: next } });
  expect(world.backend.cancelled).toEqual([]);
});

test('that poll may not ask is written over nothing that an earlier message has set going', async () => {
  const { world, service, runId } = await createValidatedWorld();
  service.state.lagSeconds = 300;
  service.state.isHolding = true;
  world.pass(120);
  const { publish } = world.publisher;
  let submitting: Promise<void> | undefined;
  world.publisher.publish = async () => {
    submitting = world.submit(runId, 'an earlier message');
    await settled();
    throw new TuneError('misconfiguration', 'may not publish', { reason: 'Denied' });
  };
  await world.poll();
  const { owner, leaseUntil } = world.theRun().work;
  expect(owner).toBe('an earlier message');
  expect(leaseUntil).not.toBeNull();
  world.publisher.publish = publish;
  service.state.isHolding = false;
  world.pass(61);
  await world.poll();
  await world.deliver();
  for (const go of service.state.holds) go();
  await submitting;
  await minutes(world, 5);
  expect(world.backend.jobs.size).toBe(1);
});

test('that poll may not ask is written down where nobody has taken the run', async () => {
  const { world } = await createValidatedWorld();
  world.pass(120);
  world.publisher.publish = async () => {
    throw new TuneError('misconfiguration', 'may not publish', { reason: 'Denied' });
  };
  await world.poll();
  expect(world.theRun().status).toMatchObject({ state: 'VALIDATED', reason: 'Denied' });
});

test('an attempt that was being made while its run was cancelled is stopped as soon as it is there', async () => {
  const { world, held, ticking } = await creatingNext();
  await cancel(world);
  world.pass(30);
  await world.poll();
  expect(runOf(world)?.status.state).toBe('CANCELLED');
  held.go();
  await ticking;
  const [stopped] = world.backend.cancelled;
  expect(stopped).toMatch(/-a2$/);
  expect(runOf(world)?.status.otherJobs).toMatchObject([{ name: stopped }]);
});

test('one whose maker died over it is found by one more look, ten minutes later', async () => {
  const { world } = await creatingNext();
  const made = `${jobOf(world)}-a2`;
  await cancel(world);
  await world.poll();
  expect(runOf(world)?.status).toMatchObject({ state: 'CANCELLED' });
  world.backend.jobs.set(made, { name: made, state: 'PIPELINE_STATE_RUNNING', labels: {}, tasks: [] });
  for (let minute = 0; minute < 11; minute++) {
    world.pass(60);
    await world.poll();
  }
  expect(world.backend.cancelled).toContain(made);
  expect(runOf(world)?.status.otherJobs).toMatchObject([{ name: made }]);
  world.backend.set(made, { state: 'PIPELINE_STATE_CANCELLED' });
  await minutes(world, 1);
  expect(runOf(world)).toMatchObject({ status: { state: 'CANCELLED' }, work: { nextAction: null } });
  expect(runOf(world)?.status.message).toContain('before another attempt was made');
});

test('an attempt whose answer was lost is followed, though the next try is refused', async () => {
  const world = await submittedWorld();
  fail(world, jobOf(world));
  await minutes(world, 1);
  world.backend.createFaults.push(
    { lost: classifyGoogleError({ httpStatus: 503, message: 'busy' }, 'creating') },
    new TuneError('permanent', 'no', { reason: 'RequestRefused' }),
  );
  await minutes(world, 5);
  expect(world.theRun().status).toMatchObject({ state: 'SUBMITTED', job: { attempt: 2 } });
  expect(jobOf(world)).toMatch(/-a2$/);
});

import { FieldValue, Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPollHandler } from '../../functions/poll/handler.ts';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { type FirestoreService, startFirestore } from '../../local/firestore/server.ts';
import { startMetadata } from '../../local/metadata/server.ts';
import { startVertex } from '../../local/vertex/server.ts';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createFirestoreJobDurations } from '../../shared/adapters/firestore-durations.ts';
import { createFirestoreTunedModels } from '../../shared/adapters/firestore-models.ts';
import { createFirestoreJobQueues } from '../../shared/adapters/firestore-queues.ts';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { waitAtMost } from '../../shared/adapters/retry.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { REGIONS as ALL_REGIONS } from '../../shared/core/models/regions.ts';
import { jobObserved, submitted } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { transition } from '../../shared/core/run/transitions.ts';
import { readableRun } from '../../shared/core/run/versions.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { createCatchUp } from '../../shared/flows/catch-up.ts';
import { createOutbox } from '../../shared/flows/outbox.ts';
import { createPostpone } from '../../shared/flows/postpone.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { createLog } from '../support/log.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';
import { createMemoryObjectStore } from '../support/memory-object-store.ts';
import { aRun, NOW } from '../support/runs.ts';
import { serviceOptions } from '../support/service-options.ts';

/** The promise of one tick: real adapters, over the wire, counted where the requests arrive. */

const PROJECT = { projectId: 'my-project', projectNumber: '123456' };
const REGIONS = ['us-central1', 'europe-west4'] as const;
const JOBS_PER_REGION = 150;
const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';
const TASK_MS = 1_000;

const { logger } = createLog();

const vertexFaults = createFaultScript();
const vertexClock = createSteppableClock();
const closers: (() => Promise<unknown>)[] = [];
let firestoreService: FirestoreService;
let firestore: Firestore;
let poll: () => Promise<void>;
let runs: Run[];
let cancel: (name: string) => Promise<void>;

beforeAll(async () => {
  const metadata = await startMetadata({ ...serviceOptions(), ...PROJECT, email: 'poll@my-project.example' });
  process.env.GCE_METADATA_HOST = metadata.address;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  const vertexService = await startVertex({
    ...serviceOptions({ faults: vertexFaults, clock: vertexClock }),
    ...PROJECT,
    taskMs: TASK_MS,
    tensorboards: [TENSORBOARD],
    readObject: async () => ({ size: 1000, generation: '1' }),
  });
  firestoreService = await startFirestore(serviceOptions());
  const { address } = firestoreService;
  firestore = new Firestore({
    projectId: PROJECT.projectId,
    host: address,
    ssl: false,
    ignoreUndefinedProperties: true,
  });
  closers.push(
    () => firestore.terminate(),
    () => firestoreService.close(),
    () => vertexService.close(),
    () => metadata.close(),
  );

  const vertex = createVertexClient(`http://${vertexService.address}`);
  const backend = createPipelineJobsBackend(vertex, PROJECT.projectId);
  cancel = backend.cancel;
  const plans = REGIONS.flatMap((region) =>
    Array.from({ length: JOBS_PER_REGION }, (_, index) => aPlanIn(region, index)),
  );
  const created = await Promise.all(plans.map((plan) => backend.create(plan, 1)));
  await vertexClock.advance(TASK_MS * 1.5);
  const names = created.map(({ job }) => job.name);
  const observed = await Promise.all(names.map(await backend.observe(names)));
  runs = names.map((_, index) => aRunOf(plans[index] as Plan, observed[index] as JobObservation));
  const batch = firestore.batch();
  for (const run of runs) batch.set(firestore.doc(`runs/${run.runId}`), run);
  await batch.commit();
  poll = aPoll(createFirestoreRunStore(firestore, { logger }));

  function aPoll(store: ReturnType<typeof createFirestoreRunStore>) {
    const clock = { now: () => new Date() };
    const changes = { publish: async () => {} };
    const database = { project: PROJECT.projectId, database: '(default)' };
    const outbox = createOutbox({ runs: store, changes, database, logger });
    const objects = createMemoryObjectStore(clock.now);
    const places = { resultsBucket: 'results', maximumWaitMs: 1e9 };
    const catchUp = createCatchUp({ runs: store, objects, clock, logger, ...places });
    const record = createRecord({
      areExamplesShown: false,
      ...{ runs: store, objects, outbox, clock, logger, catchUp },
      ...{ resultsBucket: 'results', console: { console: '', project: PROJECT.projectId } },
    });
    const postpone = createPostpone({ record, clock, logger, version: 'any', retryScale: 1 });
    return createPollHandler({
      ...{ runs: store, objects, record, postpone, outbox, backend, clock, logger, retryScale: 1, catchUp },
      ...{ ...places, inboxBucket: 'inbox', maxActiveJobs: {} },
      wake: async () => {},
      deployment: {
        takesUploadsSince: async (now) => now,
        unanswered: async () => ({}),
        noteUnanswered: async () => {},
      },
      queues: createFirestoreJobQueues(firestore, { logger }),
      spending: createFirestoreSpending(firestore, { logger }),
      budget: { capUsd: undefined, unknownPrices: 'hold' },
      publisher: { publish: async () => {} },
      ignoredUploads: { note: async () => {}, get: async () => undefined },
      unnamedDataMs: 3_600_000,
      tunedModels: createFirestoreTunedModels(firestore, { logger }),
      durations: createFirestoreJobDurations(firestore, { logger }),
      notices: { publish: async () => {} },
      database,
      metrics: createTensorboardReader(vertex),
      models: createModelRegistry(vertex),
      maxUnwantedJobs: 3,
      waitAtMost,
    });
  }
}, 60_000);
afterAll(async () => {
  for (const close of closers) await close();
});

function aPlanIn(region: (typeof REGIONS)[number], index: number): Plan {
  const folder = `${region}-${index}`;
  const { plan } = planRun({
    manifest: {
      base_model: 'text-bison@002',
      dataset_uri: `gs://inbox/${folder}/train.jsonl`,
      pipeline_job_region: region,
    },
    folderName: folder,
    runId: aRun({ folder }).runId,
    limits: someLimits(),
    locate: locateIn(MANIFEST_URI),
  });
  return plan;
}

/** As the functions leave a run that was submitted and is being followed. */
function aRunOf(plan: Plan, job: JobObservation): Run {
  const folder = plan.modelDisplayName ?? '';
  const work = { nextAction: 'submit' as const, nextActionAt: NOW };
  const validated = aRun({ folder, state: 'VALIDATED', spec: { plan }, work });
  const known = transition(validated, submitted(job, 1, NOW), NOW).run;
  const { run } = transition(known, jobObserved(known, job), NOW);
  const published = run.status.history.length;
  return { ...run, work: { ...run.work, published, spending: { month: '2026-03', isSettled: false } } };
}

let callsBefore: Record<string, number>;
let writesBefore: number;
const writesSoFar = () => [...firestoreService.writes().values()].reduce((sum, count) => sum + count, 0);
const written = () => writesSoFar() - writesBefore;
const called = () =>
  Object.fromEntries(
    Object.entries(vertexFaults.calls())
      .map(([method, count]) => [method, count - (callsBefore[method] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
beforeEach(() => {
  callsBefore = vertexFaults.calls();
  writesBefore = writesSoFar();
});

test('300 live jobs in two regions cost four list calls a tick, and no write where nothing is new', async () => {
  expect(new Set(runs.map(({ status }) => status.state))).toEqual(new Set(['RUNNING']));
  expect(new Set(runs.map(({ status }) => status.job?.region))).toEqual(new Set(REGIONS));
  // The first tick looks through the unfinished jobs of all regions besides: a page each, and two where 150 live.
  await poll();
  expect(called()).toEqual({ 'pipelineJobs.list': 4 + ALL_REGIONS.length + 2 });
  callsBefore = vertexFaults.calls();
  await poll();
  expect(called()).toEqual({ 'pipelineJobs.list': 4 });
  expect(written()).toBe(0);
});

test('where they send their metrics to a TensorBoard, twenty of them are looked up in it a tick', async () => {
  const named = (tensorboard: unknown) => {
    const batch = firestore.batch();
    for (const { runId } of runs)
      batch.update(firestore.doc(`runs/${runId}`), {
        'spec.plan.parameters.tensorboard_resource_id': tensorboard,
      });
    return batch.commit();
  };
  await named(TENSORBOARD);
  writesBefore = writesSoFar();
  await poll();
  expect(called()).toEqual({ 'pipelineJobs.list': 4, 'tensorboards.experiments.list': 20 });
  // The first look of all at how far these jobs are.
  expect(written()).toBe(20);
  await named(FieldValue.delete());
});

test('one job of the 300 that changes costs one write and no other call', async () => {
  const [first] = runs;
  await cancel(first?.status.job?.name ?? '');
  callsBefore = vertexFaults.calls();
  await poll();
  expect(written()).toBe(1);
  expect(called()).toEqual({ 'pipelineJobs.list': 4 });
  const document = await firestore.doc(`runs/${first?.runId}`).get();
  expect(readableRun(document.data())?.status).toMatchObject({ state: 'RUNNING', reason: 'JobCancelling' });
});

test('with nothing active Vertex AI is not called, and nothing is written', async () => {
  const batch = firestore.batch();
  for (const { runId } of runs) {
    batch.update(firestore.doc(`runs/${runId}`), {
      ...{ 'status.state': 'SUCCEEDED', 'work.nextAction': null, 'work.nextActionAt': null },
    });
  }
  await batch.commit();
  writesBefore = writesSoFar();
  await poll();
  expect(called()).toEqual({});
  expect(written()).toBe(0);
});

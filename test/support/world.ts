import { createEvaluateHandler } from '../../functions/evaluate/handler.ts';
import { createPollHandler } from '../../functions/poll/handler.ts';
import { createSubmitHandler } from '../../functions/submit/handler.ts';
import type { ValidateDeps } from '../../functions/validate/deps.ts';
import { createValidateHandler } from '../../functions/validate/handler.ts';
import { counterOfNode } from '../../scripts/tokens/judge.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { IgnoredUpload } from '../../shared/core/objects/ignored.ts';
import type { RunChange } from '../../shared/core/run/changes.ts';
import type { RequestTopic } from '../../shared/core/run/messages.ts';
import type { ModelNotice } from '../../shared/core/run/model-notices.ts';
import type { Budget } from '../../shared/core/run/reservation.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RegisteredModel } from '../../shared/core/tuning/results.ts';
import { createCatchUp } from '../../shared/flows/catch-up.ts';
import { createOutbox } from '../../shared/flows/outbox.ts';
import { createPostpone } from '../../shared/flows/postpone.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { createWake } from '../../shared/flows/wake.ts';
import type {
  Clock,
  DeploymentNotes,
  IgnoredUploads,
  Logger,
  ModelRegistry,
  ObjectInfo,
  ProjectWarmUp,
  Publisher,
  WaitAtMost,
} from '../../shared/ports.ts';
import { type IncomingEvent, MESSAGE_PUBLISHED, STORAGE_FINALIZED } from '../../shared/runtime/events.ts';
import { createFakeAsker, type FakeAsker } from './fake-asker.ts';
import { createFakeBackend, type FakeBackend } from './fake-backend.ts';
import { createFakeMetrics, type FakeMetrics } from './fake-metrics.ts';
import { createFakeTopic, type FakeTopic } from './fake-topic.ts';
import { createLog, type LogEntry } from './log.ts';
import { createMemoryJobDurations, type MemoryJobDurations } from './memory-job-durations.ts';
import { createMemoryJobQueues, type MemoryJobQueues } from './memory-job-queues.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from './memory-object-store.ts';
import { createMemoryRunStore, type MemoryRunStore } from './memory-run-store.ts';
import { createMemorySpending, type MemorySpending } from './memory-spending.ts';
import { createMemoryTunedModels, type MemoryTunedModels } from './memory-tuned-models.ts';
import { NOW } from './runs.ts';

export const INBOX = 'inbox';
export const RESULTS = 'results';

/** The handlers on a world that is a few maps and a clock moved by hand. */
export interface World {
  objects: MemoryObjectStore;
  runs: MemoryRunStore;
  backend: FakeBackend;
  queues: MemoryJobQueues;
  spending: MemorySpending;
  metrics: FakeMetrics;
  /** The models, as whoever asks them finds them. */
  asker: FakeAsker;
  /** Vertex AI's models by name. */
  registry: Map<string, RegisteredModel>;
  publisher: Publisher;
  models: ModelRegistry;
  /** Messages that nobody has taken yet. */
  published: { topic: RequestTopic; runId: string }[];
  /** What was published of the runs. */
  changes: RunChange[];
  /** The coming changes that cannot be published. */
  changeFaults: FakeTopic<RunChange>['faults'];
  /** What was published of tuned models that end. */
  notices: ModelNotice[];
  /** The coming notices that cannot be published. */
  noticeFaults: FakeTopic<ModelNotice>['faults'];
  /** `models/{modelId}`, as the look at their ends sees them. */
  tunedModels: MemoryTunedModels;
  clock: Clock;
  durations: MemoryJobDurations;
  deployment: MemoryDeploymentNotes;
  /** `uploads/{uploadId}` */
  ignored: Map<string, IgnoredUpload>;
  /** What the log shows. */
  log: LogEntry[];
  /** Moves the clock, and ends the waits whose time that brings. */
  pass(seconds: number): void;
  upload(name: string, content: string): ObjectInfo;
  /** Any event arrives at the validate function. */
  event(event: IncomingEvent): Promise<void>;
  /** The event of an upload arrives at the validate function. */
  finalized(object: ObjectInfo): Promise<void>;
  /** Every published message arrives, also those that this publishes. */
  deliver(): Promise<void>;
  /** A message to submit; one that is delivered again has the same event id. */
  submit(runId: string, eventId?: string): Promise<void>;
  validate(runId: string): Promise<void>;
  /** A message to evaluate. */
  evaluate(runId: string, eventId?: string): Promise<void>;
  poll(): Promise<void>;
  /** The functions as new instances that remember nothing, of another deployment where `over` says so. */
  newInstances(over?: WorldOptions): ReturnType<typeof createHandlers>;
  /** The one run there is. */
  theRun(): Run;
  statusFile(run: Run): Run;
}

export interface WorldOptions {
  config?: Partial<ValidateDeps['config']>;
  backend?: FakeBackend;
  /** Buckets that were there before. */
  objects?: MemoryObjectStore;
  limits?: Partial<DeploymentLimits>;
  maxActiveJobs?: ValidateDeps['config']['maxActiveJobs'];
  budget?: Partial<Budget>;
  maximumWaitMs?: number;
  maxTuningHours?: number;
  unnamedDataMs?: number;
  warmUp?: (clock: Clock) => ProjectWarmUp;
}

export function createWorld(options: WorldOptions = {}): World {
  const fakes = createFakes(options);
  const { objects, runs, published } = fakes;
  const { submit, validate, evaluate, poll, event, finalized } = createHandlers(fakes, options);
  const takers: Record<RequestTopic, (runId: string) => Promise<void>> = {
    'validate-requests': validate,
    'submit-requests': (runId) => submit(runId),
    'evaluate-requests': (runId) => evaluate(runId),
  };
  return {
    ...fakes,
    ...{ submit, validate, evaluate, poll, event, finalized },
    newInstances: (over) => createHandlers(fakes, { ...options, ...over }),
    upload: (name, content) => objects.put({ bucket: INBOX, name }, content),
    async deliver() {
      for (let next = published.shift(); next; next = published.shift()) await takers[next.topic](next.runId);
    },
    theRun() {
      const [run, ...others] = [...runs.documents.values()];
      if (!run || others.length > 0) throw new Error(`expected one run, found ${runs.documents.size}`);
      return run;
    },
    statusFile: (run) =>
      JSON.parse(
        objects.text({
          bucket: RESULTS,
          name: `${run.status.folder.slice('gs://results/'.length)}status.json`,
        }) ?? '{}',
      ),
  };
}

export type Fakes = ReturnType<typeof createFakes>;

/** Everything that the handlers reach through ports, and what tests look at of it. */
export function createFakes({ backend = createFakeBackend(), objects }: WorldOptions) {
  let nowMs = Date.parse(NOW);
  const clock = { now: () => new Date(nowMs) };
  const timers = new Set<{ atMs: number; ring: () => void }>();
  const pass = (seconds: number) => {
    nowMs += seconds * 1000;
    for (const timer of timers) if (timer.atMs <= nowMs) timer.ring();
  };
  const waitAtMost: WaitAtMost = async (ms, work) => {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = { atMs: nowMs + ms, ring: () => resolve(false) };
    timers.add(timer);
    try {
      return await Promise.race([work.then(() => true), late]);
    } finally {
      timers.delete(timer);
    }
  };
  const { entries: log, logger } = createLog();
  const registry = new Map<string, RegisteredModel>();
  const models = { read: async (name: string) => registry.get(name) };
  const published: World['published'] = [];
  const publisher: Publisher = {
    publish: async (topic: RequestTopic, { runId }: { runId: string }) =>
      void published.push({ topic, runId }),
  };
  const changes = createFakeTopic<RunChange>();
  const notices = createFakeTopic<ModelNotice>();
  const stores = storesFor(logger);
  return {
    ...{ clock, pass, waitAtMost, log, logger, backend, registry, models },
    ...{ published, publisher },
    ...{ changes: changes.published, changeFaults: changes.faults, changePublisher: changes.publisher },
    ...{ notices: notices.published, noticeFaults: notices.faults, noticePublisher: notices.publisher },
    objects: objects ?? createMemoryObjectStore(clock.now),
    ...stores,
    metrics: createFakeMetrics(),
    asker: createFakeAsker(),
    spending: createMemorySpending(),
    deployment: createMemoryDeploymentNotes(),
    tokenCounter: counterOfNode,
  };
}

/** Notes of the deployment as memory has them, and how often jobs that do not answer were noted. */
interface MemoryDeploymentNotes extends DeploymentNotes {
  unansweredWrites: number;
}

function createMemoryDeploymentNotes(): MemoryDeploymentNotes {
  let since: string | undefined;
  let unanswered: Record<string, string> = {};
  const notes: MemoryDeploymentNotes = {
    unansweredWrites: 0,
    unanswered: async () => unanswered,
    async noteUnanswered(last) {
      unanswered = last;
      notes.unansweredWrites += 1;
    },
    async takesUploadsSince(now) {
      since ??= now;
      return since;
    },
  };
  return notes;
}

function storesFor(logger: Logger) {
  const runs = createMemoryRunStore(logger);
  const tunedModels = createMemoryTunedModels(runs.models);
  const durations = createMemoryJobDurations();
  const ignored = new Map<string, IgnoredUpload>();
  const ignoredUploads: IgnoredUploads = {
    note: async (id, upload) => void ignored.set(id, upload),
    get: async (id) => ignored.get(id),
  };
  return {
    ...{ ignored, ignoredUploads },
    runs,
    durations,
    queues: createMemoryJobQueues(runs.documents, logger),
    tunedModels,
  };
}

export type Flows = ReturnType<typeof createFlows>;

const database = { project: 'my-project', database: '(default)' };

function createFlows(
  { runs, objects, publisher, changePublisher, clock, logger }: Fakes,
  { maximumWaitMs, areExamplesShown }: { maximumWaitMs: number; areExamplesShown: boolean },
) {
  const outbox = createOutbox({ runs, changes: changePublisher, database, logger });
  const catchUp = createCatchUp({ runs, objects, clock, logger, resultsBucket: RESULTS, maximumWaitMs });
  const record = createRecord({
    ...{ runs, objects, outbox, clock, logger, catchUp, areExamplesShown },
    resultsBucket: RESULTS,
    console: { console: 'https://console.cloud.google.com', project: 'my-project' },
  });
  const postpone = createPostpone({ record, clock, logger, version: 'v1', retryScale: 1 });
  return { outbox, record, catchUp, postpone, wake: createWake({ publisher, logger }) };
}

/** The functions, called with what their events say; every event has an id of its own. */
export function createHandlers(fakes: Fakes, options: WorldOptions, inFlows = (flows: Flows) => flows) {
  const { maximumWaitMs = FOURTEEN_DAYS_MS } = options;
  const areExamplesShown = !options.limits?.areTextsHidden;
  const flows = inFlows(createFlows(fakes, { maximumWaitMs, areExamplesShown }));
  const deps = {
    ...{ ...fakes, ...flows, retryScale: 1, inboxBucket: INBOX, resultsBucket: RESULTS },
    ...{ notices: fakes.noticePublisher, database },
    warmUp: options.warmUp?.(fakes.clock),
    maxActiveJobs: options.maxActiveJobs ?? {},
    maximumWaitMs,
    budget: { capUsd: undefined, unknownPrices: 'hold' as const, ...options.budget },
    prices: options.limits?.prices,
    maxUnwantedJobs: 3,
    unnamedDataMs: options.unnamedDataMs ?? 3_600_000,
    maxTuningHours: options.maxTuningHours,
    version: 'v1',
  };
  let events = 0;
  const newId = () => `event-${events++}`;
  const validateEvent = createValidateHandler({ ...deps, config: validateConfig(options) });
  const submitEvent = createSubmitHandler(deps);
  const evaluateEvent = createEvaluateHandler(deps);
  return {
    poll: createPollHandler(deps),
    event: validateEvent,
    submit: (runId: string, eventId = newId()) => submitEvent(runId, eventId),
    evaluate: (runId: string, eventId = newId()) => evaluateEvent(runId, eventId),
    validate: (runId: string, eventId = newId()) =>
      validateEvent({
        id: eventId,
        type: MESSAGE_PUBLISHED,
        data: { message: { data: Buffer.from(JSON.stringify({ runId })).toString('base64') } },
      }),
    finalized: ({ bucket, name, generation, sizeBytes, timeCreated }: ObjectInfo, eventId = newId()) =>
      validateEvent({
        id: eventId,
        type: STORAGE_FINALIZED,
        data: { bucket, name, generation, size: String(sizeBytes), timeCreated },
      }),
  };
}

export const FOURTEEN_DAYS_MS = 14 * 86_400_000;

function validateConfig({ config, limits, ...options }: WorldOptions): ValidateDeps['config'] {
  return {
    inboxBucket: INBOX,
    resultsBucket: RESULTS,
    version: 'v1',
    datasetWaitMs: 600_000,
    unnamedDataMs: 3_600_000,
    onSameBytes: 'skip',
    retryScale: 1,
    maxActiveJobs: options.maxActiveJobs ?? {},
    maxFolderUsdAMonth: options.budget?.capUsd,
    maxFolderRunsADay: options.budget?.runsADay,
    maximumWaitMs: options.maximumWaitMs ?? FOURTEEN_DAYS_MS,
    limits: {
      project: 'my-project',
      inboxBucket: INBOX,
      resultsBucket: RESULTS,
      defaultRegion: 'us-central1',
      allowedDataBuckets: [],
      allowedServiceAccounts: [],
      allowedKmsKeys: [],
      allowedTensorboards: [],
      allowedOutputRoots: [],
      retiredModels: 'warn',
      ...limits,
    },
    ...config,
  };
}

/** A manifest as text. */
export function aManifest(over: Record<string, unknown> = {}): string {
  return JSON.stringify({ base_model: 'text-bison@002', dataset_uri: 'train.jsonl', ...over });
}

/** So many good examples, none like another. */
export function examples(count: number, word = 'train'): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ input_text: `${word} question number ${index}`, output_text: `answer ${index}` }),
  ).join('\n');
}

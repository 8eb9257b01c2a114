import { counterOfNode } from '../../scripts/tokens/judge.ts';
import { runFolder, statusFileName } from '../../shared/core/run/files.ts';
import type { RequestTopic } from '../../shared/core/run/messages.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import type { ObjectInfo, ObjectStore, Publisher } from '../../shared/ports.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createMemoryJobQueues } from '../support/memory-job-queues.ts';
import { createMemoryObjectStore } from '../support/memory-object-store.ts';
import { createMemoryRunStore, TRUSTING } from '../support/memory-run-store.ts';
import { createMemoryTunedModels } from '../support/memory-tuned-models.ts';
import {
  createFakes,
  createHandlers,
  type Fakes,
  FOURTEEN_DAYS_MS,
  INBOX,
  RESULTS,
} from '../support/world.ts';
import { CANARY } from './files.ts';
import { createGate, type Gate, gated, type Instance } from './gate.ts';
import type { History } from './history.ts';
import type { Variant } from './variant.ts';
import { createVertex, type Vertex } from './vertex.ts';

/** What is on its way to a function, until it is acknowledged. */
export type Delivery = { id: string } & (
  | { kind: 'upload'; object: ObjectInfo }
  | { kind: 'request'; topic: RequestTopic; runId: string }
);

type Handlers = ReturnType<typeof createHandlers>;

/** A poll instance: it has a memory, and its ticks may overlap. */
interface Poller {
  instance: Instance;
  tick: () => Promise<void>;
}

export interface SceneOptions {
  lagSeconds: number;
  tuningSeconds: number;
  maxActiveJobs?: number | undefined;
  quota?: number | undefined;
  variant?: Variant | undefined;
}

export interface Scene {
  fakes: Fakes;
  vertex: Vertex;
  gate: Gate;
  history: History;
  pending: Delivery[];
  /** Acknowledged; they may come again all the same. */
  acked: Delivery[];
  pollers: (Poller | undefined)[];
  now(): string;
  pass(seconds: number): void;
  deliver(delivery: Delivery): Promise<void>;
  poll(which: 0 | 1): Promise<void>;
  /** Who made the latest call of Vertex AI. */
  caller: string;
  /** Serial numbers of what is made. */
  serial: Record<string, number>;
}

/** Everything that can still go on has gone on. */
export const settled = () => new Promise<void>((done) => setImmediate(done));

export function createScene(options: SceneOptions): Scene {
  const fakes = cheapFakes(options.variant);
  const now = () => fakes.clock.now().toISOString();
  const vertex = createVertex(() => fakes.clock.now().getTime());
  Object.assign(vertex, {
    ...{ lagMs: options.lagSeconds * 1000, tuningMs: options.tuningSeconds * 1000, quota: options.quota },
  });
  const history: History = {
    deployment: {
      ...{ inboxBucket: INBOX, resultsBucket: RESULTS, maximumWaitMs: FOURTEEN_DAYS_MS },
      ...{ maxActiveJobs: options.maxActiveJobs, listLagMs: options.lagSeconds * 1000 },
    },
    ...{
      drops: [],
      documents: [],
      deletions: [],
      restorations: [],
      jobs: [],
      cancels: [],
      looks: [],
      objects: [],
    },
    ...{ published: [], faults: [], fenced: [], wakes: [] },
    calmTime: now(),
    end: { time: now(), runs: {}, files: {}, texts: [], canary: CANARY },
  };
  const gate = createGate((mishap, call) =>
    history.faults.push({ planted: `${mishap} ${call}`, time: now() }),
  );
  const scene: Scene = {
    ...{ fakes, vertex, gate, history, now },
    ...{ pending: [], acked: [], pollers: [], serial: {}, caller: '' },
    pass(seconds) {
      fakes.pass(seconds);
      vertex.advance();
    },
    async deliver(delivery) {
      const instance = newInstance(scene, delivery.kind === 'upload' ? 'validate' : delivery.topic);
      const handlers = handlersOf(scene, instance, options);
      void boundaryOf(
        scene,
        options.variant,
      )(() => handle(handlers, delivery)).then(
        () => acknowledge(scene, delivery),
        () => {},
      );
      await settled();
    },
    async poll(which) {
      let poller = scene.pollers[which];
      if (!poller || poller.instance.isDead) {
        const instance = newInstance(scene, 'poll');
        poller = { instance, tick: handlersOf(scene, instance, options).poll };
        scene.pollers[which] = poller;
      }
      const { tick } = poller;
      void boundaryOf(scene, options.variant)(tick).catch(() => {});
      await settled();
    },
  };
  recordJobs(scene);
  void fakes.deployment.takesUploadsSince(now());
  return scene;
}

function handle(handlers: Handlers, delivery: Delivery): Promise<void> {
  if (delivery.kind === 'upload') return handlers.finalized(delivery.object, delivery.id);
  const { topic, runId, id } = delivery;
  return topic === 'submit-requests' ? handlers.submit(runId, id) : handlers.validate(runId, id);
}

function boundaryOf({ fakes: { logger } }: Scene, variant: Variant | undefined) {
  const bound = variant?.boundary ?? withBoundary;
  return bound(() => (work: () => Promise<void>) => work(), logger);
}

function acknowledge({ pending, acked }: Scene, delivery: Delivery): void {
  const index = pending.indexOf(delivery);
  if (index < 0) return;
  pending.splice(index, 1);
  acked.push(delivery);
}

function newInstance({ serial }: Scene, name: string): Instance {
  serial.instance = (serial.instance ?? 0) + 1;
  return { name: `${name} ${serial.instance}`, isDead: false };
}

/** The fakes of all unit tests, but for what makes them slow: a million documents are neither parsed nor copied. */
function cheapFakes(variant: Variant | undefined): Fakes {
  const fakes = createFakes({});
  const logger = { info() {}, warn() {}, error() {}, thrown() {} };
  const runs = createMemoryRunStore(logger, TRUSTING);
  const cheap = {
    ...fakes,
    ...{ logger, runs, queues: createMemoryJobQueues(runs.documents, logger, TRUSTING.reader) },
    objects: createMemoryObjectStore(fakes.clock.now),
    tunedModels: createMemoryTunedModels(runs.models),
    tokenCounter: oneCounter,
  };
  return { ...cheap, ...variant?.services?.(cheap) };
}

/** Remembers what it has counted from file to file: a function forgets, since what a file costs must not depend on the one before. */
const oneCounter = (() => {
  const counter = counterOfNode().fork();
  return () => ({ ...counter, fork: () => counter });
})();

/**
 * The handlers of one process. Calls of these ports go through the gate, and what they write into the history; spending, durations,
 * curves and tuned models are as they are: they decide nothing of what is promised here.
 */
function handlersOf(scene: Scene, instance: Instance, { variant, maxActiveJobs }: SceneOptions): Handlers {
  const { fakes, gate, vertex } = scene;
  const through = <Port extends object>(room: string, port: Port): Port =>
    gated(port, (name, method) =>
      SYNCHRONOUS.has(name)
        ? method
        : (...args) =>
            gate.pass(instance, `${room}.${name}`, async () => {
              scene.caller = instance.name;
              return method(...args);
            }),
    );
  const { observe } = vertex.backend;
  const backend = {
    ...vertex.backend,
    observe: async (names: string[]) => {
      const look = await gate.pass(instance, 'backend.observe', () => observe(names));
      return (name: string) => gate.pass(instance, 'backend.look', () => look(name));
    },
  };
  const ports: Fakes = {
    ...fakes,
    runs: through('runs', recordedRuns(scene, instance)),
    objects: streamThrough(scene, instance, through('objects', recordedObjects(scene, instance))),
    queues: through('queues', fakes.queues),
    publisher: through('publisher', publisherOf(scene)),
    changePublisher: through('changes', changesOf(scene)),
    deployment: through('deployment', fakes.deployment),
    models: through('models', { read: async () => undefined }),
    backend: Object.assign({ ...fakes.backend }, through('backend', backend), { observe: backend.observe }),
  };
  const worse = { ...ports, ...variant?.ports?.(ports, instance) };
  return createHandlers(
    worse,
    { maxActiveJobs: { gemini: maxActiveJobs, pipelines: maxActiveJobs } },
    (flows) => ({ ...flows, ...variant?.flows?.(flows, worse) }),
  );
}

/** Not calls: they answer at once, or are tests' own. */
const SYNCHRONOUS = new Set(['createIsIdempotent', 'put', 'remove', 'text', 'set', 'stream', 'observe']);

function streamThrough({ gate }: Scene, instance: Instance, objects: Fakes['objects']): Fakes['objects'] {
  const { stream } = objects;
  return {
    ...objects,
    async *stream(version) {
      await gate.pass(instance, 'objects.stream', async () => undefined);
      yield* stream(version);
    },
  };
}

function publisherOf(scene: Scene): Publisher {
  return {
    async publish(topic, { runId }) {
      scene.serial.message = (scene.serial.message ?? 0) + 1;
      scene.pending.push({ id: `message-${scene.serial.message}`, kind: 'request', topic, runId });
    },
  };
}

function changesOf({ history, now }: Scene): Fakes['changePublisher'] {
  return {
    async publish({ data: { runId, state }, ...change }) {
      history.published.push({ runId, state, time: now() });
      history.end.texts.push(change.id);
    },
  };
}

/** The run that a call of the store is about, by its first argument. */
const runIdIn = (first: string | { runId: string } = '') => (typeof first === 'string' ? first : first.runId);

const WRITES = ['open', 'add', 'bringForward', 'claim', 'apply', 'notePublished'] as const;

/** The run store, every version of a document being kept; but for what was spent, which is noted beside the run. */
function recordedRuns({ fakes, history, now }: Scene, { name }: Instance): Fakes['runs'] {
  const { runs } = fakes;
  const copy = { ...runs };
  for (const verb of WRITES) {
    const method = runs[verb] as (...args: never[]) => Promise<unknown>;
    const recorded = async (...args: never[]) => {
      const runId = runIdIn(args[0]);
      const before = runs.documents.get(runId);
      const answer = await method(...args);
      if ((answer as { outcome?: string } | undefined)?.outcome === 'fenced') {
        history.fenced.push({ runId, by: name, jobsMade: history.jobs.length });
      }
      const after = runs.documents.get(runId);
      if (after && after !== before) history.documents.push({ runId, time: now(), by: name, run: after });
      return answer;
    };
    Object.assign(copy, { [verb]: recorded });
  }
  return copy;
}

function recordedObjects(
  { fakes: { objects }, history, now }: Scene,
  { name: by }: Instance,
): Fakes['objects'] {
  type Verb = History['objects'][number]['verb'];
  const note = (verb: Verb, { bucket, name }: { bucket: string; name: string }, digest?: string) =>
    history.objects.push({ time: now(), by, verb, bucket, name, digest });
  const more: Partial<ObjectStore> = {
    async read(version, maxBytes) {
      note('read', version);
      return objects.read(version, maxBytes);
    },
    stream(version) {
      note('read', version);
      return objects.stream(version);
    },
    async copy(from, to) {
      note('read', from);
      const copy = await objects.copy(from, to);
      if (copy) note('copy', to, copy.crc32c);
      return copy;
    },
    async write(object, content) {
      const isWritten = await objects.write(object, content);
      if (isWritten) note('write', object, (await objects.stat(object))?.crc32c);
      return isWritten;
    },
  };
  return { ...objects, ...more };
}

function recordJobs(scene: Scene): void {
  const { vertex, history, now, fakes } = scene;
  vertex.onMade = (job) => {
    const uri = dataOf(job.plan);
    const [bucket = '', ...name] = uri.slice('gs://'.length).split('/');
    const entry = { name: job.name, runId: job.runId, madeTime: now(), by: scene.caller, state: job.state };
    const data: { uri: string; digest: string | undefined } = { uri, digest: undefined };
    history.jobs.push({ ...entry, data });
    void fakes.objects.stat({ bucket, name: name.join('/') }).then((info) => {
      data.digest = info?.crc32c;
    });
  };
  vertex.onCancel = (job) => history.cancels.push({ job, time: now(), by: scene.caller });
  const { unfinished } = vertex.backend;
  vertex.backend.unfinished = async (onUnread) => {
    const jobs = await unfinished(onUnread);
    history.looks.push({ time: now(), jobs: jobs.map(({ name }) => name) });
    return jobs;
  };
}

function dataOf(plan: Plan): string {
  return plan.backend === 'tuningJobs' ? plan.trainingDatasetUri : String(plan.parameters.dataset_uri ?? '');
}

/** The `status.json` of a run. */
export function fileOf({ objects }: Fakes, { runId, spec }: Run): string | undefined {
  return objects.text({ bucket: RESULTS, name: `${runFolder(runId, spec.source)}${statusFileName}` });
}

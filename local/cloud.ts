import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { createEventarc, type Eventarc } from './eventarc/dispatcher.ts';
import { createFaultScript, type FaultScript } from './faults.ts';
import { startFirestore } from './firestore/server.ts';
import { choosePorts } from './free-ports.ts';
import { startMetadata } from './metadata/server.ts';
import { connectExternalPubSub, type PubSubAdmin } from './pubsub/external.ts';
import { startPubSub } from './pubsub/server.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import { openStorage } from './storage/open.ts';
import { readTopology, type Topology } from './topology.ts';
import { startVertex, type VertexService } from './vertex/server.ts';
import { storageWriter } from './vertex/storage/object-writer.ts';
import { storageReader } from './vertex/storage/storage-reader.ts';
import { createLocalTrainer } from './vertex/training/local-trainer.ts';
import { standInTrainer, type Trainer } from './vertex/training/trainer.ts';
import type { Tuner } from './vertex/training/tuner-threads.ts';

/** Identity of the embedded project; nothing outside this machine knows it. */
export const LOCAL_PROJECT = { projectId: 'tunedrop-local', projectNumber: '100000000001' } as const;
const SERVICE_ACCOUNT = `functions@${LOCAL_PROJECT.projectId}.iam.gserviceaccount.com`;
/** A TensorBoard in each of the two regions where tuning computes. */
const TENSORBOARDS = [
  'us-central1/tensorboards/4400000000000000001',
  'europe-west4/tensorboards/4400000000000000002',
];
const SERVICES = ['storage', 'pubsub', 'firestore', 'vertex', 'metadata'] as const;

export type ServiceName = (typeof SERVICES)[number] | 'eventarc' | 'scheduler';

export interface CloudOptions {
  /** Folder of all state; the bucket folders lie in `buckets/`. */
  dataDir: string;
  /** First of five ports in a row; any free ones when absent. */
  portBase?: number;
  /** What the environment names already: an emulator that is named here is used and none of ours is started. */
  environment?: Record<string, string | undefined>;
  clock?: Clock;
  log: (line: string) => void;
  /** Multiplies Google's back-offs, which are made for a day, not for a demonstration. */
  backoffScale?: number;
  /** How long each task of a job takes. */
  taskMs?: number;
  /** `local`, the default, tunes a small model for real; `stand-in` trains nothing, and its models say so. */
  trainer?: 'stand-in' | 'local';
  /** Tunes and answers in place of the small model's threads. */
  tuner?: Tuner;
}

export interface Cloud {
  readonly topology: Topology;
  /** Where each bucket's folder is, by its name in functions.json; empty where the storage is not ours. */
  readonly folders: Record<string, string>;
  /** Bucket names, by their names in functions.json. */
  readonly buckets: Record<string, string>;
  /** What a Google client needs in its environment to reach this cloud. */
  readonly clientEnvironment: Record<string, string>;
  readonly faults: Record<ServiceName, FaultScript>;
  readonly pubsub: PubSubAdmin;
  readonly vertex: VertexService;
  /** Full names of the TensorBoard instances, with the project's id. */
  readonly tensorboards: readonly string[];
  readonly eventarc: Eventarc;
  readonly scheduler: Scheduler;
  /** Uploads a file, as a person would: into the bucket's folder, or over HTTP where the storage is not ours. */
  upload(bucket: string, name: string, file: string): Promise<void>;
  /** Sends nothing to the functions any more, so that they can be stopped without a stir. */
  quiesce(): Promise<void>;
  close(): Promise<void>;
}

const BACKOFF_SCALE = 0.02;

/** Starts every service on loopback. The functions are somebody else's: see functions/deploy.ts. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, log, environment = {}, clock = systemClock, backoffScale = BACKOFF_SCALE } = options;
  const topology = readTopology();
  const ports = await choosePorts(SERVICES.length, options.portBase);
  const unlock = lockDataDir(dataDir);
  const stateDir = join(dataDir, 'state');
  mkdirSync(stateDir, { recursive: true });
  const faults = Object.fromEntries(
    [...SERVICES, 'eventarc', 'scheduler'].map((name) => [name, createFaultScript()]),
  ) as Record<ServiceName, FaultScript>;
  const serviceOptions = (name: (typeof SERVICES)[number]) => ({
    port: ports[SERVICES.indexOf(name)] ?? 0,
    clock,
    faults: faults[name],
    dataDir: stateDir,
    log: (line: string) => log(`${name}: ${line}`),
  });
  const buckets = Object.fromEntries(
    Object.keys(topology.buckets).map((name) => [name, `${LOCAL_PROJECT.projectId}-${name}`]),
  );

  const eventarc = createEventarc({
    ...{ clock, log, backoffScale },
    dataDir: stateDir,
    faults: faults.eventarc,
  });
  declareStorageTriggers(eventarc, topology, buckets);
  const scheduler = createScheduler({ clock, log, faults: faults.scheduler });
  const storage = await openStorage({
    ...{ environment, buckets, clock, eventarc },
    service: serviceOptions('storage'),
    folder: join(dataDir, 'buckets'),
  });
  const tensorboards = TENSORBOARDS.map((path) => `projects/${LOCAL_PROJECT.projectId}/locations/${path}`);
  const external = environment.PUBSUB_EMULATOR_HOST;
  const [pubsub, firestore, vertex, metadata] = await Promise.all([
    external ? undefined : startPubSub({ ...serviceOptions('pubsub'), backoffScale }),
    environment.FIRESTORE_EMULATOR_HOST
      ? undefined
      : startFirestore({ ...serviceOptions('firestore'), indexes: topology.indexes }),
    startVertex({
      ...serviceOptions('vertex'),
      ...LOCAL_PROJECT,
      readObject: storageReader(storage.baseUrl),
      tensorboards,
      trainer: trainerOf(options, storage.baseUrl),
      ...(options.taskMs === undefined ? {} : { taskMs: options.taskMs }),
    }),
    startMetadata({ ...serviceOptions('metadata'), ...LOCAL_PROJECT, email: SERVICE_ACCOUNT }),
  ]);
  const externalPubSub = external ? connectExternalPubSub(external) : undefined;

  return {
    ...{ topology, buckets, faults, vertex, eventarc, scheduler, tensorboards },
    folders: storage.folders,
    upload: storage.upload,
    pubsub: externalPubSub ?? (pubsub as PubSubAdmin),
    clientEnvironment: {
      GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT.projectId,
      STORAGE_EMULATOR_HOST: storage.baseUrl,
      PUBSUB_EMULATOR_HOST: external ?? pubsub?.address ?? '',
      FIRESTORE_EMULATOR_HOST: environment.FIRESTORE_EMULATOR_HOST ?? firestore?.address ?? '',
      GCE_METADATA_HOST: metadata.address,
      METADATA_SERVER_DETECTION: 'assume-present',
      VERTEX_AI_ENDPOINT: `http://${vertex.address}`,
    },
    async quiesce() {
      await Promise.all([scheduler.close(), eventarc.close()]);
    },
    async close() {
      await Promise.all([scheduler.close(), eventarc.close()]);
      externalPubSub?.close();
      await Promise.all([storage, pubsub, firestore, vertex, metadata].map((service) => service?.close()));
      unlock();
    },
  };
}

function trainerOf({ trainer, tuner }: CloudOptions, storageBaseUrl: string): Trainer {
  if (trainer === 'stand-in') return standInTrainer;
  return createLocalTrainer({ writeObject: storageWriter(storageBaseUrl), ...(tuner && { tuner }) });
}

/** Before the first file is looked at, so that its event waits for the function; the function's address comes later. */
function declareStorageTriggers(
  eventarc: Eventarc,
  topology: Topology,
  buckets: Record<string, string>,
): void {
  for (const [name, { triggers }] of Object.entries(topology.functions)) {
    for (const trigger of triggers) {
      if (trigger.kind !== 'storage') continue;
      const { bucket, eventType } = trigger;
      eventarc.declareTrigger({
        name: storageTriggerName(name, bucket),
        bucket: buckets[bucket] ?? bucket,
        eventType,
      });
    }
  }
}

export function storageTriggerName(functionName: string, bucket: string): string {
  return `${functionName}-${bucket}`;
}

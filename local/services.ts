import type { CallHistory } from './call-history.ts';
import { VERTEX_CALLER } from './callers.ts';
import { ADMINISTRATION_PATH, type ControlService, startControl } from './control/server.ts';
import { createEventarc, type Eventarc } from './eventarc/dispatcher.ts';
import type { FaultScript } from './faults.ts';
import { startFirestore } from './firestore/server.ts';
import { eventarcTriggers } from './functions/storage-triggers.ts';
import { startMetadata } from './metadata/server.ts';
import { bucketName, FUNCTIONS_ACCOUNT, LOCAL_PROJECT, TENSORBOARDS } from './project.ts';
import { connectExternalPubSub, type PubSubAdmin } from './pubsub/external.ts';
import { startPubSub } from './pubsub/server.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import type { Closable, LocalService, ServiceOptions } from './service.ts';
import { connectStorage, type OpenStorage, openStorage } from './storage/open.ts';
import type { FunctionsTopology } from './topology.ts';
import { startVertex, type TuningJobsSettings, type VertexService } from './vertex/server.ts';
import { storageWriter } from './vertex/storage/object-writer.ts';
import { storageReader } from './vertex/storage/storage-reader.ts';
import { createLocalTrainer } from './vertex/training/local-trainer.ts';
import { standInTrainer, type Trainer } from './vertex/training/trainer.ts';
import type { Tuner } from './vertex/training/tuner-threads.ts';

/** The services of the embedded cloud, as the rest of the cloud sees each when it runs. */
export interface Services {
  eventarc: Eventarc;
  scheduler: Scheduler;
  storage: OpenStorage;
  pubsub: PubSubAdmin & LocalService;
  firestore: LocalService;
  vertex: VertexService;
  metadata: LocalService;
  control: ControlService;
}

export type ServiceName = keyof Services;

/** What whoever starts the cloud can set for single services. */
export interface ServiceSettings {
  /** Multiplies Google's back-offs, which are made for a day, not for a demonstration. */
  backoffScale?: number | undefined;
  /** How long each task of a job takes. */
  taskMs?: number | undefined;
  /** `local`, the default, tunes a small model for real; `stand-in` trains nothing, and its models say so. */
  trainer?: 'stand-in' | 'local' | undefined;
  /** Quota, waiting and lists of tuning jobs. */
  tuningJobs?: TuningJobsSettings | undefined;
  /** Jobs that Vertex AI lets be created in a minute; as many as come, if absent. */
  createsPerMinute?: number | undefined;
  /** Tunes and answers in place of the small model's threads. */
  tuner?: Tuner | undefined;
}

/** What a row is started with. */
export interface ServiceStart {
  /** What every service is given; the port is one of its own where the row listens. */
  options: ServiceOptions;
  /** Of all services. */
  faults: Record<ServiceName, FaultScript>;
  history: CallHistory;
  topology: FunctionsTopology;
  /** Where the folders of the buckets lie. */
  bucketsFolder: string;
  settings: ServiceSettings & { backoffScale: number };
}

/** The contract of a service: how it is started, what stands in for it, how Google's clients find it. */
interface ServiceRow<Running extends Closable> {
  /** Has a port; ports are given out in the order of the rows. */
  listens: boolean;
  /** `earlier` has the services above this one, running; a row names those that it needs. */
  start(start: ServiceStart, earlier: Services): Running | Promise<Running>;
  /** Google's variable for an emulator of this service, and how one that it names is used in place of ours. */
  emulator?: {
    variable: string;
    connect(address: string, start: ServiceStart, earlier: Services): Running | Promise<Running>;
  };
  /** What leads a Google client to the service, through a door of its own where it has one. */
  environment?(running: Running, door: string | undefined): Record<string, string>;
}

/** Every service, in the order of starting. */
export const SERVICES: { readonly [Name in ServiceName]: ServiceRow<Services[Name]> } = {
  eventarc: {
    listens: false,
    start({ options, topology, settings: { backoffScale } }) {
      const eventarc = createEventarc({ ...options, backoffScale });
      // Before the first file is looked at, so that its event waits for the function; the function's address comes later.
      for (const trigger of eventarcTriggers(topology)) eventarc.declareTrigger(trigger);
      return eventarc;
    },
  },
  scheduler: {
    listens: false,
    start: ({ options }) => createScheduler(options),
  },
  storage: {
    listens: true,
    start: ({ options, topology, bucketsFolder }, { eventarc }: Pick<Services, 'eventarc'>) =>
      openStorage({
        ...{ service: options, folder: bucketsFolder, eventarc },
        projectId: LOCAL_PROJECT.projectId,
        buckets: bucketsOf(topology),
      }),
    emulator: {
      variable: 'STORAGE_EMULATOR_HOST',
      connect: (baseUrl, { options, topology }, { eventarc }: Pick<Services, 'eventarc'>) =>
        connectStorage({
          ...{ baseUrl, eventarc },
          projectId: LOCAL_PROJECT.projectId,
          service: options,
          buckets: bucketsOf(topology),
        }),
    },
    environment: ({ baseUrl }, door) => ({ STORAGE_EMULATOR_HOST: door ? `http://${door}` : baseUrl }),
  },
  pubsub: {
    listens: true,
    start: ({ options, settings: { backoffScale } }) => startPubSub({ ...options, backoffScale }),
    emulator: { variable: 'PUBSUB_EMULATOR_HOST', connect: connectExternalPubSub },
    environment: ({ address }, door = address) => ({ PUBSUB_EMULATOR_HOST: door }),
  },
  firestore: {
    listens: true,
    start: ({ options, topology: { indexes } }) => startFirestore({ ...options, indexes }),
    emulator: {
      variable: 'FIRESTORE_EMULATOR_HOST',
      connect: (address) => ({ address, close: async () => {} }),
    },
    environment: ({ address }, door = address) => ({ FIRESTORE_EMULATOR_HOST: door }),
  },
  vertex: {
    listens: true,
    async start({ options, settings }, { storage }: Pick<Services, 'storage'>) {
      const door = await storage.door?.(VERTEX_CALLER);
      const storageUrl = door ? `http://${door}` : storage.baseUrl;
      return startVertex({
        ...{ ...options, ...LOCAL_PROJECT },
        readObject: storageReader(storageUrl),
        writeObject: storageWriter(storageUrl),
        tuningJobs: settings.tuningJobs,
        tensorboards: TENSORBOARDS,
        trainer: trainerOf(settings, storageUrl),
        taskMs: settings.taskMs,
        createsPerMinute: settings.createsPerMinute,
      });
    },
    // Without doors: the address stands in documents and is to be the same for whoever reads them. Tokens tell who calls.
    environment: ({ address }) => ({ VERTEX_AI_ENDPOINT: `http://${address}` }),
  },
  metadata: {
    listens: true,
    start: ({ options }) => startMetadata({ ...options, ...LOCAL_PROJECT, email: FUNCTIONS_ACCOUNT }),
    environment: ({ address }, door = address) => ({
      GCE_METADATA_HOST: door,
      METADATA_SERVER_DETECTION: 'assume-present',
    }),
  },
  control: {
    listens: true,
    start: ({ options, faults, history, topology }) =>
      startControl({ ...options, ...{ scripts: faults, history, topology } }),
    environment: ({ address }) => ({
      ADMINISTRATION_ENDPOINT: `http://${address}${ADMINISTRATION_PATH}`,
    }),
  },
};

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** Those with a port, in the order of their ports. */
export const LISTENING_SERVICES = SERVICE_NAMES.filter((name) => SERVICES[name].listens);

/** Google's variables that can name an emulator to be used in place of one of ours. */
export const EMULATOR_VARIABLES = SERVICE_NAMES.flatMap((name) => SERVICES[name].emulator?.variable ?? []);

/** Bucket names, by their names in functions.json. */
export function bucketsOf({ buckets }: FunctionsTopology): Record<string, string> {
  return Object.fromEntries(Object.keys(buckets).map((name) => [name, bucketName(name)]));
}

function trainerOf({ trainer, tuner }: ServiceSettings, storageBaseUrl: string): Trainer {
  if (trainer === 'stand-in') return standInTrainer;
  return createLocalTrainer({ writeObject: storageWriter(storageBaseUrl), tuner });
}

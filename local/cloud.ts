import { join } from 'node:path';
import { type CallHistory, createCallHistory } from './call-history.ts';
import { type Clock, systemClock } from './clock.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { createFaultScript, type FaultScript } from './faults.ts';
import { choosePorts } from './free-ports.ts';
import { LOCAL_PROJECT, TENSORBOARDS } from './project.ts';
import {
  bucketsOf,
  LISTENING_SERVICES,
  SERVICE_NAMES,
  SERVICES,
  type ServiceName,
  type ServiceSettings,
  type ServiceStart,
  type Services,
} from './services.ts';
import { type FunctionsTopology, readTopology } from './topology.ts';

export interface CloudOptions extends ServiceSettings {
  /** Folder of all state; the bucket folders lie in `buckets/`. */
  dataDir: string;
  /** First of as many ports in a row as there are services that listen; any free ones when absent. */
  portBase?: number | undefined;
  /** What the environment names already: an emulator that is named here is used and none of ours is started. */
  environment?: Record<string, string | undefined> | undefined;
  clock?: Clock | undefined;
  log: (line: string) => void;
}

export interface Cloud extends Services {
  readonly topology: FunctionsTopology;
  /** Where each bucket's folder is, by its name in functions.json; empty where the storage is not ours. */
  readonly folders: Record<string, string>;
  /** Bucket names, by their names in functions.json. */
  readonly buckets: Record<string, string>;
  /** What a Google client needs in its environment to reach this cloud. */
  readonly clientEnvironment: Record<string, string>;
  /**
   * The same for one caller, by whose name faults and history know it from then on. `end` ends the process that calls; a fault
   * of the kind `kill` calls it.
   */
  environmentFor(caller: string, end: () => void): Promise<Record<string, string>>;
  readonly faults: Record<ServiceName, FaultScript>;
  /** The calls of all services, but for what is done by hand. */
  readonly history: CallHistory;
  /** Full names of the TensorBoard instances, with the project's id. */
  readonly tensorboards: readonly string[];
  /** Uploads a file that is complete. `bucket` is its name in functions.json. */
  upload(bucket: string, name: string, file: string): Promise<void>;
  /** Starts no storage event and no scheduled call any more, so that the functions can be stopped. */
  quiesce(): Promise<void>;
  close(): Promise<void>;
}

const BACKOFF_SCALE = 0.02;

/** Starts every service of the table on loopback. The functions are somebody else's: see functions/deploy.ts. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const topology = readTopology();
  const { portBase } = options;
  // Without a base each takes a free one when it listens: chosen beforehand, it could be another's by then.
  const ports = portBase === undefined ? [] : await choosePorts(LISTENING_SERVICES.length, portBase);
  const unlock = lockDataDir(options.dataDir);
  const clock = options.clock ?? systemClock;
  const history = createCallHistory(clock);
  const processes = new Map<string, () => void>();
  const kill = (caller: string) => processes.get(caller)?.();
  const faults = Object.fromEntries(
    SERVICE_NAMES.map((service) => [service, createFaultScript({ service, history, clock, kill })]),
  ) as Cloud['faults'];
  const startOf = (name: ServiceName): ServiceStart => ({
    options: {
      port: ports[LISTENING_SERVICES.indexOf(name)] ?? 0,
      dataDir: join(options.dataDir, 'state'),
      clock,
      faults: faults[name],
      log: (line) => options.log(`${name}: ${line}`),
    },
    ...{ topology, faults, history },
    bucketsFolder: join(options.dataDir, 'buckets'),
    settings: { ...options, backoffScale: options.backoffScale ?? BACKOFF_SCALE },
  });
  const services = await startServices(options.environment ?? {}, startOf).catch((error: unknown) => {
    unlock();
    throw error;
  });

  const quiesce = async () => {
    await Promise.all([services.scheduler.close(), services.eventarc.close()]);
  };
  return {
    ...services,
    ...{ topology, faults, history, quiesce },
    buckets: bucketsOf(topology),
    folders: services.storage.folders,
    tensorboards: TENSORBOARDS,
    upload: services.storage.upload,
    clientEnvironment: environmentOf(services, {}),
    async environmentFor(caller, end) {
      processes.set(caller, end);
      return environmentOf(services, await openDoors(services, caller));
    },
    async close() {
      for (const script of Object.values(faults)) script.clear();
      await quiesce();
      await closeServices(services);
      unlock();
    },
  };
}

/** One after the other, in the order of the table; when one fails, those before it are closed again. */
async function startServices(
  environment: Record<string, string | undefined>,
  startOf: (name: ServiceName) => ServiceStart,
): Promise<Services> {
  const running: Partial<Services> = {};
  const startOne = async <Name extends ServiceName>(name: Name) => {
    const { start, emulator } = SERVICES[name];
    const address = emulator && environment[emulator.variable];
    running[name] = address
      ? await emulator.connect(address, startOf(name), running as Services)
      : await start(startOf(name), running as Services);
  };
  try {
    for (const name of SERVICE_NAMES) await startOne(name);
    return running as Services;
  } catch (error) {
    await closeServices(running);
    throw error;
  }
}

async function closeServices(services: Partial<Services>): Promise<void> {
  for (const name of SERVICE_NAMES.toReversed()) await services[name]?.close();
}

type Doors = Partial<Record<ServiceName, string>>;

/** An address of its own at every service that has doors. */
async function openDoors(services: Services, caller: string): Promise<Doors> {
  const doors: Doors = {};
  for (const name of ['storage', 'pubsub', 'firestore', 'metadata'] as const) {
    const address = await services[name].door?.(caller);
    if (address !== undefined) doors[name] = address;
  }
  return doors;
}

function environmentOf(services: Services, doors: Doors): Record<string, string> {
  const variables = <Name extends ServiceName>(name: Name) =>
    SERVICES[name].environment?.(services[name], doors[name]);
  return Object.assign(
    { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT.projectId },
    ...SERVICE_NAMES.map((name) => variables(name)),
  );
}

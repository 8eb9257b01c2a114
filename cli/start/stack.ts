import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { type DeployOptions, deployFunctions, startRevision } from '../../local/functions/deploy.ts';
import type { FunctionProcess } from '../../local/functions/supervisor.ts';
import { LOCAL_PROJECT } from '../../local/project.ts';
import { LISTENING_SERVICES } from '../../local/services.ts';
import { readTopology } from '../../local/topology.ts';
import type { Tuner } from '../../local/vertex/training/tuner-threads.ts';
import { buildFunctions } from '../../scripts/build.ts';
import { printable } from '../../shared/core/json/printable.ts';
import { type DropOrder, dropFolder, MANIFEST } from './drop.ts';
import { checkEmulators } from './emulators.ts';
import type { TrainerName } from './flags.ts';
import { createRunWatch, type RunWatch } from './run-watch.ts';

/** The whole product on this machine: the embedded cloud, the functions, and a Google client to watch them with. */
export interface Stack extends Omit<RunWatch, 'stop'> {
  readonly cloud: Cloud;
  readonly functions: FunctionProcess[];
  readonly firestore: Firestore;
  /** Folder of all its state. */
  readonly dataDir: string;
  /** Folder on disk that is the inbox bucket. */
  readonly inbox: string;
  /** Starts another process of a function, which no trigger calls; it is closed by whoever asked for it. */
  anotherRevision(name: string): Promise<FunctionProcess>;
  /** The `gs://` URI of the manifest of a folder in the inbox. */
  manifestUri(folder: string): string;
  /** Uploads a folder into the inbox, all at once or the manifest last; gives the manifest's `gs://` URI. */
  drop(folder: string, as: string, order?: DropOrder): Promise<string>;
  close(): Promise<void>;
}

export interface StackOptions {
  dataDir: string;
  portBase?: number | undefined;
  /** Emulators to use in place of ours, by Google's variables; default: what this process's environment names. */
  emulators?: Record<string, string>;
  /** Hears which of them are used. */
  onEmulator?: (variable: string, address: string) => void;
  /** What the deployment sets, over the defaults for a laptop. */
  environment?: Record<string, string> | undefined;
  /** Stands for the minute between two polls. */
  scheduleMs?: number | undefined;
  taskMs?: number;
  /** Jobs that Vertex AI lets be created in a minute; as many as come, if absent. */
  createsPerMinute?: number | undefined;
  /** `local`, the default, tunes a small model for real; `stand-in` trains nothing. */
  trainer?: TrainerName;
  /** Tunes and answers in place of the small model. */
  tuner?: Tuner;
}

/** What services and functions said. */
export const logFileOf = (dataDir: string) => join(dataDir, 'cloud.log');

const SCHEDULE_MS = 500;

/** Where the page is: after the ports of the services and of the functions. */
export function portOfPage(portBase: number): number {
  return portBase + LISTENING_SERVICES.length + Object.keys(readTopology().functions).length;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, portBase, taskMs, trainer, tuner, createsPerMinute, scheduleMs = SCHEDULE_MS } = options;
  mkdirSync(dataDir, { recursive: true });
  const logFile = logFileOf(dataDir);
  const log = (line: string) => appendFileSync(logFile, `${new Date().toISOString()} ${printable(line)}\n`);

  const environment = options.emulators ?? process.env;
  await checkEmulators(environment, options.onEmulator ?? (() => {}));
  const bundles = await buildFunctions();
  const settings = { taskMs, trainer, tuner, createsPerMinute };
  const cloud = await startCloud({ dataDir, log, environment, portBase, ...settings });
  const deployment: DeployOptions = {
    ...{ cloud, bundles, scheduleMs, log },
    portBase: portBase === undefined ? undefined : portBase + LISTENING_SERVICES.length,
    environment: { ...laptopEnvironment(cloud, options), ...options.environment },
  };
  const functions = await deployFunctions(deployment);
  const firestore = connect(cloud.clientEnvironment.FIRESTORE_EMULATOR_HOST ?? '');
  const { stop, ...watch } = createRunWatch(firestore);
  const manifestUri = (folder: string) => `gs://${cloud.buckets.inbox}/${folder}/${MANIFEST}`;
  return {
    ...{ cloud, functions, firestore, dataDir, manifestUri, ...watch },
    anotherRevision: (name) => startRevision(deployment, name),
    inbox: cloud.folders.inbox ?? '',
    async drop(folder, as, order = 'together') {
      await dropFolder((name, file) => cloud.upload('inbox', name, file), { folder, as }, order);
      return manifestUri(as);
    },
    async close() {
      stop();
      await firestore.terminate();
      await cloud.quiesce();
      await Promise.all(functions.map((process) => process.close()));
      await cloud.close();
    },
  };
}

/** A client of the embedded Firestore, by address alone: what this process has in its environment is left as it is. */
function connect(address: string): Firestore {
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  return new Firestore({ projectId: LOCAL_PROJECT.projectId, host: address, ssl: false });
}

/** What a deployment on a laptop sets: short waits, no links into a console that knows nothing of it. */
function laptopEnvironment(cloud: Cloud, { dataDir, trainer }: StackOptions): Record<string, string> {
  return {
    INBOX_BUCKET: cloud.buckets.inbox ?? '',
    RESULTS_BUCKET: cloud.buckets.results ?? '',
    DEFAULT_SERVICE_ACCOUNT: `tuning@${LOCAL_PROJECT.projectId}.iam.gserviceaccount.com`,
    RETRY_SCALE: '0.02',
    // Whoever drops a file and looks on is told within some minutes that a manifest is missing.
    UNNAMED_DATA_SECONDS: '30',
    // Nobody pays here, so that nothing waits for a turn.
    ...{ MAX_ACTIVE_GEMINI_JOBS: '0', MAX_ACTIVE_OPEN_MODEL_JOBS: '0', MAX_ACTIVE_PIPELINE_JOBS: '0' },
    MAX_FOLDER_RUNS_A_DAY: 'none',
    // One's own data, on one's own machine.
    SHOW_EXAMPLES: 'on',
    // The embedded cloud tunes what Google has taken away, so that a manifest of the guide can still be tried.
    RETIRED_MODELS: 'warn',
    CONSOLE_URL: '',
    // Only who trains has something to measure; an empty list is none.
    DEFAULT_TENSORBOARDS: trainer === 'stand-in' ? '' : cloud.tensorboards.join(','),
    NODE_COMPILE_CACHE: join(dataDir, 'state', 'compile-cache'),
  };
}

import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Firestore, type Query, type QuerySnapshot } from '@google-cloud/firestore';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { deployFunctions } from '../../local/functions/deploy.ts';
import type { FunctionProcess } from '../../local/functions/supervisor.ts';
import { LOCAL_PROJECT } from '../../local/project.ts';
import { LISTENING_SERVICES } from '../../local/services.ts';
import type { Tuner } from '../../local/vertex/training/tuner-threads.ts';
import { buildFunctions } from '../../scripts/build.ts';
import { isTerminal, type Run } from '../../shared/core/run/run.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { TrainerName } from './args.ts';
import { checkEmulators } from './emulators.ts';

/** The whole product on this machine: the embedded cloud, the three functions, and a Google client to watch them with. */
export interface Stack {
  readonly cloud: Cloud;
  readonly functions: FunctionProcess[];
  readonly firestore: Firestore;
  /** Folder on disk that is the inbox bucket. */
  readonly inbox: string;
  /** Copies a folder into the inbox, as a person would; gives the manifest's `gs://` URI. */
  drop(folder: string, as: string): Promise<string>;
  /** Every run, now and whenever one changes, until the returned function is called. */
  watch(onRun: (run: Run) => void): () => void;
  /** The curves of a run, now and whenever they grow, until the returned function is called. */
  watchCurves(runId: string, onCurves: (series: MetricSeries[]) => void): () => void;
  /** Resolves with the newest run of a manifest when it has ended. */
  follow(manifestUri: string, options?: FollowOptions): Promise<Run>;
  close(): Promise<void>;
}

export interface FollowOptions {
  /** Sees every change on the way. */
  onChange?: (run: Run) => void;
  /** Leaves out runs of earlier uploads. */
  isNew?: (run: Run) => boolean;
}

export interface StackOptions {
  dataDir: string;
  portBase?: number;
  /** Emulators to use in place of ours, by Google's variables; default: what this process's environment names. */
  emulators?: Record<string, string>;
  /** Hears which of them are used. */
  onEmulator?: (variable: string, address: string) => void;
  /** What the deployment sets, over the defaults for a laptop. */
  environment?: Record<string, string>;
  /** Stands for the minute between two polls. */
  scheduleMs?: number;
  taskMs?: number;
  /** `local`, the default, tunes a small model for real; `stand-in` trains nothing. */
  trainer?: TrainerName;
  /** Tunes and answers in place of the small model. */
  tuner?: Tuner;
}

const SCHEDULE_MS = 500;

export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, portBase, scheduleMs = SCHEDULE_MS } = options;
  mkdirSync(dataDir, { recursive: true });
  const logFile = join(dataDir, 'cloud.log');
  const log = (line: string) => appendFileSync(logFile, `${new Date().toISOString()} ${line}\n`);

  const emulators = options.emulators ?? process.env;
  await checkEmulators(emulators, options.onEmulator ?? (() => {}));
  const bundles = await buildFunctions();
  const cloud = await startCloud({
    ...{ dataDir, log, portBase },
    environment: emulators,
    taskMs: options.taskMs,
    trainer: options.trainer,
    tuner: options.tuner,
  });
  const functions = await deployFunctions({
    ...{ cloud, bundles, scheduleMs, log },
    portBase: portBase === undefined ? undefined : portBase + LISTENING_SERVICES.length,
    environment: { ...laptopEnvironment(cloud, options), ...options.environment },
  });
  const firestore = connect(cloud.clientEnvironment.FIRESTORE_EMULATOR_HOST ?? '');
  const runs = firestore.collection('runs');
  const listeners = new Set<() => void>();

  const listen = (query: Query, onRuns: (snapshot: QuerySnapshot) => void): (() => void) => {
    const unsubscribe = query.onSnapshot(onRuns);
    const stop = () => {
      listeners.delete(stop);
      unsubscribe();
    };
    listeners.add(stop);
    return stop;
  };

  return {
    ...{ cloud, functions, firestore },
    inbox: cloud.folders.inbox ?? '',
    async drop(folder, as) {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'README.md')
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
      await Promise.all(
        files.map((file) => cloud.upload('inbox', `${as}/${file.split(sep).join('/')}`, join(folder, file))),
      );
      return `gs://${cloud.buckets.inbox}/${as}/tune.json`;
    },
    watch: (onRun) =>
      listen(runs, (snapshot) => {
        for (const { type, doc } of snapshot.docChanges()) if (type !== 'removed') onRun(doc.data() as Run);
      }),
    watchCurves: (runId, onCurves) =>
      listen(firestore.collection(`runs/${runId}/metrics`), ({ docs }) =>
        onCurves(docs.map((doc) => doc.data() as MetricSeries)),
      ),
    follow: (manifestUri, { onChange = () => {}, isNew = () => true } = {}) =>
      new Promise((resolve) => {
        const stop = listen(runs.where('spec.source.uri', '==', manifestUri), (snapshot) => {
          const newest = newestOf(snapshot.docs.map((doc) => doc.data() as Run).filter(isNew));
          if (!newest) return;
          onChange(newest);
          if (!isTerminal(newest.status.state)) return;
          stop();
          resolve(newest);
        });
      }),
    async close() {
      for (const stop of [...listeners]) stop();
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
    CONSOLE_URL: '',
    // Only who trains has something to measure.
    ...(trainer === 'stand-in' ? {} : { DEFAULT_TENSORBOARDS: cloud.tensorboards.join(',') }),
    NODE_COMPILE_CACHE: join(dataDir, 'state', 'compile-cache'),
  };
}

function newestOf(runs: Run[]): Run | undefined {
  return runs.reduce<Run | undefined>(
    (newest, run) => (newest && newest.spec.source.timeCreated >= run.spec.source.timeCreated ? newest : run),
    undefined,
  );
}

/** True when the folder can be dropped. */
export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, 'tune.json'));
}

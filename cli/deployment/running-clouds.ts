import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An embedded cloud that runs on this machine: what `npm start` notes of itself, so that commands find it. */
export interface RunningCloud {
  pid: number;
  startTime: string;
  project: string;
  dataDir: string;
  /** Address of the live page, with a slash at its end. */
  page: string;
  /** Bucket names. */
  inbox: string;
  results: string;
  /** What leads a Google client to it, by Google's variables. */
  environment: Record<string, string>;
}

type Environment = Record<string, string | undefined>;

/** In the person's own folder, where nobody else can say that a cloud runs (specifications.freedesktop.org/basedir). */
function folderOf({ XDG_STATE_HOME: state = join(homedir(), '.local', 'state') }: Environment): string {
  return join(state, 'tunedrop', 'clouds');
}

/** Notes a cloud until the returned function is called. A folder that cannot be written costs the finding and nothing else. */
export function noteRunning(cloud: RunningCloud, environment: Environment): () => void {
  const folder = folderOf(environment);
  const file = join(folder, `${cloud.pid}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(cloud, null, 2), { mode: 0o600 });
  } catch {
    return () => {};
  }
  return () => rmSync(file, { force: true });
}

/** The clouds that run, the latest first; a note whose process is gone, also after a kill -9, is none. */
export function runningClouds(environment: Environment): RunningCloud[] {
  const folder = folderOf(environment);
  return namesIn(folder)
    .flatMap((name) => readNote(join(folder, name)) ?? [])
    .filter(({ pid }) => isAlive(pid))
    .toSorted((a, b) => b.startTime.localeCompare(a.startTime));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function readNote(file: string): RunningCloud | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningCloud;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

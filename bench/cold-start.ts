import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { choosePorts } from '../local/free-ports.ts';

/** A function in a process of its own, as Cloud Run starts it: bundle or source file, and the event that it answers first. */
export interface ColdStart {
  name: string;
  source: string;
  environment: Record<string, string>;
  event: FirstEvent;
}

export interface FirstEvent {
  signature: 'cloudevent' | 'http';
  type?: string;
  data?: object;
}

export interface Start {
  /** From the start of the process to the answer. */
  ms: number;
  /** Resident memory then. */
  residentMb: number;
}

const FRAMEWORK = join(
  dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')),
  'main.js',
);
const GIVE_UP_MS = 60_000;
const PAUSE_MS = 3;

/** Starts the function, times its first answer, and ends it; it ends by itself, so that it keeps its compile cache. */
export async function coldStart({ name, source, environment, event }: ColdStart): Promise<Start> {
  const [port = 0] = await choosePorts(1);
  const from = performance.now();
  const child = spawn(
    process.execPath,
    [
      FRAMEWORK,
      `--target=${name}`,
      `--source=${source}`,
      `--port=${port}`,
      `--signature-type=${event.signature}`,
    ],
    { env: { ...environment, NODE_ENV: 'production', K_SERVICE: name }, stdio: 'ignore' },
  );
  try {
    const status = await firstStatus(`http://127.0.0.1:${port}/`, event);
    const ms = performance.now() - from;
    if (status !== 204) throw new Error(`${name} answered its first event with ${status}`);
    return { ms, residentMb: residentKb(child) / 1000 };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** Asks again and again until somebody listens. */
async function firstStatus(url: string, { type, data }: FirstEvent): Promise<number> {
  const ce = { 'ce-id': 'first', 'ce-source': '//bench', 'ce-specversion': '1.0', 'ce-type': type ?? 'tick' };
  const until = performance.now() + GIVE_UP_MS;
  while (performance.now() < until) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', ...ce },
        body: JSON.stringify(data ?? {}),
      });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

function residentKb({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  }
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

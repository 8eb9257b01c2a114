import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../clock.ts';
import type { FunctionLimits } from '../topology.ts';
import { heapMib, requestsAtOnce } from './limits.ts';

/** One function as one `functions-framework` process, the way Cloud Run keeps one: restarted whenever it dies. */
export interface FunctionProcess {
  readonly name: string;
  readonly url: string;
  /** The process that serves now; undefined between two of them. */
  readonly pid: number | undefined;
  /** How often it had to be started again. */
  readonly restarts: number;
  close(): Promise<void>;
}

export interface FunctionOptions {
  name: string;
  /** Folder with the bundle: index.js and package.json. */
  source: string;
  port: number;
  /** The signature that functions-framework serves. */
  signature: 'cloudevent' | 'http';
  env: Record<string, string | undefined>;
  limits: FunctionLimits;
  clock: Clock;
  log: (line: string) => void;
}

const RESTART_PAUSE_MS = 200;
/** Of a busy machine, too: an idle one takes less than a second. */
const READY_MS = 120_000;
const PRELOADED = ['end-with-parent.mjs', 'only-this-machine.mjs', 'limit-requests.mjs'].map(
  (file) => new URL(file, import.meta.url).href,
);
const FRAMEWORK = join(
  dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')),
  'main.js',
);

/** Starts the function and resolves when its port answers. */
export async function startFunction(options: FunctionOptions): Promise<FunctionProcess> {
  const { name, port, clock, log } = options;
  let child: ChildProcess | undefined;
  let restarts = 0;
  let closing = false;

  const launch = () => {
    child = spawnFramework(options);
    child.once('exit', (code, signal) => {
      child = undefined;
      if (closing) return;
      log(`${name} ended (${signal ?? code}); it is started again`);
      restarts += 1;
      clock.after(RESTART_PAUSE_MS, () => {
        if (!closing) launch();
      });
    });
  };

  launch();
  await reachable(port, READY_MS);
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return restarts;
    },
    async close() {
      closing = true;
      const running = child;
      if (!running) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      const hard = setTimeout(() => running.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(hard);
    },
  };
}

function spawnFramework({ name, source, port, signature, env, limits, log }: FunctionOptions): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      ...PRELOADED.map((url) => `--import=${url}`),
      '--enable-source-maps',
      `--max-old-space-size=${heapMib(limits)}`,
      FRAMEWORK,
      `--target=${name}`,
      `--source=${source}`,
      `--port=${port}`,
      `--signature-type=${signature}`,
    ],
    {
      env: {
        ...{ ...env, FUNCTION_TARGET: name, PORT: String(port), NODE_ENV: 'production' },
        REQUESTS_AT_ONCE: String(requestsAtOnce(limits)),
        ...{ K_SERVICE: name, K_REVISION: `${name}-00001-local` },
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => log(`${name}: ${line}`));
  }
  return child;
}

/** Resolves when something listens; the framework answers 500 to a GET without a body, so only the port is tried. */
async function reachable(port: number, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on port ${port} after ${withinMs / 1000} s`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

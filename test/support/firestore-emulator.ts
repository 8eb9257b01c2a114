import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Firestore, type Settings } from '@google-cloud/firestore';

const JAR = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';
const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/** The jar of Google's own emulator, where the machine has it and a Java to run it; otherwise why not. */
export function findFirestoreEmulator(): { jar: string } | { missing: string } {
  const root = output('gcloud', ['info', '--format=value(installation.sdk_root)']);
  if (!root) return { missing: 'gcloud is not installed' };
  const jar = join(root, JAR);
  if (!existsSync(jar)) return { missing: 'the Google Cloud SDK has no cloud-firestore-emulator' };
  return output('java', ['-version']) === undefined ? { missing: 'java is not installed' } : { jar };
}

function output(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Starts Google's own emulator on a free port; resolves once it serves. */
export async function startFirestoreEmulator(
  jar: string,
): Promise<{ address: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn('java', ['-cp', jar, MAIN_CLASS, 'start', '--host=127.0.0.1', `--port=${port}`]);
  const exited = once(child, 'exit');
  child.stdout.resume();
  await new Promise<void>((resolve, reject) => {
    let seen = '';
    const watch = (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('is now running')) resolve();
    };
    child.stdout.on('data', watch);
    child.stderr.on('data', watch);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the official emulator ended with code ${code}: ${seen}`)));
  });
  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

let projects = 0;

/** A real client in a project of its own, so that suites on one server do not meet. */
export function connectFirestore(address: string, settings: Settings = {}): Firestore {
  // Otherwise the client looks for a metadata server first.
  process.env.METADATA_SERVER_DETECTION = 'none';
  projects += 1;
  const projectId = `test-${process.pid}-${projects}`;
  return new Firestore({ projectId, host: address, ssl: false, ...settings });
}

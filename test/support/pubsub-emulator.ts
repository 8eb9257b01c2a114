import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

export interface PubSubEmulator {
  /** `127.0.0.1:PORT` */
  address: string;
  close(): unknown;
}

/** The jar of Google's own Pub/Sub emulator, where this machine has it and a Java to run it. */
export function findPubSubEmulator(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return undefined;
  const info = spawnSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' });
  if (info.status !== 0) return undefined;
  const folder = join(info.stdout.trim(), 'platform', 'pubsub-emulator', 'lib');
  try {
    const jar = readdirSync(folder).find((name) => name.endsWith('.jar'));
    return jar && join(folder, jar);
  } catch {
    return undefined;
  }
}

export async function startPubSubEmulator(jar: string): Promise<PubSubEmulator> {
  for (let tries = 1; tries <= 3; tries += 1) {
    const emulator = await tryStart(jar, await freePort());
    if (emulator) return emulator;
  }
  throw new Error('the Pub/Sub emulator found its port taken three times');
}

/** Undefined if somebody took the port in the meantime: the emulator then says so and hangs. */
async function tryStart(jar: string, port: number): Promise<PubSubEmulator | undefined> {
  const emulator = spawn('java', ['-jar', jar, '--host=127.0.0.1', `--port=${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = () => emulator.kill('SIGKILL');
  process.once('exit', close);
  let said = '';
  const isUp = await new Promise<boolean>((resolve) => {
    emulator.stderr.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('Server started')) resolve(true);
      if (said.includes('BindException')) resolve(false);
    });
    emulator.on('exit', () => resolve(false));
  });
  if (isUp) return { address: `127.0.0.1:${port}`, close };
  close();
  if (!said.includes('BindException')) throw new Error(`the Pub/Sub emulator did not start: ${said}`);
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

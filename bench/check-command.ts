import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPackage } from '../scripts/build/package.ts';
import { summarise, timingLine, type WriteLine } from './timing.ts';

export interface CheckCommandSize {
  /** Runs of the command, and of the reference between them. */
  rounds: number;
}

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../cli/tunedrop.mjs', import.meta.url));
const FOLDER = fileURLToPath(new URL('../examples/text-bison', import.meta.url));

/** What a person waits for who checks a small folder: mostly the start of the program, in the checkout and as a package. */
export async function benchCheckCommand({ rounds }: CheckCommandSize, write: WriteLine): Promise<void> {
  const packaged = join(await buildPackage(), 'tunedrop.js');
  const calls = {
    bare: ['-e', '0'],
    'tunedrop check of a small folder, in the checkout': [COMMAND, 'check', FOLDER],
    'the same from the package': [packaged, 'check', FOLDER],
    'tunedrop --help from the package': [packaged, '--help'],
  };
  const times = Object.fromEntries(Object.keys(calls).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, args] of Object.entries(calls)) {
      const ms = await timeOf(args);
      // The first round fills the compile caches.
      if (round > 0) times[name]?.push(ms);
    }
  }
  const { bare = [], ...others } = times;
  const reference = { name: 'starting node with nothing in it', timings: summarise(bare) };
  for (const [name, list] of Object.entries(others)) write(timingLine(name, summarise(list), reference));
}

async function timeOf(args: string[]): Promise<number> {
  const from = performance.now();
  await run(process.execPath, args);
  return performance.now() - from;
}

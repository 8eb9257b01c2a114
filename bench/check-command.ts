import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { summarise, timingLine, type WriteLine } from './timing.ts';

export interface CheckCommandSize {
  /** Runs of the command, and of the reference between them. */
  rounds: number;
}

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../cli/tunedrop.mjs', import.meta.url));
const FOLDER = fileURLToPath(new URL('../examples/text-bison', import.meta.url));

/** What a person waits for who checks a small folder: mostly the start of the program, which was compiled by an earlier one. */
export async function benchCheckCommand({ rounds }: CheckCommandSize, write: WriteLine): Promise<void> {
  const times = { bare: [] as number[], check: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const bare = await timeOf(['-e', '0']);
    const check = await timeOf([COMMAND, 'check', FOLDER]);
    // The first one fills the cache.
    if (round === 0) continue;
    times.bare.push(bare);
    times.check.push(check);
  }
  const reference = { name: 'starting node with nothing in it', timings: summarise(times.bare) };
  write(timingLine('tunedrop check of a small folder', summarise(times.check), reference));
}

async function timeOf(args: string[]): Promise<number> {
  const from = performance.now();
  await run(process.execPath, args);
  return performance.now() - from;
}

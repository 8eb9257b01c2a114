import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPackage } from '../scripts/build/package.ts';
import { type Shape, writeDataset } from './dataset-files.ts';
import type { WriteLine } from './timing.ts';

export interface CheckMemorySize {
  /** Of the file of long examples. */
  megabytes: number;
  /** Of the file of short examples. */
  rows: number;
}

/** Of the shortest examples that anybody brings. */
const BYTES_OF_ROW = 100;
const MANIFEST = {
  base_model: 'gemini-3.1-flash-lite',
  model_display_name: 'memory',
  dataset_uri: 'train.jsonl',
  epoch_count: 1,
};
/** What a process says at its end: how much memory it had at most. Linux only: what Node itself knows begins with its parent's. */
const SAYS_PEAK = `process.on('exit', () => {
  const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
  console.error('peak', Number(/VmHWM:\\s+(\\d+) kB/.exec(status)[1]));
});`;

const run = promisify(execFile);

/** How much memory `tunedrop check` of the package takes for large files, tokens counted and all, beside Node with nothing to do. */
export async function benchCheckMemory(
  { megabytes, rows }: CheckMemorySize,
  write: WriteLine,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'memory-bench-'));
  try {
    const packaged = join(await buildPackage(), 'tunedrop.js');
    writeFileSync(join(folder, 'peak.cjs'), SAYS_PEAK);
    const measure = (args: string[]) => measureRun(['--require', join(folder, 'peak.cjs'), ...args]);
    const bare = await measure(['-e', '0']);
    writeFileSync(join(folder, 'tune.json'), JSON.stringify(MANIFEST));
    const sizes = { 'long outputs': megabytes * 1e6, shortest: rows * BYTES_OF_ROW } as const;
    for (const [shape, bytes] of Object.entries(sizes) as [Shape, number][]) {
      writeDataset(join(folder, 'train.jsonl'), shape, bytes);
      const { peakMib, examples } = await measure([packaged, 'check', folder]);
      const name = `${(bytes / 1e6).toFixed(0)} MB of ${shape}, ${examples} examples`;
      write(
        `${name}: ${mib(peakMib)} = ${(peakMib / bare.peakMib).toFixed(1)} x bare Node (${mib(bare.peakMib)})`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureRun(args: string[]): Promise<{ peakMib: number; examples: string | undefined }> {
  const { stdout, stderr } = await run(process.execPath, args).catch(withFindings);
  const [, examples] = /([\d,]+) examples, [\d,]+ bytes/.exec(stdout) ?? [];
  return { peakMib: Number(/peak (\d+)\n$/.exec(stderr)?.[1]) / 1024, examples };
}

/** A file of this size may be over a limit, which the check says when it has read all of it. */
function withFindings(error: { code?: unknown; stdout: string; stderr: string }) {
  if (error.code === 1) return error;
  throw error;
}

const mib = (size: number) => `${size.toFixed(0)} MiB`;

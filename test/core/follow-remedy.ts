import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestRunner } from 'vitest';

const TOOLS = ['jq', 'sed', 'awk', 'python3', 'iconv'];
const isThere = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
const missingTools = TOOLS.filter((tool) => !isThere(tool));

/** Runs what a remedy says to run, up to `fixed.jsonl` or `fixed.tsv`, on a file of that content. A test without the tools for that is skipped, and says so. */
export function followRemedy(remedy: string, file: string | Buffer): Buffer {
  const command = /(?:jq|sed|awk|python3|iconv|\btar) .*> fixed\.(?:jsonl|tsv)/.exec(remedy)?.[0];
  if (command === undefined) throw new Error(`no command in: ${remedy}`);
  const missing = missingTools.filter((tool) => command.includes(`${tool} `));
  if (missing.length > 0) TestRunner.getCurrentTest()?.context.skip(`SKIPPED: without ${missing.join(', ')}`);
  const dir = mkdtempSync(join(tmpdir(), 'remedy-'));
  writeFileSync(join(dir, 'train.jsonl'), file);
  const { stderr } = spawnSync('sh', ['-c', command.replaceAll('FILE', 'train.jsonl')], { cwd: dir });
  const [name = ''] = /fixed\.\w+$/.exec(command) ?? [];
  const fixed = readFileSync(join(dir, name));
  rmSync(dir, { recursive: true });
  if (stderr.length > 0) throw new Error(stderr.toString());
  return fixed;
}

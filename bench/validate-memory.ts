/**
 * How much memory the function `validate` takes over the worst uploads, as many at once as an instance is given, in its own process
 * with the heap that a machine of its size has: `node bench/validate-memory.ts [MEGABYTES [WORD]]`, each file so
 * large, and only those whose name has the word. Linux only.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTerminals } from '../cli/command-line/terminal.ts';
import { type Stack, startStack } from '../cli/start/stack.ts';
import functions from '../functions/functions.json' with { type: 'json' };
import { RunSchema } from '../shared/core/run/run.ts';
import { isTerminal } from '../shared/core/run/states.ts';

const BYTES = Number(process.argv[2] ?? 200) * 1e6;
const { memory, concurrency } = functions.functions.validate;
/** V8 takes half of the memory of a small machine for its heap. */
const HEAP_MIB = (Number.parseInt(memory, 10) * 1024) / 2;

const turn = (role: string, text: string) => `{"role":"${role}","parts":[{"text":"${text}"}]}`;
const example = (input: string, output: string) =>
  `{"contents":[${turn('user', input)},${turn('model', output)}]}\n`;
const members = (count: number, at: number) =>
  Array.from({ length: count }, (_, index) => `"k${at}_${index}":1`).join(',');

/** Rows of a file, by their number; the file is as large as all others. */
const FILES: Record<string, (at: number) => string> = {
  'short examples, all different': (at) => example(`q${at}`, `a${at}`),
  'the longest lines': (at) => example(`${at} ${'word '.repeat(838_000)}`, `a${at}`),
  'lines of fifty thousand keys': (at) => `{${members(49_000, at)}}\n`,
  'a key of its own in each line': (at) => `{"k${at}":1,${example('a', 'b').slice(1)}`,
  'lines of five bytes that are no JSON': () => '{"a"\n',
  'an array of examples': (at) => `${at === 0 ? '[' : ','}${example(`q${at}`, `a${at}`)}`,
  'UTF-16': (at) =>
    Buffer.from(`${at === 0 ? '\ufeff' : ''}${example(`q${at}`, 'a')}`, 'utf16le').toString('latin1'),
};

function* chunksOf(row: (at: number) => string): Generator<Buffer> {
  let bytes = 0;
  for (let at = 0; bytes < BYTES; ) {
    let text = '';
    for (; text.length < 1e6; at += 1) text += row(at);
    bytes += text.length;
    yield Buffer.from(text, 'latin1');
  }
}

async function put(stack: Stack, name: string, body: Iterable<Buffer>): Promise<void> {
  const path = `upload/storage/v1/b/${stack.cloud.buckets.inbox}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const base = stack.cloud.storage.baseUrl.replace(/\/$/, '');
  const request = { method: 'POST', body: ReadableStream.from(body), duplex: 'half' };
  const { status } = await fetch(`${base}/${path}`, request as RequestInit);
  if (status !== 200) throw new Error(`the upload of ${name} was answered with ${status}`);
}

/** Ends when every run has ended; returns the codes of what was found. */
async function ends(stack: Stack, count: number): Promise<string> {
  for (;;) {
    const { docs } = await stack.firestore.collection('runs').get();
    const runs = docs.map((doc) => RunSchema.parse(doc.data()));
    if (runs.filter(({ status }) => isTerminal(status.state)).length >= count) {
      const { status } = runs[0] ?? {};
      const codes = new Set(status?.issues?.map(({ code }) => code));
      return `${status?.state} ${[...codes].slice(0, 4).join(' ')}`;
    }
    await pause(500);
  }
}

function peakMib(pid: number | undefined): number {
  const [, kib = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}

async function measure(name: string, row: (at: number) => string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunedrop-memory-'));
  const environment = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` };
  const stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 60_000, environment });
  try {
    const validate = stack.functions.find((one) => one.name === 'validate');
    for (let at = 0; at < concurrency; at++) await put(stack, `f${at}/train.jsonl`, chunksOf(row));
    const manifest = '{"base_model": "gemini-3.1-flash-lite", "dataset_uri": "train.jsonl", "dry_run": true}';
    const from = performance.now();
    for (let at = 0; at < concurrency; at++) await put(stack, `f${at}/tune.json`, [Buffer.from(manifest)]);
    const end = await ends(stack, concurrency);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    const died = validate?.restarts ? `, died ${validate.restarts} times` : '';
    openTerminals().stdout.write(
      `${name.padEnd(38)} ${String(peakMib(validate?.pid)).padStart(5)} MiB of ${memory}, ${seconds} s${died}  ${end}\n`,
    );
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

for (const [name, row] of Object.entries(FILES)) {
  if (name.includes(process.argv[3] ?? '')) await measure(name, row);
}

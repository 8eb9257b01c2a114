/** What the check of a data set costs beside the least that any reader in Node must do: split on line feeds and parse. */
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import split2 from 'split2';
import { createDatasetCheck, type DatasetCheck } from '../shared/core/dataset/check.ts';
import { LINES } from '../shared/core/dataset/containers/container.ts';
import { createConverter } from '../shared/core/dataset/forms/convert.ts';
import { convertRecords } from '../shared/core/dataset/forms/convert-records.ts';
import type { FormName } from '../shared/core/dataset/forms/names.ts';
import { targetOf } from '../shared/core/dataset/forms/target.ts';
import { SHAPES, type Shape, writeDataset } from './dataset-files.ts';
import type { WriteLine } from './timing.ts';

export interface DatasetSize {
  /** Of each file. */
  megabytes: number;
  /** Times that each reader reads it; what it is only shown beside, the readers of others, read it once. */
  rounds: number;
}

interface Measurement {
  shape: Shape;
  bytes: number;
  /** The least CPU seconds over the rounds; undefined for a peer that is not installed. */
  cpuSeconds: Record<'reference' | 'check' | 'convert' | 'split2' | 'readline', number> & {
    jq: number | undefined;
  };
  /** CPU of the check by CPU of the reference. */
  ratio: number;
  /** CPU of writing the file in the form of a Gemini model by CPU of the check. */
  conversionRatio: number;
}

const CHUNK_BYTES = 1 << 20;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Measures every shape and prints a table; the readers take turns, so that a busy machine troubles all alike. */
export async function benchDatasetCheck({ megabytes, rounds }: DatasetSize, write: WriteLine): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-bench-'));
  try {
    for (const shape of SHAPES) {
      const path = join(folder, `${shape}.jsonl`);
      writeDataset(path, shape, megabytes * 1e6);
      write(describe(await measure(path, shape, rounds)));
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(path: string, shape: Shape, rounds: number): Promise<Measurement> {
  const best = {
    reference: Infinity,
    check: Infinity,
    convert: Infinity,
    split2: Infinity,
    readline: Infinity,
  };
  const ours = {
    reference: () => splitAndParse(path),
    check: () => checkFile(path, shape),
    convert: () => convertFile(path, shape),
  };
  const others = { split2: () => split2AndParse(path), readline: () => readlineAndParse(path) };
  let expected: number | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(round === 0 ? { ...ours, ...others } : ours)) {
      // What the reader before has left is not this one's to clear away.
      collectGarbage();
      const before = process.cpuUsage();
      const examples = await read();
      const { user, system } = process.cpuUsage(before);
      // A reader that leaves some out is no measure of those that read all.
      expected ??= examples;
      if (examples !== expected)
        throw new Error(`${name} read ${examples} examples of ${shape}, not ${expected}`);
      best[name as keyof typeof best] = Math.min(best[name as keyof typeof best], (user + system) / 1e6);
    }
  }
  const cpuSeconds = { ...best, jq: measureJq(path) };
  const bytes = statSync(path).size;
  const [ratio, conversionRatio] = [best.check / best.reference, best.convert / best.check];
  return { shape, bytes, cpuSeconds, ratio, conversionRatio };
}

function describe({ shape, bytes, cpuSeconds, ratio, conversionRatio }: Measurement): string {
  const speeds = Object.entries(cpuSeconds).map(([name, seconds]) =>
    seconds === undefined ? `${name} not installed` : `${name} ${Math.round(bytes / 1e6 / seconds)} MB/s`,
  );
  const costs = `check costs ${ratio.toFixed(2)}x the reference, conversion ${conversionRatio.toFixed(2)}x the check`;
  return `${shape.padEnd(17)} ${costs} (CPU: ${speeds.join(', ')})`;
}

/** The file in pieces, all in the same memory; every reader gets the same. */
function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
    yield buffer.subarray(0, length);
  }
  closeSync(file);
}

function readChunks(path: string, onChunk: (chunk: Buffer) => void): void {
  for (const chunk of chunksOf(path)) onChunk(chunk);
}

/** The reference: nothing but splitting and parsing. */
function splitAndParse(path: string): number {
  let rest = Buffer.alloc(0);
  let examples = 0;
  const parse = (bytes: Buffer, start: number, end: number) => {
    if (JSON.parse(bytes.toString('utf8', start, end))) examples += 1;
  };
  readChunks(path, (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      parse(bytes, start, end);
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
  });
  if (rest.length > 0) parse(rest, 0, rest.length);
  return examples;
}

/** In which form a shape is, and the model for which it is written in another. */
const FORMS_OF: Partial<Record<Shape, { form: FormName; model?: string }>> = {
  chat: { form: 'messages' },
  OpenAI: { form: 'chat_messages' },
  Gemini: { form: 'contents' },
  Alpaca: { form: 'alpaca', model: 'gemini-3.1-flash-lite' },
};
const formOf = (shape: Shape): { form: FormName; model?: string } =>
  FORMS_OF[shape] ?? { form: 'input_output' };

/** What follows the check of a file that is converted: each example read, and written for a Gemini model. */
async function convertFile(path: string, shape: Shape): Promise<number> {
  const target = targetOf('gemini-3.1-flash-lite', undefined);
  if (target === undefined) throw new Error('the model has no form');
  const convert = createConverter(formOf(shape).form, target, {});
  let examples = 0;
  const onLine = () => {
    examples += 1;
  };
  async function* chunks() {
    yield* chunksOf(path);
  }
  for await (const _text of convertRecords(chunks(), {
    container: LINES,
    from: formOf(shape).form,
    convert,
    onLine,
  }));
  return examples;
}

/** The last one stays, so that V8 does not throw away what it compiled for it, as it does not for the other readers. */
let checking: DatasetCheck | undefined;

function checkFile(path: string, shape: Shape): number {
  const { form, model } = formOf(shape);
  const check = createDatasetCheck({
    uri: path,
    format: form,
    target: model === undefined ? undefined : targetOf(model, undefined),
    role: 'training',
    // Else reading stops where a file has far more examples than a model takes.
    limits: { maxExamples: Number.POSITIVE_INFINITY, maxAuthors: Number.POSITIVE_INFINITY },
    onIssue: () => {},
  });
  checking = check;
  readChunks(path, checking.push);
  return checking.finish().statistics.examples;
}

async function split2AndParse(path: string): Promise<number> {
  let examples = 0;
  const lines = createReadStream(path, { highWaterMark: CHUNK_BYTES }).pipe(split2());
  for await (const line of lines) if (JSON.parse(line)) examples += 1;
  return examples;
}

async function readlineAndParse(path: string): Promise<number> {
  let examples = 0;
  for await (const line of createInterface({
    input: createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  })) {
    if (JSON.parse(line)) examples += 1;
  }
  return examples;
}

/** CPU seconds of `jq` counting the examples, by the shell's own clock; undefined where it is not installed. */
function measureJq(path: string): number | undefined {
  const script = 'jq -n "reduce inputs as \\$example (0; . + 1)" "$0" >/dev/null || exit 1; times';
  const { status, stdout } = spawnSync('sh', ['-c', script, path], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return seconds.reduce((sum, part) => sum + part, 0);
}

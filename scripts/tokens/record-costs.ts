// `node scripts/tokens/record-costs.ts`: measures what counting takes on this machine and writes costs.json. A few minutes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createDatasetCheck } from '../../shared/core/dataset/check.ts';
import type { TokenCounter } from '../../shared/core/dataset/tokens/token-counter.ts';
import { CORPORA } from './corpora.ts';
import { counterOfNode, timesInLargeFile } from './judge.ts';

/** Of several measurements the least is taken: others use the machine too. */
const ROUNDS = 2;

/** Processor milliseconds of a piece of work. */
function cpuMs(work: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.round(Math.min(...rounds));
}

/** Checks a data set of the lines, so many times over. */
function check(lines: Buffer, times: number, counter?: TokenCounter): void {
  const checking = createDatasetCheck({
    ...{ uri: 'x', format: 'input_output', role: 'training', counter },
    onIssue: () => {},
  });
  for (let time = 0; time < times; time++) checking.push(lines);
  checking.finish();
}

const counter = counterOfNode();
const rows = CORPORA.map(({ name, texts: make }) => {
  const texts = make();
  const lines = Buffer.from(
    texts.map((text) => `${JSON.stringify({ input_text: text, output_text: 'x' })}\n`).join(''),
  );
  const times = timesInLargeFile(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
  const measured = (often: number) => ({
    bytes: lines.length * often,
    checkMs: cpuMs(() => check(lines, often)),
    countingMs: cpuMs(() => check(lines, often, counter)),
  });
  return { name, once: measured(1), large: measured(times) };
});
const recorded = { recordedOn: new Date().toISOString().slice(0, 10), rows };
const target = fileURLToPath(new URL('./costs.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(recorded, null, 2)}\n`);
console.log(JSON.stringify(recorded, null, 1));

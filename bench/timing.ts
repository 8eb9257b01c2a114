import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Prints one line of a report. */
export type WriteLine = (line: string) => void;

/** The middle and the worst of some timings, in milliseconds. */
export interface Timings {
  median: number;
  p95: number;
  count: number;
}

export function summarise(times: number[]): Timings {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), count: sorted.length };
}

/** One line of a report: what was timed, how long it took, and how often the reference of the same run fits into it. */
export function timingLine(
  name: string,
  timings: Timings,
  reference: { name: string; timings: Timings },
): string {
  const ratio = timings.median / reference.timings.median;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return `${name}: median ${ms(timings.median)}, p95 ${ms(timings.p95)} of ${timings.count} = ${ratio.toFixed(1)} x ${reference.name} (${ms(reference.timings.median)})`;
}

/** Resolves once a Node with nothing to do has ended: what starts are compared with. */
export async function startBareNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
}

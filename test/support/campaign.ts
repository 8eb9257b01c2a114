import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { memoryMib } from '../../local/functions/limits.ts';
import type { FunctionProcess } from '../../local/functions/supervisor.ts';
import type { ServiceName } from '../../local/services.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { changedExample, jobsIn } from '../e2e/example-folders.ts';
import { type CallFigures, type CampaignFigures, createCallCounts, jobsOfRuns } from './campaign-figures.ts';
import { until } from './condition.ts';
import { temporaryFolder } from './service-options.ts';

export interface CampaignOptions {
  drops: number;
  /** Share of drops whose manifest is refused. */
  invalid: number;
  /** Share of events that arrive twice. */
  duplicated: number;
  /** A function, chosen by chance, is killed so often, for so long. */
  kills?: { everyMs: number; forMs: number } | undefined;
  /** Services that give no answer to any function, one after the other, for so long each. */
  stalls?: { services: readonly ServiceName[]; forMs: number } | undefined;
  /** A second process of poll ticks so often, beside the first. */
  overlapEveryMs?: number | undefined;
  createsPerMinute?: number | undefined;
  /** When whatever has not ended is given up as lost. */
  withinMs: number;
  retryScale: number;
  /** Pause between two ticks of poll. */
  scheduleMs?: number | undefined;
}

const EXAMPLE = 'text-bison';
const DROPS_AT_ONCE = 20;

/** Drops folders into the whole product while things go wrong, waits until every run has ended, and counts. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignFigures> {
  const stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 20, emulators: {} },
    ...{ createsPerMinute: options.createsPerMinute, scheduleMs: options.scheduleMs },
    environment: { RETRY_SCALE: String(options.retryScale) },
  });
  const ending = new AbortController();
  try {
    const runs = new Map<string, Run>();
    stack.watch((run) => runs.set(run.runId, run));
    const duplicate = { kind: 'duplicate', id: 'same' } as const;
    for (const service of ['eventarc', 'pubsub'] as const) {
      stack.cloud.faults[service].whenever('Message', duplicate, { rate: options.duplicated, seed: 11 });
    }
    const calls = createCallCounts(stack.cloud.history);
    const trouble = startTrouble(stack, options, { signal: ending.signal, sampled: calls.count });
    const began = performance.now();
    await dropAll(stack, options);
    const ended = () => [...runs.values()].filter(({ status }) => isTerminal(status.state)).length;
    await until('every drop has ended', () => ended() >= options.drops, options.withinMs).catch(() => {});
    const seconds = (performance.now() - began) / 1000;
    ending.abort();
    const told = await trouble;
    return { ...told, ...calls.count(), ...(await countEnds(stack, options, { runs, seconds })) };
  } finally {
    ending.abort();
    await stack.close();
  }
}

async function dropAll(stack: Stack, { drops, invalid }: CampaignOptions): Promise<void> {
  const refused = changedExample(EXAMPLE, { base_model: 'text-bison@999' });
  const names = Array.from({ length: drops }, (_, index) => index);
  const every = invalid > 0 ? Math.round(1 / invalid) : drops + 1;
  const dropNext = async () => {
    for (let index = names.shift(); index !== undefined; index = names.shift()) {
      const folder = index % every === every - 1 ? refused : `examples/${EXAMPLE}`;
      await stack.drop(folder, `drop-${index}`);
    }
  };
  await Promise.all(Array.from({ length: DROPS_AT_ONCE }, dropNext));
}

type Trouble = Pick<CampaignFigures, 'kills' | 'overlappingPolls' | 'stalls' | 'memory'>;

/** Kills, stalls and overlaps until `signal`; what there was of them. `sampled` is called every half second. */
async function startTrouble(
  stack: Stack,
  options: CampaignOptions,
  { signal, sampled }: { signal: AbortSignal; sampled: () => void },
): Promise<Trouble> {
  const told: Trouble = { kills: 0, overlappingPolls: 0, stalls: [], memory: {} };
  const other = options.overlapEveryMs === undefined ? undefined : await stack.anotherRevision('poll');
  const sample = () => {
    for (const process of [...stack.functions, ...(other ? [other] : [])]) noteMemory(stack, told, process);
    sampled();
  };
  const every = async (ms: number, act: () => unknown) => {
    while (!signal.aborted) {
      await pause(ms, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await act();
    }
  };
  const overlap = async () => {
    const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' }, signal };
    told.overlappingPolls += 1;
    await fetch(other?.url ?? '', post).then(
      (answer) => answer.text(),
      () => '',
    );
  };
  await Promise.all([
    every(500, sample),
    other && every(options.overlapEveryMs ?? 0, overlap),
    killing(stack, options, { told, signal, sample }),
    stalling(stack, options, { told, signal }),
  ]);
  await other?.close();
  return told;
}

interface Telling {
  told: Trouble;
  signal: AbortSignal;
}

async function killing(
  stack: Stack,
  { kills }: CampaignOptions,
  { told, signal, sample }: Telling & { sample: () => void },
): Promise<void> {
  for (let spent = 0; kills && spent < kills.forMs && !signal.aborted; spent += kills.everyMs) {
    await pause(kills.everyMs, undefined, { signal }).catch(() => {});
    const victim = stack.functions[Math.floor(Math.random() * stack.functions.length)];
    if (victim?.pid === undefined || signal.aborted) continue;
    sample();
    process.kill(victim.pid, 'SIGKILL');
    told.kills += 1;
  }
}

async function stalling(
  { cloud }: Stack,
  { stalls }: CampaignOptions,
  { told, signal }: Telling,
): Promise<void> {
  for (const service of stalls?.services ?? []) {
    if (signal.aborted) return;
    const script = cloud.faults[service];
    const stops = Object.keys(cloud.topology.functions).map((caller) =>
      script.whenever('*', { kind: 'stall' }, { caller }),
    );
    await pause(stalls?.forMs ?? 0, undefined, { signal }).catch(() => {});
    for (const stop of stops) stop();
    told.stalls.push(`${service} (${script.release()} calls held)`);
  }
}

/** The peak of a process as the system counts it; told only where that is a file. */
function noteMemory({ cloud }: Stack, { memory }: Trouble, { name, pid }: FunctionProcess): void {
  const file = `/proc/${pid}/status`;
  const limits = cloud.topology.functions[name];
  if (pid === undefined || !limits || !existsSync(file)) return;
  const [, kib = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8')) ?? [];
  const peakMib = Math.max(memory[name]?.peakMib ?? 0, Number(kib) / 1024);
  memory[name] = { peakMib, deployedMib: memoryMib(limits.memory) };
}

async function countEnds(
  stack: Stack,
  { drops }: CampaignOptions,
  { runs, seconds }: { runs: Map<string, Run>; seconds: number },
): Promise<Omit<CampaignFigures, keyof Trouble | keyof CallFigures>> {
  const jobs = await jobsIn(stack);
  const ofRuns = jobsOfRuns(jobs, [...runs.keys()]);
  const ends: Record<string, number> = {};
  for (const { status } of runs.values()) ends[status.state] = (ends[status.state] ?? 0) + 1;
  const ended = [...runs.values()].filter(({ status }) => isTerminal(status.state));
  return {
    ...{ drops, ends, seconds, jobs: jobs.length },
    valid: drops - (ends.REJECTED ?? 0),
    lost: drops - ended.length,
    doubleJobs: [...ofRuns.values()].reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    dropsPerSecond: ended.length / seconds,
  };
}

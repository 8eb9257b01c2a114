import type { Run } from '../../shared/core/run/run.ts';
import type { Dollars } from '../../shared/core/run/spending.ts';
import type { World } from './world.ts';

export function runOf(world: World, runId = ''): Run {
  const run = world.runs.documents.get(runId);
  if (!run) throw new Error(`no run ${runId}`);
  return run;
}

/** Writes into a run's document what it is expected to cost, and what it did cost. */
export function priced(world: World, runId: string, usd: Dollars | null, actual?: number): void {
  const run = runOf(world, runId);
  const known = { trainingTokens: null, price: null, madeOf: 'Hours of eight GPUs.' };
  const billed = { billableTokens: 1_000, trainingTokens: 3_000 };
  const cost = { ...known, usd, actual: actual === undefined ? undefined : { ...billed, usd: actual } };
  world.runs.documents.set(runId, { ...run, status: { ...run.status, cost } });
}

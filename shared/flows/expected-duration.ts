import type { DataStatistics } from '../core/dataset/statistics.ts';
import type { Run } from '../core/run/run.ts';
import {
  type ExpectedDuration,
  expectedDuration,
  type FinishedJob,
  jobSizeOf,
} from '../core/tuning/duration.ts';
import type { Plan } from '../core/tuning/plan.ts';
import type { JobDurations, Logger } from '../ports.ts';

export interface ExpectedDurationDeps {
  durations: JobDurations;
  logger: Logger;
}

/** How long the job of a plan will take, from those of its model that have ended; undefined where that is unknown. Never rejects. */
export async function expectedDurationOf(
  deps: ExpectedDurationDeps,
  { plan, data }: { plan: Plan; data: DataStatistics | undefined },
): Promise<ExpectedDuration | undefined> {
  const size = jobSizeOf(plan, data);
  return size && expectedDuration(size, await finishedJobs(deps, plan.baseModel));
}

/** Runs that wait, with what is known by now of how long their jobs take; each model is asked for once. Never rejects. */
export async function withExpectedDurations(
  deps: ExpectedDurationDeps,
  runs: readonly Run[],
): Promise<Run[]> {
  const models = [...new Set(runs.flatMap(({ spec }) => spec.plan?.baseModel ?? []))];
  const finished = new Map(
    await Promise.all(models.map(async (model) => [model, await finishedJobs(deps, model)] as const)),
  );
  return runs.map((run) => {
    const { plan } = run.spec;
    const size = plan && jobSizeOf(plan, run.status.datasets);
    const expected = size && expectedDuration(size, finished.get(plan.baseModel) ?? []);
    return expected ? { ...run, status: { ...run.status, expectedDuration: expected } } : run;
  });
}

async function finishedJobs(
  { durations, logger }: ExpectedDurationDeps,
  model: string,
): Promise<FinishedJob[]> {
  try {
    return await durations.of(model);
  } catch (thrown) {
    logger.thrown('how long jobs of this model took could not be read', thrown, { model });
    return [];
  }
}

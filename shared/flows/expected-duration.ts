import type { DataStatistics } from '../core/dataset/statistics.ts';
import { type ExpectedDuration, expectedDuration, jobSizeOf } from '../core/tuning/duration.ts';
import type { Plan } from '../core/tuning/plan.ts';
import type { JobDurations, Logger } from '../ports.ts';

export interface ExpectedDurationDeps {
  durations: JobDurations;
  logger: Logger;
}

/** How long the job of a plan will take, from those of its model that have ended; undefined where that is unknown. Never rejects. */
export async function expectedDurationOf(
  { durations, logger }: ExpectedDurationDeps,
  { runId, plan, data }: { runId: string; plan: Plan | undefined; data: DataStatistics | undefined },
): Promise<ExpectedDuration | undefined> {
  const size = plan && jobSizeOf(plan, data);
  if (!size) return undefined;
  try {
    return expectedDuration(size, await durations.of(plan.baseModel));
  } catch (thrown) {
    logger.thrown('how long jobs of this model took could not be read', thrown, { runId });
    return undefined;
  }
}

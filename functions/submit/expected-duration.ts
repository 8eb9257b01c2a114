import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import { type ExpectedDuration, expectedDuration, jobSizeOf } from '../../shared/core/tuning/duration.ts';
import type { JobDurations, Logger } from '../../shared/ports.ts';

export interface ExpectedDurationDeps {
  durations: JobDurations;
  logger: Logger;
}

/** How long the job of a run will take, from those of its model that have ended; undefined where that is unknown. */
export async function expectedDurationOf(
  { durations, logger }: ExpectedDurationDeps,
  { runId, spec: { plan }, status }: Run,
): Promise<ExpectedDuration | undefined> {
  const size = plan && jobSizeOf(plan, status.datasets);
  if (!size) return undefined;
  try {
    return expectedDuration(size, await durations.of(plan.baseModel));
  } catch (thrown) {
    logger.thrown('how long jobs of this model took could not be read', thrown, { runId });
    return undefined;
  }
}

/** An event of a run whose job was made, with what is known of its duration. */
export function withExpected(event: RunEvent, expected: ExpectedDuration | undefined): RunEvent {
  return { ...event, status: { ...event.status, expectedDuration: expected } };
}

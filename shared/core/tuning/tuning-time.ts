import { later } from '../errors/backoff.ts';
import type { JobObservation } from './job.ts';
import { isTrained } from './no-step.ts';
import type { Plan } from './plan.ts';
import type { RunProgress } from './run-progress.ts';

const HOUR_MS = 3_600_000;

/**
 * Since when a job is tuning that does so for longer than a deployment allows; undefined where its time is not over. What
 * counts is the stage TUNING, no wait before it and no upload after it; a pipeline has no stages, so its start counts.
 */
export function tuningTimeOver(
  progress: RunProgress | undefined,
  { plan, job }: { plan: Plan; job: JobObservation },
  { maxHours, now }: { maxHours: number | undefined; now: string },
): string | undefined {
  const since = plan.backend === 'pipelineJobs' ? job.startTime : progress?.tuningTime;
  const isTuning = plan.backend === 'pipelineJobs' || (job.stage ?? 'TUNING') === 'TUNING';
  if (maxHours === undefined || since === undefined || !isTuning || isTrained(progress)) return undefined;
  return now > later(since, maxHours * HOUR_MS) ? since : undefined;
}

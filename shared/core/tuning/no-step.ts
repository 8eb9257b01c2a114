import { later } from '../errors/backoff.ts';
import type { JobObservation } from './job.ts';
import type { Plan } from './plan.ts';
import type { Measured } from './progress.ts';
import type { RunProgress } from './run-progress.ts';

const HOUR_MS = 3_600_000;

/**
 * A job that makes no step for so long is named. Of what users report, a job that was well made its first step after 30 minutes and was
 * done after 2 h 09; jobs that never went on stood in RUNNING for 2 to 22 hours.
 */
export const NO_STEP_HOURS = 2;

/** A running job that does not go on: since when, and what of it is counted. */
export interface NoStep {
  since: string;
  counted: 'steps' | 'epochs';
}

export interface StepsLook {
  plan: Plan;
  job: JobObservation;
  measured: Measured | undefined;
  now: string;
}

/** Whether a job stands still; undefined where it goes on, and where nobody says what it makes. */
export function noStepOf(progress: RunProgress | undefined, look: StepsLook): NoStep | undefined {
  const counted = countedOf(progress, look);
  const since = [progress?.stepTime, progress?.tuningTime]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  if (!counted || since === undefined || isTrained(progress)) return undefined;
  return look.now > later(since, NO_STEP_HOURS * HOUR_MS) ? { since, counted } : undefined;
}

/** What is known to be counted: of a pipeline its steps once there was one, since it may be at anything before. */
function countedOf(
  progress: RunProgress | undefined,
  { plan, job, measured }: StepsLook,
): NoStep['counted'] | undefined {
  if (plan.backend === 'pipelineJobs') return measured && progress?.step ? 'steps' : undefined;
  if (job.stage !== 'TUNING') return undefined;
  if (measured || job.completed?.steps !== undefined) return 'steps';
  return job.completed ? 'epochs' : undefined;
}

/** Whether every step was made: what a job does then is no step. */
export function isTrained(progress: RunProgress | undefined): boolean {
  const { step = 0, ofSteps } = progress ?? {};
  return ofSteps !== undefined && step >= ofSteps;
}

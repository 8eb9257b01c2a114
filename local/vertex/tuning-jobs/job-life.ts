/** What a tuning job goes through, as pure steps from one record to the next. Nothing here waits or stores. */
import { rpcStatus } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import type { WorkFailure } from '../jobs/work-failure.ts';
import type { TuningJobRecord, TuningStage, TuningState } from '../store/tuning-job.ts';

const ENDS: ReadonlySet<TuningState> = new Set([
  'JOB_STATE_SUCCEEDED',
  'JOB_STATE_FAILED',
  'JOB_STATE_CANCELLED',
]);

export const hasEnded = (job: TuningJobRecord): boolean => ENDS.has(job.state);

/** The stages in which something is done; the others only take time. */
const WORK: ReadonlySet<TuningStage> = new Set(['PROCESSING_DATASET', 'TUNING', 'POST_PROCESSING']);

export const isWork = (job: TuningJobRecord): boolean => WORK.has(job.stage);

/** A job that has been let in counts against the quota until it ends. */
export const usesQuota = (job: TuningJobRecord): boolean =>
  !hasEnded(job) && job.stage !== 'PENDING' && job.stage !== 'WAITING_FOR_QUOTA';

export interface Moment {
  nowMs: number;
  /** How long a stage takes at least. */
  stageMs: number;
}

/** Begins a stage; a job that is being cancelled begins nothing more. */
export function enter(job: TuningJobRecord, stage: TuningStage, { nowMs, stageMs }: Moment): TuningJobRecord {
  if (job.state === 'JOB_STATE_CANCELLING') return { ...job, updateMs: nowMs, dueMs: undefined };
  return {
    ...job,
    ...{ stage, state: 'JOB_STATE_RUNNING', updateMs: nowMs, dueMs: nowMs + stageMs },
    startMs: job.startMs ?? nowMs,
  };
}

export function succeed(job: TuningJobRecord, nowMs: number): TuningJobRecord {
  return end(job, 'JOB_STATE_SUCCEEDED', nowMs);
}

export function fail(job: TuningJobRecord, { code, message }: WorkFailure, nowMs: number): TuningJobRecord {
  return { ...end(job, 'JOB_STATE_FAILED', nowMs), error: rpcStatus(code, message) };
}

/** A cancellation was asked for: it takes effect at `cancelDueMs`, unless the job ends before. */
export function beginTuningCancel(job: TuningJobRecord, nowMs: number, cancelDueMs: number): TuningJobRecord {
  if (hasEnded(job) || job.state === 'JOB_STATE_CANCELLING') return job;
  const dueMs = isWork(job) ? job.dueMs : undefined;
  return { ...job, state: 'JOB_STATE_CANCELLING', updateMs: nowMs, cancelDueMs, dueMs };
}

/** The cancellation has taken effect. The code is documented (1), the wording of the message is not. */
export function finishTuningCancel(job: TuningJobRecord, nowMs: number): TuningJobRecord {
  const error = rpcStatus('CANCELLED', 'The tuning job was cancelled by a request.');
  return { ...end(job, 'JOB_STATE_CANCELLED', nowMs), error };
}

function end(job: TuningJobRecord, state: TuningState, nowMs: number): TuningJobRecord {
  return { ...job, state, updateMs: nowMs, endMs: nowMs, dueMs: undefined, cancelDueMs: undefined };
}

/** `completedEpochCount` and `completedStepCount` of v1beta1, as far as the job has come. */
export function completed(job: TuningJobRecord): JsonObject | undefined {
  const { settings, completedSteps } = job;
  if (!settings || !completedSteps) return undefined;
  const epochs = Math.floor((completedSteps / settings.steps) * settings.epochs);
  return { completedEpochCount: String(epochs), completedStepCount: String(completedSteps) };
}

import { asTuneError } from '../../shared/core/errors/errors.ts';
import { attemptAfterWarmUp, failureOf, mayTryAgain, nextAttemptAt } from '../../shared/core/run/attempts.ts';
import { jobResubmitted, jobRetrying } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { eventOfJobState, type JobObservation } from '../../shared/core/tuning/job-state.ts';
import { buildPipelineJobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, Logger, ProjectWarmUp, TuningBackend } from '../../shared/ports.ts';

export interface AttemptDeps {
  record: RecordEvent;
  backend: TuningBackend;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  /** Where the deployment wants it. */
  warmUp?: ProjectWarmUp | undefined;
}

/**
 * Whether a job that failed is followed by another: true when the run goes on. First the wait is noted, and the next
 * attempt is made at the tick that finds it due. Its id follows from the run, so a crash in between makes no second job.
 */
export async function tryAgain(deps: AttemptDeps, run: Run, job: JobObservation): Promise<boolean> {
  const { record, backend, clock, retryScale: scale } = deps;
  if (eventOfJobState(job.state) !== 'JobFailed' || !backend.createIsIdempotent) return false;
  const times = { now: clock.now().toISOString(), scale };
  if (run.status.cancelRequested) return followMade(deps, run);
  if (!mayTryAgain(run, failureOf(job).cause, times)) return false;
  if (run.status.job?.nextAttemptAt) return createNext(deps, run);
  const at = await dueTime(deps, run, job);
  if (at) await record(run, jobRetrying(run, job, at));
  return at !== undefined;
}

/** No attempt is made for a run that was asked to cancel; one that was made before a function died is not left alone. */
async function followMade({ record, backend, clock }: AttemptDeps, run: Run): Promise<boolean> {
  const { plan } = run.spec;
  const { job } = run.status;
  if (!plan || !job?.nextAttemptAt) return false;
  const attempt = job.attempt + 1;
  const made = await backend.find(buildPipelineJobRequest(plan, attempt));
  if (made) await record(run, jobResubmitted(made, attempt, clock.now().toISOString()));
  return made !== undefined;
}

async function dueTime(
  { clock, logger, retryScale: scale, warmUp }: AttemptDeps,
  run: Run,
  job: JobObservation,
): Promise<string | undefined> {
  const { cause } = failureOf(job);
  const times = { now: clock.now().toISOString(), scale };
  if (cause?.afterFailure !== 'warmUp') return nextAttemptAt(run, cause, times);
  const region = run.spec.plan?.regions.training;
  if (!warmUp || !region) return undefined;
  try {
    return attemptAfterWarmUp(job, await warmUp.ensure(region), { now: clock.now().toISOString(), scale });
  } catch (thrown) {
    const { reason, message } = asTuneError(thrown);
    logger.warn('the project could not be warmed up', { runId: run.runId, reason, error: message });
    return undefined;
  }
}

/** An answer that another try may mend is waited for; any other ends the run with what its job failed by. */
async function createNext(deps: AttemptDeps, run: Run): Promise<boolean> {
  const { record, backend, clock, logger } = deps;
  const { plan } = run.spec;
  if (!plan) return false;
  const attempt = (run.status.job?.attempt ?? 1) + 1;
  try {
    const { job } = await backend.create(buildPipelineJobRequest(plan, attempt));
    await record(run, jobResubmitted(job, attempt, clock.now().toISOString()));
    return true;
  } catch (thrown) {
    const error = asTuneError(thrown);
    const fields = { runId: run.runId, attempt, reason: error.reason, error: error.message };
    logger.warn('the next attempt could not be made', fields);
    return error.retryable;
  }
}

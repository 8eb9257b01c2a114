import { asTuneError } from '../../shared/core/errors/errors.ts';
import { type AttemptTimes, attemptAfterWarmUp, decideAttempt } from '../../shared/core/run/attempts.ts';
import { jobResubmitted, jobRetrying } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
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
  if (!deps.backend.createIsIdempotent) return false;
  const next = decideAttempt(run, job, timesOf(deps));
  switch (next.action) {
    case 'none':
      return false;
    case 'find':
      return followMade(deps, run);
    case 'create':
      return createNext(deps, run);
    case 'warmUp':
      return waitUntil(deps, run, { job, at: await whenWarm(deps, run, job) });
    case 'wait':
      return waitUntil(deps, run, { job, at: next.at });
  }
}

function timesOf({ clock, retryScale: scale }: AttemptDeps): AttemptTimes {
  return { now: clock.now().toISOString(), scale };
}

async function waitUntil(
  { record }: AttemptDeps,
  run: Run,
  { job, at }: { job: JobObservation; at: string | undefined },
): Promise<boolean> {
  if (at) await record(run, jobRetrying(run, job, at));
  return at !== undefined;
}

/** No attempt is made for a run that was asked to cancel; one that was made before a function died is not left alone. */
async function followMade({ record, backend, clock }: AttemptDeps, run: Run): Promise<boolean> {
  const { plan } = run.spec;
  const attempt = (run.status.job?.attempt ?? 1) + 1;
  const made = plan && (await backend.find(buildPipelineJobRequest(plan, attempt)));
  if (made) await record(run, jobResubmitted(made, attempt, clock.now().toISOString()));
  return made !== undefined;
}

/** When the next attempt is due once the project is warm; undefined where that is not wanted or did not work. */
async function whenWarm(deps: AttemptDeps, run: Run, job: JobObservation): Promise<string | undefined> {
  const { logger, warmUp } = deps;
  const region = run.spec.plan?.regions.training;
  if (!warmUp || !region) return undefined;
  try {
    const warmedAt = await warmUp.ensure(region);
    return attemptAfterWarmUp(job, warmedAt, timesOf(deps));
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'slowly') throw thrown;
    logger.thrown('the project could not be warmed up', thrown, { runId: run.runId });
    return undefined;
  }
}

/** An answer that may be another one soon is waited for; one that stays ends the run with what its job failed by. */
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
    const { retry } = asTuneError(thrown);
    if (retry === 'slowly') throw thrown;
    logger.thrown('the next attempt could not be made', thrown, { runId: run.runId, attempt });
    return retry === 'soon';
  }
}

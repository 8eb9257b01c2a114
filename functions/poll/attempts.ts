import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import {
  type AttemptTimes,
  decideAfterWarmUp,
  decideAttempt,
  type NextAttempt,
} from '../../shared/core/run/attempts.ts';
import { jobResubmitted } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { type Plan, trainingRegion } from '../../shared/core/tuning/plan.ts';
import { type StopOtherJobsDeps, stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import type { ProjectWarmUp } from '../../shared/ports.ts';

export interface AttemptDeps extends StopOtherJobsDeps {
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  maximumWaitMs: number;
  /** Where the deployment wants it. */
  warmUp?: ProjectWarmUp | undefined;
}

/**
 * Whether a job that failed is followed by another: true when the run goes on. First the wait is noted, and the next
 * attempt is made at the tick that finds it due. Its id follows from the run, so a crash in between makes no second job.
 */
export async function tryAgain(deps: AttemptDeps, run: Run, job: JobObservation): Promise<boolean> {
  const { plan } = run.spec;
  if (!plan || !deps.backend.createIsIdempotent(plan)) return false;
  const decided = decideAttempt(run, job, timesOf(deps));
  const next = decided.action === 'warmUp' ? await afterWarmUp(deps, run, { job, plan }) : decided;
  switch (next.action) {
    case 'wait':
      await deps.record(run, next.event, { follows: run.status.job });
      return true;
    case 'find':
      return followMade(deps, run, plan);
    case 'create':
      return createNext(deps, run, plan);
    default:
      return false;
  }
}

function timesOf({ clock, retryScale: scale, maximumWaitMs }: AttemptDeps): AttemptTimes {
  return { now: clock.now().toISOString(), scale, maximumWaitMs };
}

const nextOf = ({ status: { job } }: Run) => (job?.attempt ?? 1) + 1;

/** No attempt is made any more; one that was made before a function died is not left alone. */
async function followMade(deps: AttemptDeps, run: Run, plan: Plan): Promise<boolean> {
  const made = await deps.backend.find(plan, nextOf(run));
  if (made) await followNext(deps, run, made);
  return made !== undefined;
}

/** The run goes on with the job, unless it went on or ended while the job was made: then nobody wants it, and it is asked to stop. */
async function followNext(deps: AttemptDeps, run: Run, job: JobObservation): Promise<void> {
  const event = jobResubmitted(job, nextOf(run), deps.clock.now().toISOString());
  const { run: after } = await deps.record(run, event, { follows: run.status.job });
  await stopOtherJobs(deps, after, [job]);
}

/** What follows once the project is warm; nothing where that is not wanted or did not work. */
async function afterWarmUp(
  deps: AttemptDeps,
  run: Run,
  { job, plan }: { job: JobObservation; plan: Plan },
): Promise<NextAttempt> {
  const { logger, warmUp } = deps;
  if (!warmUp) return { action: 'none' };
  try {
    const warmedAt = await warmUp.ensure(trainingRegion(plan));
    return decideAfterWarmUp(run, job, { ...timesOf(deps), warmedAt });
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'slowly') throw thrown;
    logger.thrown('the project could not be warmed up', thrown, { runId: run.runId });
    return { action: 'none' };
  }
}

/**
 * An answer that may be another one soon is waited for; one that stays ends the run with what its job failed by, unless an earlier try
 * made the job and its answer was lost.
 */
async function createNext(deps: AttemptDeps, run: Run, plan: Plan): Promise<boolean> {
  const attempt = nextOf(run);
  const made = await deps.backend.create(plan, attempt).catch(asTuneError);
  if (!(made instanceof TuneError)) {
    await followNext(deps, run, made.job);
    return true;
  }
  if (made.retry === 'slowly') throw made;
  deps.logger.thrown('the next attempt could not be made', made, { runId: run.runId, attempt });
  return made.retry === 'soon' || followMade(deps, run, plan);
}

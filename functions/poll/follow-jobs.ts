import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import {
  jobLost,
  jobMissing,
  jobObserved,
  jobUnseen,
  tuningTimeEnded,
} from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import { inTurn } from '../../shared/core/run/turns.ts';
import { isJobOver, type JobObservation } from '../../shared/core/tuning/job.ts';
import { tuningTimeOver } from '../../shared/core/tuning/tuning-time.ts';
import { type AloneDeps, alone } from './alone.ts';
import { type AttemptDeps, tryAgain } from './attempts.ts';
import { type CurvesDeps, finishCurves } from './curves.ts';
import { type OutcomeDeps, recordEnd } from './outcome.ts';
import { finishProgress, followProgress } from './progress.ts';

export interface FollowDeps extends AloneDeps, AttemptDeps, CurvesDeps, OutcomeDeps {
  /** Hours that a job may be tuning; undefined: as many as it takes. */
  maxTuningHours?: number | undefined;
}

/** A job that Vertex AI does not know is looked for this often, and so far apart, before it counts as lost. */
const MISSING_LOOKS = 4;
const MISSING_LOOK_MS = 300_000;

/** Between two ticks, as Cloud Scheduler is asked for them. */
const TICK_MS = 60_000;

/**
 * Looks at the jobs of these runs with few calls, and records what they say. How far a running job is takes calls of its own, so
 * that is looked at for some of them in a tick, in turn.
 */
export async function followJobs(deps: FollowDeps, followed: Run[]): Promise<void> {
  if (followed.length === 0) return;
  const jobs = await observeAll(deps, followed);
  const jobOf = (run: Run) => jobs.get(run.status.job?.name ?? '');
  const running = followed.filter((run) => {
    const job = jobOf(run);
    return job !== undefined && !(job instanceof TuneError) && job.phase === 'running';
  });
  const tick = Math.round(deps.clock.now().getTime() / (TICK_MS * deps.retryScale));
  const looked = new Set(inTurn(running, tick));
  await Promise.all(
    followed.map((run) =>
      alone(deps, run, () => followOne(deps, run, { job: jobOf(run), isTurn: looked.has(run) })),
    ),
  );
}

/** Where nothing could be looked at, every run has met the same. */
async function observeAll({ backend }: FollowDeps, followed: Run[]) {
  const names = followed.flatMap((run) => run.status.job?.name ?? []);
  try {
    return await backend.observe(names);
  } catch (thrown) {
    const error = asTuneError(thrown);
    return new Map(names.map((name) => [name, error]));
  }
}

async function followOne(
  deps: FollowDeps,
  run: Run,
  { job, isTurn }: { job: JobObservation | TuneError | undefined; isTurn: boolean },
): Promise<void> {
  const { record, backend } = deps;
  if (job instanceof TuneError) {
    if (job.retryable) throw job;
    await record(run, jobUnseen(run, job));
    return;
  }
  if (!job) {
    await record(run, missed(deps, run));
    return;
  }
  if (await tryAgain(deps, run, job)) return;
  if (isJobOver(job)) return followEnd(deps, run, job);
  const { run: now } = await record(run, isTurn ? await lookedAt(deps, run, job) : seen(run, job));
  if (now.status.cancelRequested && !isTerminal(now.status.state) && job.phase !== 'cancelling') {
    await backend.cancel(job.name);
  }
}

function missed({ clock, retryScale }: FollowDeps, run: Run): RunEvent {
  const again = later(clock.now().toISOString(), MISSING_LOOK_MS * retryScale);
  return run.work.attempts + 1 >= MISSING_LOOKS ? jobLost(run) : jobMissing(run, again);
}

const seen = (run: Run, job: JobObservation) => jobObserved(run, job, { noStep: 'unread' });

/** What a close look says: how far the job is, whether it stands still, whether its time is over. */
async function lookedAt(deps: FollowDeps, run: Run, job: JobObservation): Promise<RunEvent> {
  const { plan } = run.spec;
  if (!plan) return seen(run, job);
  const { progress, noStep } = await followProgress(deps, run, { plan, job });
  const { maxTuningHours: maxHours } = deps;
  const now = deps.clock.now().toISOString();
  const since = tuningTimeOver(progress, { plan, job }, { maxHours, now });
  if (maxHours === undefined || since === undefined || run.status.cancelRequested) {
    return jobObserved(run, job, { noStep });
  }
  return tuningTimeEnded(run, { hours: maxHours, since }, now);
}

async function followEnd(deps: FollowDeps, run: Run, job: JobObservation): Promise<void> {
  const curves = await finishCurves(deps, run, job);
  if (curves === 'wait') return;
  await finishProgress(deps, run, { job, series: curves.series });
  await recordEnd(deps, run, { job, curves });
}

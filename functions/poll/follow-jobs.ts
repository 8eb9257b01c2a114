import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { jobLost, jobMissing, jobObserved, jobUnseen } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { inTurn } from '../../shared/core/run/turns.ts';
import { isJobOver, type JobObservation } from '../../shared/core/tuning/job.ts';
import { type AloneDeps, alone } from './alone.ts';
import { type AttemptDeps, tryAgain } from './attempts.ts';
import { type CurvesDeps, finishCurves } from './curves.ts';
import { type OutcomeDeps, recordEnd } from './outcome.ts';
import { finishProgress, followProgress } from './progress.ts';

export type FollowDeps = AloneDeps & AttemptDeps & CurvesDeps & OutcomeDeps;

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
  const { record, backend, clock, retryScale } = deps;
  if (job instanceof TuneError) {
    if (job.retryable) throw job;
    await record(run, jobUnseen(run, job));
    return;
  }
  if (!job) {
    const again = later(clock.now().toISOString(), MISSING_LOOK_MS * retryScale);
    await record(run, run.work.attempts + 1 >= MISSING_LOOKS ? jobLost(run) : jobMissing(run, again));
    return;
  }
  if (await tryAgain(deps, run, job)) return;
  if (isJobOver(job)) return followEnd(deps, run, job);
  if (isTurn) await followProgress(deps, run, job);
  const { run: now } = await record(run, jobObserved(run, job));
  if (now.status.cancelRequested && !isTerminal(now.status.state) && job.phase !== 'cancelling') {
    await backend.cancel(job.name);
  }
}

async function followEnd(deps: FollowDeps, run: Run, job: JobObservation): Promise<void> {
  const curves = await finishCurves(deps, run, job);
  if (curves === 'wait') return;
  await finishProgress(deps, run, { job, series: curves.series });
  await recordEnd(deps, run, { job, curves });
}

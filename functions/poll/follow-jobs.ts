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
import { type RunEvent, transition } from '../../shared/core/run/transitions.ts';
import { inTurn } from '../../shared/core/run/turns.ts';
import { isJobOver, type JobObservation, type JobPhase } from '../../shared/core/tuning/job.ts';
import { tuningTimeOver } from '../../shared/core/tuning/tuning-time.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import { type SettleDeps, settling } from '../../shared/flows/settle.ts';
import type { LookAtJob } from '../../shared/ports.ts';
import { type AttemptDeps, tryAgain } from './attempts.ts';
import { type CurvesDeps, finishCurves } from './curves.ts';
import { type OutcomeDeps, recordEnd } from './outcome.ts';
import { finishProgress, followProgress } from './progress.ts';
import { reserveFollowed } from './spending.ts';

export interface FollowDeps extends AttemptDeps, CurvesDeps, OutcomeDeps, SettleDeps {
  catchUp: CatchUp;
  /** Hours that a job may be tuning; undefined: as many as it takes. */
  maxTuningHours?: number | undefined;
}

/** A job that Vertex AI does not know is looked for this often, and so far apart, before it counts as lost. */
const MISSING_LOOKS = 4;
const MISSING_LOOK_MS = 300_000;

/** A job that stands in a queue is nowhere yet. */
const NOT_BEGUN: ReadonlySet<JobPhase> = new Set(['queued', 'pending']);

/** Between two ticks, as Cloud Scheduler is asked for them. */
const TICK_MS = 60_000;

/**
 * Looks at the job of one of these runs, and records what it says; no look waits for another. How far a running job is takes calls of
 * its own, so that is looked at for some of them in a tick, in turn: of those that are known to run, and of those that may have begun.
 */
export function followingOf(deps: FollowDeps, followed: readonly Run[]): (run: Run) => Promise<void> {
  const tick = Math.round(deps.clock.now().getTime() / (TICK_MS * deps.retryScale));
  const isRunning = ({ status }: Run) => status.state === 'RUNNING';
  const [running, others] = [followed.filter(isRunning), followed.filter((run) => !isRunning(run))];
  const turns = new Set([...inTurn(running, tick), ...inTurn(others, tick)].map(({ runId }) => runId));
  const names = followed.flatMap(({ status }) => status.job?.name ?? []);
  let looking: Promise<LookAtJob> | undefined;
  return async (run) => {
    looking ??= deps.backend.observe(names);
    await followOne(deps, run, { look: await looking, isTurn: turns.has(run.runId) });
  };
}

async function followOne(
  deps: FollowDeps,
  run: Run,
  { look, isTurn }: { look: LookAtJob; isTurn: boolean },
): Promise<void> {
  const { record, backend } = deps;
  const job = await look(run.status.job?.name ?? '').catch(asTuneError);
  if (job instanceof TuneError) return notSeen(deps, run, job);
  // Of a backup, the run may have another job by now, or its end.
  const isEnd = !job || isJobOver(job);
  if (isEnd && !(await deps.catchUp(run)).isCurrent) return;
  if (!job) {
    await record(run, await settling(deps, run, missed(deps, run)), { follows: run.status.job });
    return;
  }
  if (await tryAgain(deps, run, job)) return;
  if (isJobOver(job)) return followEnd(deps, run, job);
  const event = isTurn && !NOT_BEGUN.has(job.phase) ? await lookedAt(deps, run, job) : seen(run, job);
  const spent = { ...event, spending: await reserveFollowed(deps, run) };
  const { outcome, run: now } = isNews(deps, run, spent)
    ? await record(run, spent, { follows: run.status.job })
    : { outcome: 'unchanged', run };
  if (outcome === 'fenced') return;
  if (now.status.cancelRequested && !isTerminal(now.status.state) && job.phase !== 'cancelling') {
    await backend.cancel(job.name);
  }
}

/** What says nothing that the document did not say when it was listed costs no look at it. */
function isNews({ clock }: FollowDeps, run: Run, event: RunEvent): boolean {
  return transition(run, event, clock.now().toISOString()).outcome !== 'unchanged';
}

/** Who asked for the end of a job does not wait until Vertex AI can say how it is. */
async function notSeen({ record, backend }: FollowDeps, run: Run, error: TuneError): Promise<void> {
  if (!error.retryable) await record(run, jobUnseen(run, error), { follows: run.status.job });
  if (run.status.cancelRequested) await backend.cancel(run.status.job?.name ?? '');
  if (error.retryable) throw error;
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

import { later } from '../../shared/core/errors/backoff.ts';
import {
  decideAdmission,
  isSameLimit,
  type LearntLimit,
  type Moved,
} from '../../shared/core/run/admission.ts';
import { submitted } from '../../shared/core/run/job-events.ts';
import { JOB_KINDS, type JobKind } from '../../shared/core/run/job-kinds.ts';
import { isOfKind, WAITS_FOR_QUOTA } from '../../shared/core/run/queue.ts';
import { admitted, movedInQueue, waitedTooLong } from '../../shared/core/run/queue-events.ts';
import { spendingRequestOf } from '../../shared/core/run/reservation.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { topFolderOf } from '../../shared/core/run/spending.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import { type ExpectedDurationDeps, withExpectedDurations } from '../../shared/flows/expected-duration.ts';
import type { SettleDeps } from '../../shared/flows/settle.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type { RunStore, TuningBackend } from '../../shared/ports.ts';
import { type BudgetDeps, hold, holdAlone, holdForDay, readLine } from './budgets.ts';

export interface AdmitDeps extends BudgetDeps, SettleDeps, ExpectedDurationDeps {
  catchUp: CatchUp;
  runs: Pick<RunStore, 'takeAdmissionTurn'>;
  backend: TuningBackend;
  wake: Wake;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  /** Jobs of each kind that may be active at once; where there is none: as many as Vertex AI takes. */
  maxActiveJobs: Partial<Record<JobKind, number | undefined>>;
}

/** How long the submit function is given before it is asked again. */
const ASK_AGAIN_MS = 60_000;

/** Lets runs out of the queues, oldest first, as far as there is room for their jobs. Where nobody waits, two reads are all. */
export async function admitRuns(deps: AdmitDeps, followed: Run[]): Promise<void> {
  const [isAnyWaiting, limits] = await Promise.all([deps.queues.isAnyWaiting(), deps.queues.learnt()]);
  const isHeldUp = followed.some(({ status }) => status.reason === WAITS_FOR_QUOTA);
  if (!isAnyWaiting && !isHeldUp && limits.length === 0) return;
  const seen = await decide(deps, limits);
  // Whoever lets runs out looks once more in a turn of its own: a tick that was frozen over its choice then lets nobody out.
  const isAnyAdmitted = seen.some(({ decided }) => decided.admitted.length > 0);
  const turn = isAnyAdmitted ? await deps.runs.takeAdmissionTurn() : undefined;
  const decisions = turn === undefined ? seen : await decide(deps, limits, { isFresh: true });
  for (const { kind, learnt, decided, held, heldForDay } of decisions) {
    await keep(deps, kind, { learnt, now: decided.learnt });
    await admitInOrder(deps, decided.admitted, turn);
    for (const moved of decided.moved) await alone(deps, moved.run, () => move(deps, moved));
    for (const one of held) await alone(deps, one.run, () => hold(deps, one, one.spentUsd));
    for (const one of heldForDay) await alone(deps, one.run, () => holdForDay(deps, one));
  }
}

/**
 * What each queue and what is active say of who may go. `isFresh`: by what is known now of how long jobs take; elsewhere by what was,
 * since only a job that ends brings news of that.
 */
async function decide(deps: AdmitDeps, limits: readonly LearntLimit[], { isFresh } = { isFresh: false }) {
  // The queues are read before what is active: a run that another tick lets out in between is then seen as active, never as neither.
  const lines = await Promise.all(JOB_KINDS.map((kind) => readLine(deps, kind)));
  const active = await deps.queues.active();
  const passing = await Promise.all(
    lines.map((line) => (isFresh ? withExpectedDurations(deps, line.passing) : line.passing)),
  );
  const now = deps.clock.now().toISOString();
  return JOB_KINDS.map((kind, index) => {
    const learnt = limits.find((limit) => limit.kind === kind);
    const decided = decideAdmission({
      ...{ kind, learnt, now, scale: deps.retryScale, configured: deps.maxActiveJobs[kind] },
      line: passing[index] ?? [],
      active: active.filter((run) => isOfKind(run, kind)),
    });
    const { held = [], heldForDay = [] } = lines[index] ?? {};
    return { kind, learnt, decided, held, heldForDay };
  });
}

/** Known before anybody is let in, so that a tick that dies in between is followed by one that knows it. */
async function keep(
  { queues }: AdmitDeps,
  kind: JobKind,
  { learnt, now }: { learnt: LearntLimit | undefined; now: LearntLimit | undefined },
): Promise<void> {
  if (!isSameLimit(learnt, now)) await queues.saveLearnt(kind, now);
}

/** A run for which its folder has no money or no day left, once those before it have theirs, keeps the later ones of its folder behind it. */
async function admitInOrder(deps: AdmitDeps, runs: readonly Run[], turn: number | undefined): Promise<void> {
  const full = new Set<string>();
  for (const run of runs) {
    const folder = topFolderOf(run);
    if (full.has(folder)) continue;
    await alone(deps, run, async () => {
      if ((await admit(deps, run, turn)) === 'held') full.add(folder);
    });
  }
}

/**
 * First the sums know what the run may cost, then the run is let out: a tick that dies in between is followed by one that finds it in
 * the sums. A run that is cancelled in between gives that back when it is looked at for the last time.
 */
async function admit(
  deps: AdmitDeps,
  run: Run,
  admissionTurn: number | undefined,
): Promise<'held' | 'let out'> {
  const { record, wake, catchUp, spending, budget, clock, retryScale } = deps;
  // One of a backup may have left the queue long ago.
  if (!(await catchUp(run)).isCurrent) return 'let out';
  const now = clock.now().toISOString();
  const reserved = await spending.reserve({ ...spendingRequestOf(run, now), budget });
  if (reserved.outcome === 'held') {
    await holdAlone(deps, run, reserved.spentUsd);
    return 'held';
  }
  if (reserved.outcome === 'released') return 'let out';
  const event = admitted(later(now, ASK_AGAIN_MS * retryScale), {
    spending: { month: reserved.month, isSettled: false },
    expectedDuration: run.status.expectedDuration,
    cost: run.status.cost,
  });
  const { revision } = run.work;
  await record(run, event, { revision, admissionTurn, wakeNext: (after) => wake('submit', after) });
  return 'let out';
}

async function move({ record, maximumWaitMs }: AdmitDeps, { run, place, turn }: Moved): Promise<void> {
  const event = movedInQueue(run, { place, turn, maximumWaitMs });
  if (event) await record(run, event, { revision: run.work.revision });
}

/** Nobody made this run's job in time. One that a function made and never noted is followed, so that none is left alone. */
export async function endWait({ record, backend, clock, maximumWaitMs }: AdmitDeps, run: Run): Promise<void> {
  const made = run.spec.plan && (await backend.find(run.spec.plan, 1));
  const event = made ? submitted(made, 1, clock.now().toISOString()) : waitedTooLong(run, { maximumWaitMs });
  await record(run, event, { revision: run.work.revision });
}

/** What one run meets keeps no other waiting, and itself only until the next tick. */
async function alone({ logger }: AdmitDeps, run: Run, work: () => Promise<void>): Promise<void> {
  await work().catch((thrown) =>
    logger.thrown('a run stays in its queue until the next tick', thrown, { runId: run.runId }),
  );
}

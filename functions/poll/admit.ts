import { later } from '../../shared/core/errors/backoff.ts';
import { decideAdmission, isSameLimit, type LearntLimit } from '../../shared/core/run/admission.ts';
import { submitted } from '../../shared/core/run/job-events.ts';
import { JOB_KINDS, type JobKind } from '../../shared/core/run/job-kinds.ts';
import { kindOfActive, WAITS_FOR_QUOTA } from '../../shared/core/run/queue.ts';
import { admitted, movedInQueue, waitedTooLong } from '../../shared/core/run/queue-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type { Clock, JobQueues, Logger, TuningBackend } from '../../shared/ports.ts';

export interface AdmitDeps {
  queues: JobQueues;
  record: RecordEvent;
  catchUp: CatchUp;
  backend: TuningBackend;
  wake: Wake;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  /** Jobs of each kind that may be active at once; where there is none: as many as Vertex AI takes. */
  maxActiveJobs: Partial<Record<JobKind, number | undefined>>;
  maximumWaitMs: number;
}

/** Runs of a queue that are looked at in a tick. More jobs than these never become free within a minute. */
const PAGE = 100;
/** How long the submit function is given before it is asked again. */
const ASK_AGAIN_MS = 60_000;

/** Lets runs out of the queues, oldest first, as far as there is room for their jobs. Where nobody waits, two reads are all. */
export async function admitRuns(deps: AdmitDeps, followed: Run[]): Promise<void> {
  const [isAnyWaiting, limits] = await Promise.all([deps.queues.isAnyWaiting(), deps.queues.learnt()]);
  const isHeldUp = followed.some(({ status }) => status.reason === WAITS_FOR_QUOTA);
  if (!isAnyWaiting && !isHeldUp && limits.length === 0) return;
  // The queues are read before what is active: a run that another tick lets out in between is then seen as active, never as neither.
  const lines = await Promise.all(JOB_KINDS.map((kind) => deps.queues.first(kind, PAGE)));
  const active = await deps.queues.active();
  for (const [index, kind] of JOB_KINDS.entries()) {
    const learnt = limits.find((limit) => limit.kind === kind);
    const now = deps.clock.now().toISOString();
    const decided = decideAdmission({
      ...{ kind, learnt, now, scale: deps.retryScale, configured: deps.maxActiveJobs[kind] },
      line: lines[index] ?? [],
      active: active.filter((run) => kindOfActive(run) === kind),
    });
    await keep(deps, kind, { learnt, now: decided.learnt });
    for (const run of decided.admitted) await alone(deps, run, () => admit(deps, run));
    for (const { run, place } of decided.moved) await alone(deps, run, () => move(deps, run, place));
  }
}

/** Known before anybody is let in, so that a tick that dies in between is followed by one that knows it. */
async function keep(
  { queues }: AdmitDeps,
  kind: JobKind,
  { learnt, now }: { learnt: LearntLimit | undefined; now: LearntLimit | undefined },
): Promise<void> {
  if (!isSameLimit(learnt, now)) await queues.saveLearnt(kind, now);
}

async function admit({ record, wake, catchUp, clock, retryScale }: AdmitDeps, run: Run): Promise<void> {
  // One of a backup may have left the queue long ago.
  if (!(await catchUp(run)).isCurrent) return;
  const askAgainAt = later(clock.now().toISOString(), ASK_AGAIN_MS * retryScale);
  await record(run, admitted(askAgainAt), {
    revision: run.work.revision,
    wakeNext: (after) => wake('submit', after),
  });
}

async function move({ record, maximumWaitMs }: AdmitDeps, run: Run, place: number): Promise<void> {
  const { queue } = run.status;
  if (!queue) return;
  const event = movedInQueue(run, { ...queue, place }, { maximumWaitMs });
  await record(run, event, { revision: run.work.revision });
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

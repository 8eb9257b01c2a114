import { later, nextTryAt } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { WARM_UP_MS } from '../../shared/core/run/attempts.ts';
import {
  cancelledBeforeJob,
  LOOKING_FOR_JOB,
  submitDeferred,
  submitFailed,
  submitSettling,
  submitting,
} from '../../shared/core/run/events.ts';
import { submitted } from '../../shared/core/run/job-events.ts';
import { jobKindOf } from '../../shared/core/run/job-kinds.ts';
import { queueKeyOf } from '../../shared/core/run/queue.ts';
import { refusedForQuota, waitEndsAt, waitedTooLong } from '../../shared/core/run/queue-events.ts';
import { remedyFactsOf } from '../../shared/core/run/remedy-facts.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import { SUBMIT_ACCOUNT } from '../../shared/core/tuning/causes.ts';
import { type Plan, trainingRegion } from '../../shared/core/tuning/plan.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import { stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import type {
  Clock,
  CreateOutcome,
  JobQueues,
  Logger,
  ProjectWarmUp,
  RunStore,
  TuningBackend,
} from '../../shared/ports.ts';

export interface SubmitDeps {
  runs: RunStore;
  record: RecordEvent;
  postpone: Postpone;
  catchUp: CatchUp;
  outbox: Outbox;
  backend: TuningBackend;
  clock: Clock;
  logger: Logger;
  /** Multiplies every back-off; 1 in production. */
  retryScale: number;
  queues: JobQueues;
  /** How long a run may wait, from its upload on, for its turn or for quota. */
  maximumWaitMs: number;
  /** Where the deployment wants it. */
  warmUp?: ProjectWarmUp | undefined;
}

/** This function makes the first job of a run; another attempt is made by poll. */
const FIRST = 1;
/** Longer than any submit call lives, so that a claim never ends under a working function. */
const LEASE_MS = 600_000;
/**
 * How long after a try without an answer a job is looked for, where Vertex AI chooses its id. Five times the deadline of a call:
 * no page says how soon a new job is listed.
 */
const SETTLE_MS = 300_000;

/**
 * Creates the job of a validated run, exactly once, whatever is delivered twice, late or after a crash.
 * `eventId` names the event that asks; it comes again with the same id when the function died over it.
 */
export function createSubmitHandler(deps: SubmitDeps): (runId: string, eventId: string) => Promise<void> {
  return async (runId, eventId) => {
    const found = await deps.runs.get(runId);
    if (!found) return deps.logger.warn('a message names a run that does not exist', { runId });
    if (isTerminal(found.status.state)) return stopLateJob(deps, found);
    if (found.status.state !== 'VALIDATED' && found.status.state !== 'SUBMITTING') return;
    if (found.work.nextAction !== 'submit') return;
    const [run, caughtUp] = await Promise.all([
      deps.outbox.publish(found),
      deps.catchUp(found).catch(asTuneError),
    ]);
    if (caughtUp instanceof TuneError) return orPostpone(deps, run, () => Promise.reject(caughtUp));
    // Of a backup: what it needs next is in its document now.
    if (!caughtUp.isCurrent) return;
    if (run.status.cancelRequested) return orPostpone(deps, run, () => cancelBeforeCreate(deps, run));
    if (isTooSoon(run, deps.clock.now().toISOString())) return;
    const ours = await takeOver(deps, run, eventId);
    if (ours) await createJob(deps, ours);
  };
}

/**
 * A message that comes after the end may be of a function that was so slow that it made the job too late, and could not say so. Where
 * Vertex AI chooses the id, `poll` finds that job in its list.
 */
async function stopLateJob(deps: SubmitDeps, run: Run): Promise<void> {
  const { plan } = run.spec;
  if (!plan || run.status.job || !deps.backend.createIsIdempotent(plan)) return;
  const job = await deps.backend.find(plan, FIRST);
  if (job) await stopOtherJobs(deps, run, [job]);
}

/** A message that comes again while a job is given the time to be listed; once `poll` has asked, that time is over. */
function isTooSoon({ status, work }: Run, now: string): boolean {
  return status.reason === LOOKING_FOR_JOB && work.requests === 0 && (work.nextActionAt ?? now) > now;
}

/** Somebody said that the job was being created, and not what came of it. */
function mayHaveCreated({ status, work }: Run): boolean {
  return status.state === 'SUBMITTING' && work.owner !== null;
}

function planOf({ spec: { plan } }: Run): Plan {
  if (!plan) throw new TuneError('defect', 'the run is validated and has no plan', { reason: 'NoPlan' });
  return plan;
}

/** A run that is ours to submit. */
interface Taken {
  run: Run;
  /** Somebody may have made its job just now and said nothing of it. */
  isUnresolved: boolean;
  /** Somebody has tried before, as far as is known. */
  isTried: boolean;
}

/** Where creating twice makes one job, nobody has to wait for anybody; elsewhere the run is claimed first. */
async function takeOver(deps: SubmitDeps, run: Run, eventId: string): Promise<Taken | undefined> {
  const { runs, record, backend, clock } = deps;
  const now = clock.now().toISOString();
  const { plan } = run.spec;
  if (!plan || backend.createIsIdempotent(plan)) return { run, isUnresolved: false, isTried: false };
  const claim = await runs.claim(run.runId, { owner: eventId, leaseMs: LEASE_MS, action: 'submit', now });
  if (claim?.outcome !== 'claimed') return undefined;
  const { epoch, leaseUntil } = claim.run.work;
  const noted = await record(claim.run, submitting(leaseUntil ?? now), { epoch });
  // Fenced, or at its end meanwhile: a cancel raises no epoch.
  if (noted.outcome === 'fenced' || noted.run.status.state !== 'SUBMITTING') return undefined;
  const { before } = claim;
  const isTried = before.status.state === 'SUBMITTING' || before.status.restoredTime !== undefined;
  return { run: noted.run, isUnresolved: mayHaveCreated(before), isTried };
}

async function createJob(deps: SubmitDeps, { run, isUnresolved, isTried }: Taken): Promise<void> {
  const { backend, record, postpone, clock, logger } = deps;
  const { epoch } = run.work;
  try {
    const plan = planOf(run);
    const isLookedFor = !backend.createIsIdempotent(plan);
    const [found, ...others] = isLookedFor ? await backend.findAll(plan, { isThorough: isTried }) : [];
    if (isLookedFor && !found && isUnresolved) return await settle(deps, run);
    const made = found ? { job: found, outcome: 'adopted' } : await createOrQueue(deps, run, plan);
    if (!made) return;
    const { job, outcome } = made;
    logger.info('the job exists', { runId: run.runId, job: job.name, outcome });
    const event = submitted(job, FIRST, clock.now().toISOString());
    const held = await heldNow(deps, run);
    const note = () => record(held, event, { epoch: held.work.epoch });
    // Once more, since no message may come again: another function may have acknowledged it, and the run may have ended.
    const result = await note().catch(note);
    if (isHeldByOther(result.run)) return;
    await stopOtherJobs(deps, result.run, [job, ...others]);
  } catch (thrown) {
    const error = asTuneError(thrown);
    if (error.retry === 'slowly') return postpone(run, error, { epoch });
    if (error.kind === 'ambiguous' && isUnlisted(deps, run)) return settle(deps, run);
    const wait = await waitAfter(deps, run, error);
    if (wait) await record(run, wait, { epoch });
    else await orPostpone(deps, run, () => endWithoutJob(deps, run, error));
  }
}

/**
 * The run that a job is noted in. Who was slower than its lease may find a document that somebody put back from a time at which the run was
 * held so: it is brought forward first, and taken anew. Where it has another job then, no late answer takes that one's place.
 */
async function heldNow({ runs, catchUp, clock, logger }: SubmitDeps, run: Run): Promise<Run> {
  const { epoch, owner, leaseUntil } = run.work;
  const now = clock.now().toISOString();
  if (owner === null || leaseUntil === null || now < leaseUntil) return run;
  try {
    const found = await runs.get(run.runId);
    if (found?.work.epoch !== epoch || (await catchUp(found)).isCurrent) return run;
    const claim = await runs.claim(run.runId, { owner, leaseMs: LEASE_MS, action: 'submit', now });
    return claim?.outcome === 'claimed' ? claim.run : run;
  } catch (thrown) {
    logger.thrown('it could not be looked whether a document is of a backup', thrown, { runId: run.runId });
    return run;
  }
}

/** Where Vertex AI takes no more jobs of this kind now, the run goes into the queue: whose turn it is next, the poll function says. */
async function createOrQueue(deps: SubmitDeps, run: Run, plan: Plan): Promise<CreateOutcome | undefined> {
  const { backend, queues, record, clock, maximumWaitMs } = deps;
  try {
    return await backend.create(plan, FIRST);
  } catch (thrown) {
    const error = asTuneError(thrown);
    if (error.kind !== 'throttled') throw thrown;
    const kind = jobKindOf(plan);
    const place = await queues.placeOf(kind, queueKeyOf(kind, run));
    const now = clock.now().toISOString();
    const event = refusedForQuota(run, error, { kind, place, now, maximumWaitMs });
    await record(run, event, { epoch: run.work.epoch });
    return undefined;
  }
}

/** Whether a job without an answer can only be looked for. */
function isUnlisted({ backend }: SubmitDeps, { spec: { plan } }: Run): boolean {
  return plan !== undefined && !backend.createIsIdempotent(plan);
}

async function settle(deps: SubmitDeps, run: Run): Promise<void> {
  const { record, clock, retryScale, maximumWaitMs } = deps;
  const now = clock.now().toISOString();
  const isOver = now >= waitEndsAt(run, { maximumWaitMs });
  const event = isOver
    ? waitedTooLong(run, { maximumWaitMs })
    : submitSettling(later(now, SETTLE_MS * retryScale));
  await record(run, event, { epoch: run.work.epoch });
}

/** Whoever holds the run now looks for its jobs, and takes one of them. */
function isHeldByOther({ status }: Run): boolean {
  return status.job === undefined && !isTerminal(status.state);
}

/** The run waits in its document, where people see why and until when; not in a queue that counts its tries. */
async function waitAfter(deps: SubmitDeps, run: Run, error: TuneError): Promise<RunEvent | undefined> {
  const { clock, retryScale: scale, maximumWaitMs } = deps;
  const warm = await whenWarm(deps, run, error);
  const now = clock.now().toISOString();
  const { attempts, waitingSince } = run.work;
  const endsAt = waitEndsAt(run, { maximumWaitMs });
  const at = nextTryAt(error.kind, { attempts, since: waitingSince ?? now, now, scale, endsAt });
  return at ? submitDeferred(error, warm && warm > at ? warm : at) : undefined;
}

/** Somebody before may have made a job and died, or its answer was lost: that job is followed, and no run ends beside it. */
async function endWithoutJob(
  { backend, record, clock }: SubmitDeps,
  run: Run,
  error: TuneError,
): Promise<void> {
  const { epoch } = run.work;
  const made = await backend.find(planOf(run), FIRST);
  const event = made
    ? submitted(made, FIRST, clock.now().toISOString())
    : submitFailed(error, { ...remedyFactsOf(run, error.message), caller: SUBMIT_ACCOUNT });
  await record(run, event, { epoch });
}

/** A run whose job may live ends by no error: what passes soon is asked again by Pub/Sub, anything else is waited for. */
async function orPostpone({ postpone }: SubmitDeps, run: Run, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    await postpone(run, thrown, { epoch: run.work.epoch });
  }
}

/** When the guide's way out of an internal error may have helped; undefined where it is not wanted or did not work. */
async function whenWarm(
  { warmUp, logger, retryScale }: SubmitDeps,
  run: Run,
  error: TuneError,
): Promise<string | undefined> {
  const { plan } = run.spec;
  if (error.reason !== 'InternalError' || !warmUp || !plan) return undefined;
  try {
    return later(await warmUp.ensure(trainingRegion(plan)), WARM_UP_MS * retryScale);
  } catch (thrown) {
    logger.thrown('the project could not be warmed up', thrown, { runId: run.runId });
    return undefined;
  }
}

/** A function that was asked to submit may still be at it: take what it made, or look once more when it can no longer live. */
async function cancelBeforeCreate(deps: SubmitDeps, run: Run): Promise<void> {
  const { backend, record, clock } = deps;
  const now = clock.now().toISOString();
  const { revision } = run.work;
  const made = run.spec.plan && (await backend.find(run.spec.plan, FIRST));
  if (made) await record(run, submitted(made, FIRST, now), { revision });
  else
    await record(
      run,
      cancelledBeforeJob({ verifyAt: later(now, LEASE_MS), isSure: run.status.state !== 'SUBMITTING' }),
      {
        revision,
      },
    );
}

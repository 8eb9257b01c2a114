import { later, nextTryAt } from '../../shared/core/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors.ts';
import { buildPipelineJobRequest, type JobRequest } from '../../shared/core/requests/pipeline-job.ts';
import { isTerminal, type Run } from '../../shared/core/run.ts';
import {
  cancelledBeforeJob,
  submitDeferred,
  submitFailed,
  submitted,
  submitting,
} from '../../shared/core/run-events.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, Logger, RunStore, TuningBackend } from '../../shared/ports.ts';

export interface SubmitDeps {
  runs: RunStore;
  record: RecordEvent;
  backend: TuningBackend;
  clock: Clock;
  logger: Logger;
  /** Multiplies every back-off; 1 in production. */
  retryScale: number;
}

/** Longer than any submit call lives, so that a claim never ends under a working function. */
const LEASE_MS = 600_000;

/**
 * Creates the job of a validated run, exactly once, whatever is delivered twice, late or after a crash.
 * `eventId` names the event that asks; it comes again with the same id when the function died over it.
 */
export function createSubmitHandler(deps: SubmitDeps): (runId: string, eventId: string) => Promise<void> {
  return async (runId, eventId) => {
    const run = await deps.runs.get(runId);
    if (!run) return deps.logger.warn('a message names a run that does not exist', { runId });
    if (run.status.state !== 'VALIDATED' && run.status.state !== 'SUBMITTING') return;
    if (run.work.nextAction !== 'submit') return;

    const request = requestOf(run);
    if (run.status.cancelRequested) return cancelBeforeCreate(deps, run, request);
    const ours = await takeOver(deps, run, eventId);
    if (ours) await createJob(deps, ours, request);
  };
}

function requestOf(run: Run): JobRequest {
  const { plan } = run.spec;
  if (!plan)
    throw new TuneError('permanent', `run ${run.runId} is validated and has no plan`, { reason: 'NoPlan' });
  return buildPipelineJobRequest(plan);
}

/** Where creating twice makes one job, nobody has to wait for anybody; elsewhere the run is claimed first. */
async function takeOver(deps: SubmitDeps, run: Run, eventId: string): Promise<Run | undefined> {
  const { runs, record, backend, clock } = deps;
  if (backend.createIsIdempotent) return run;
  const now = clock.now().toISOString();
  const claim = await runs.claim(run.runId, { owner: eventId, leaseMs: LEASE_MS, action: 'submit', now });
  if (claim?.outcome !== 'claimed') return undefined;
  const { epoch, leaseUntil } = claim.run.work;
  const noted = await record(claim.run, submitting(leaseUntil ?? claim.run.status.updateTime), { epoch });
  return noted.outcome === 'fenced' || noted.outcome === 'illegal' ? undefined : noted.run;
}

async function createJob(deps: SubmitDeps, run: Run, request: JobRequest): Promise<void> {
  const { backend, record, clock, logger } = deps;
  const { epoch } = run.work;
  try {
    const found = backend.createIsIdempotent ? undefined : await backend.find(request);
    const { job, outcome } = found ? { job: found, outcome: 'adopted' } : await backend.create(request);
    logger.info('the job exists', { runId: run.runId, job: job.name, outcome });
    const result = await record(run, submitted(job, 1, clock.now().toISOString()), { epoch });
    if (isTerminal(result.run.status.state) && !result.run.status.job) await backend.cancel(job.name);
  } catch (thrown) {
    await record(run, afterFailure(deps, run, thrown), { epoch });
  }
}

/** The run waits in its document, where people see why and until when; not in a queue that counts its tries. */
function afterFailure({ clock, retryScale }: SubmitDeps, run: Run, thrown: unknown) {
  const error = asTuneError(thrown);
  const now = clock.now().toISOString();
  const { attempts, waitingSince } = run.work;
  const at = nextTryAt(error.kind, { attempts, since: waitingSince ?? now, now, scale: retryScale });
  return at ? submitDeferred(error, at) : submitFailed(error);
}

/** A function that was asked to submit may still be at it: take what it made, or look once more when it can no longer live. */
async function cancelBeforeCreate(deps: SubmitDeps, run: Run, request: JobRequest): Promise<void> {
  const { backend, record, clock } = deps;
  const now = clock.now().toISOString();
  const made = await backend.find(request);
  const { revision } = run.work;
  if (made) await record(run, submitted(made, 1, now), { revision });
  else await record(run, cancelledBeforeJob(later(now, LEASE_MS)), { revision });
}

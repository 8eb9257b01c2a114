import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { byAge, isActive, isQueued } from '../../shared/core/run/concurrency.ts';
import { askedAgain, deadLettered } from '../../shared/core/run/events.ts';
import {
  cancelFoundJob,
  cancelVerified,
  jobLost,
  jobMissing,
  jobObserved,
  jobUnseen,
} from '../../shared/core/run/job-events.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import { isTerminal, PUBLISH, type Run } from '../../shared/core/run/run.ts';
import { isJobOver, type JobObservation } from '../../shared/core/tuning/job.ts';
import { buildPipelineJobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type {
  Clock,
  Logger,
  MetricsReader,
  ModelRegistry,
  ProjectWarmUp,
  Publisher,
  RunStore,
  TuningBackend,
} from '../../shared/ports.ts';
import { tryAgain } from './attempts.ts';
import { type Curves, followCurves, growsCurves } from './curves.ts';
import { outcomeOf } from './outcome.ts';

export interface PollDeps {
  runs: RunStore;
  record: RecordEvent;
  outbox: Outbox;
  publisher: Publisher;
  backend: TuningBackend;
  metrics: MetricsReader;
  models: ModelRegistry;
  /** Jobs that may be active at once in this deployment; 0: as many as Vertex AI takes. */
  maxActiveJobs: number;
  /** Where the deployment wants it. */
  warmUp?: ProjectWarmUp | undefined;
  /** In place of Google's hosts: the embedded cloud. */
  vertexEndpoint?: string | undefined;
  clock: Clock;
  logger: Logger;
  /** Multiplies every back-off; 1 in production. */
  retryScale: number;
}

/** Runs read at once; every due run is looked at in every tick. */
const PAGE_SIZE = 500;
/** How long a request is given before it is sent once more. */
const ASK_AGAIN_MS = 120_000;
/** Requests that came to nothing before a run is given up. */
const MAXIMUM_REQUESTS = 30;
/** A job that Vertex AI does not know is looked for this often, and so far apart, before it counts as lost. */
const MISSING_LOOKS = 4;
const MISSING_LOOK_MS = 300_000;

/** One tick: asks again for what was not done, follows every job, and touches nothing where nothing is due. */
export function createPollHandler(deps: PollDeps): () => Promise<void> {
  return async () => {
    const due = await Promise.all((await allDue(deps)).map(deps.outbox.publishAndNote));
    if (due.length === 0) return;
    const observed = due.filter((run) => run.work.nextAction === 'observe');
    const asked = withinLimit(
      due.filter(({ work }) => work.nextAction !== 'observe' && work.nextAction !== PUBLISH),
      deps.maxActiveJobs > 0 ? deps.maxActiveJobs - due.filter(isActive).length : Number.POSITIVE_INFINITY,
    );
    const results = await Promise.allSettled([
      ...asked.map((run) => askAgain(deps, run)),
      ...observed.filter((run) => isTerminal(run.status.state)).map((run) => verifyCancelled(deps, run)),
      follow(
        deps,
        observed.filter((run) => run.status.job && !isTerminal(run.status.state)),
      ),
    ]);
    for (const result of results) if (result.status === 'rejected') report(deps, result.reason);
  };
}

async function allDue({ runs, clock }: PollDeps): Promise<Run[]> {
  const now = clock.now().toISOString();
  const due: Run[] = [];
  for (
    let page = await runs.listDue(now, PAGE_SIZE);
    ;
    page = await runs.listDue(now, PAGE_SIZE, due.at(-1))
  ) {
    due.push(...page);
    if (page.length < PAGE_SIZE) return due;
  }
}

/** Without those that the limit still keeps waiting: they cost nothing until a job ends. */
function withinLimit(asked: Run[], free: number): Run[] {
  const waiting = asked.filter(isQueued).sort(byAge);
  const left = new Set(waiting.slice(Math.max(0, free)));
  return asked.filter((run) => !left.has(run));
}

/** The run document is the outbox: a message that was lost, or never sent, is sent again from here. */
async function askAgain({ record, publisher, clock, retryScale }: PollDeps, run: Run): Promise<void> {
  const { nextAction, requests, revision } = run.work;
  if (nextAction !== 'validate' && nextAction !== 'submit') return;
  if (requests >= MAXIMUM_REQUESTS) {
    await record(run, deadLettered(run), { revision });
    return;
  }
  const again = later(clock.now().toISOString(), ASK_AGAIN_MS * retryScale);
  const { outcome } = await record(run, askedAgain(run, again), { revision });
  if (outcome === 'changed') await publisher.publish(TOPIC_OF_ACTION[nextAction], { runId: run.runId });
}

/** Curves of a running job take four calls, so one job of all has its turn in a tick; which one, the clock's milliseconds say. */
async function follow(deps: PollDeps, followed: Run[]): Promise<void> {
  if (followed.length === 0) return;
  const jobs = await deps.backend.observe(followed.flatMap((run) => run.status.job?.name ?? []));
  const jobOf = (run: Run) => jobs.get(run.status.job?.name ?? '');
  const growing = followed.filter((run) => {
    const job = jobOf(run);
    return job !== undefined && !(job instanceof TuneError) && growsCurves(run, job);
  });
  const turn = growing[deps.clock.now().getTime() % growing.length];
  const results = await Promise.allSettled(
    followed.map((run) => followOne(deps, run, { job: jobOf(run), isTurn: run === turn })),
  );
  for (const result of results) if (result.status === 'rejected') report(deps, result.reason);
}

async function followOne(
  deps: PollDeps,
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
  const curves = await followCurves(deps, run, { job, isTurn });
  if (curves === 'wait') return;
  if (isJobOver(job)) return end(deps, run, { job, curves });
  const { run: now } = await record(run, jobObserved(run, job, { measured: curves?.measured }));
  if (now.status.cancelRequested && !isTerminal(now.status.state) && job.phase !== 'cancelling') {
    await backend.cancel(job.name);
  }
}

async function end(
  deps: PollDeps,
  run: Run,
  ended: { job: JobObservation; curves: Curves | undefined },
): Promise<void> {
  const { outcome, model } = await outcomeOf(deps, run, ended);
  await deps.record(run, jobObserved(run, ended.job, { outcome }), model ? { model } : {});
}

/** After a cancel without a job: a function that was slow may have made one since; then it is stopped, and followed. */
async function verifyCancelled({ record, backend }: PollDeps, run: Run): Promise<void> {
  const made = run.spec.plan ? await backend.find(buildPipelineJobRequest(run.spec.plan)) : undefined;
  if (!made || isJobOver(made)) {
    await record(run, cancelVerified(made));
    return;
  }
  await record(run, cancelFoundJob(run, made));
  if (made.phase !== 'cancelling') await backend.cancel(made.name);
}

function report({ logger }: PollDeps, thrown: unknown): void {
  const error = asTuneError(thrown);
  logger.warn('part of this tick failed; the next one does it', {
    reason: error.reason,
    error: error.message,
  });
}

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
  submitted,
} from '../../shared/core/run/job-events.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import { PUBLISH, type Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { isJobOver, type JobObservation } from '../../shared/core/tuning/job.ts';
import { buildPipelineJobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
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
  postpone: Postpone;
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

/** How long a request is given before it is sent once more. */
const ASK_AGAIN_MS = 120_000;
/** Requests without an answer before a run is given up: those of a day, since a bad deployment may last for hours. */
const MAXIMUM_REQUESTS = 720;
/** A job that Vertex AI does not know is looked for this often, and so far apart, before it counts as lost. */
const MISSING_LOOKS = 4;
const MISSING_LOOK_MS = 300_000;

/** One tick over every run that is due: asks again for what was not done, follows every job, and touches nothing where nothing is due. */
export function createPollHandler(deps: PollDeps): () => Promise<void> {
  return async () => {
    const listed = await deps.runs.listDue(deps.clock.now().toISOString());
    const due = await Promise.all(listed.map(deps.outbox.publishAndNote));
    if (due.length === 0) return;
    const observed = due.filter((run) => run.work.nextAction === 'observe');
    const asked = withinLimit(
      due.filter(({ work }) => work.nextAction !== 'observe' && work.nextAction !== PUBLISH),
      deps.maxActiveJobs > 0 ? deps.maxActiveJobs - due.filter(isActive).length : Number.POSITIVE_INFINITY,
    );
    await Promise.all([
      ...asked.map((run) => alone(deps, run, () => askAgain(deps, run))),
      ...observed
        .filter((run) => isTerminal(run.status.state))
        .map((run) => alone(deps, run, () => verifyCancelled(deps, run))),
      follow(
        deps,
        observed.filter((run) => run.status.job && !isTerminal(run.status.state)),
      ),
    ]);
  };
}

/** What one run meets keeps no other from being done. What does not pass by the next tick is written into its document. */
async function alone({ postpone, logger }: PollDeps, run: Run, work: () => Promise<void>): Promise<void> {
  const report = (thrown: unknown) =>
    logger.thrown('part of this tick failed; the next one does it', thrown, { runId: run.runId });
  try {
    await work();
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') return report(thrown);
    await postpone(run, thrown).catch(report);
  }
}

/** Without those that the limit still keeps waiting: they cost nothing until a job ends. */
function withinLimit(asked: Run[], free: number): Run[] {
  const waiting = asked.filter(isQueued).sort(byAge);
  const left = new Set(waiting.slice(Math.max(0, free)));
  return asked.filter((run) => !left.has(run));
}

/** The run document is the outbox: a message that was lost, or never sent, is sent again from here. */
async function askAgain(deps: PollDeps, run: Run): Promise<void> {
  const { record, publisher, clock, retryScale } = deps;
  const { nextAction, requests, revision } = run.work;
  if (nextAction !== 'validate' && nextAction !== 'submit') return;
  if (requests >= MAXIMUM_REQUESTS) return giveUp(deps, run);
  const again = later(clock.now().toISOString(), ASK_AGAIN_MS * retryScale);
  const { outcome } = await record(run, askedAgain(run, again), { revision });
  if (outcome === 'changed') await publisher.publish(TOPIC_OF_ACTION[nextAction], { runId: run.runId });
}

/** Nobody answers for this run. A job that was made and never noted is followed, so that none is left alone. */
async function giveUp({ record, backend, clock }: PollDeps, run: Run): Promise<void> {
  const { revision, nextAction } = run.work;
  const { plan } = run.spec;
  const made =
    plan && nextAction === 'submit' ? await backend.find(buildPipelineJobRequest(plan)) : undefined;
  const event = made ? submitted(made, 1, clock.now().toISOString()) : deadLettered(run);
  await record(run, event, { revision });
}

/** Curves of a running job take four calls, so one job of all has its turn in a tick; which one, the clock's milliseconds say. */
async function follow(deps: PollDeps, followed: Run[]): Promise<void> {
  if (followed.length === 0) return;
  const jobs = await observeAll(deps, followed);
  const jobOf = (run: Run) => jobs.get(run.status.job?.name ?? '');
  const growing = followed.filter((run) => {
    const job = jobOf(run);
    return job !== undefined && !(job instanceof TuneError) && growsCurves(run, job);
  });
  const turn = growing[deps.clock.now().getTime() % growing.length];
  await Promise.all(
    followed.map((run) =>
      alone(deps, run, () => followOne(deps, run, { job: jobOf(run), isTurn: run === turn })),
    ),
  );
}

/** Where nothing could be looked at, every run has met the same. */
async function observeAll({ backend }: PollDeps, followed: Run[]) {
  const names = followed.flatMap((run) => run.status.job?.name ?? []);
  try {
    return await backend.observe(names);
  } catch (thrown) {
    const error = asTuneError(thrown);
    return new Map(names.map((name) => [name, error]));
  }
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

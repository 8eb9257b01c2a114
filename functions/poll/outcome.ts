import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { OwnPrices } from '../../shared/core/manifest/own-prices.ts';
import { withEvaluation } from '../../shared/core/run/evaluation-events.ts';
import { jobObserved, type Outcome } from '../../shared/core/run/job-events.ts';
import { withEnding } from '../../shared/core/run/model-ending.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { dataReadOf } from '../../shared/core/tuning/data-read.ts';
import { howToCall } from '../../shared/core/tuning/how-to-call.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import {
  type ModelDocument,
  modelDocument,
  type RegisteredModel,
  resultOf,
} from '../../shared/core/tuning/results.ts';
import { costAnew, type DidTake, type RunCost, settledCost } from '../../shared/core/tuning/run-cost.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import { type SettleDeps, settling } from '../../shared/flows/settle.ts';
import { stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type { ModelRegistry, TuningBackend } from '../../shared/ports.ts';
import type { EndCurves } from './curves.ts';
import { type DurationsDeps, keepDuration } from './durations.ts';

export interface OutcomeDeps extends DurationsDeps, SettleDeps {
  record: RecordEvent;
  backend: TuningBackend;
  models: ModelRegistry;
  /** Wakes whoever asks the model that was made. */
  wake: Wake;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  /** What the deployment pays for a million training tokens, by model. */
  prices?: OwnPrices | undefined;
  /** In place of Google's hosts: the embedded cloud. */
  vertexEndpoint?: string | undefined;
}

/** A job that has ended, and what is known of its curves. */
interface EndedJob {
  job: JobObservation;
  curves: EndCurves;
}

/** How long the evaluate function is given before it is asked again. */
const ASK_AGAIN_MS = 60_000;
/** Longer than any tick lives that may be about to make another attempt. */
const VERIFY_MS = 600_000;

/** Records the end of a job: what it left, and the document of the model that it made. */
export async function recordEnd(deps: OutcomeDeps, followed: Run, ended: EndedJob): Promise<void> {
  const run = await withoutOtherJobs(deps, followed);
  const { outcome, model } = await outcomeOf(deps, run, ended);
  await keepDuration(deps, run, { job: ended.job, outcome });
  const now = deps.clock.now().toISOString();
  const observed = jobObserved(run, ended.job, { outcome, verifyAt: later(now, VERIFY_MS) });
  const askAgainAt = later(now, ASK_AGAIN_MS * deps.retryScale);
  const event = await settling(deps, run, withEvaluation(run, observed, askAgainAt));
  await deps.record(run, event, {
    ...{ model, follows: followed.status.job },
    wakeNext: async (after) => {
      if (after.work.nextAction === 'evaluate') await deps.wake('evaluate', after);
    },
  });
}

/**
 * Where creating twice makes two jobs, a function that died may have left a second one: it is stopped before its run ends. A result is not
 * kept from its owner because nobody may look; the jobs that no run wants are looked for again and again anyway.
 */
async function withoutOtherJobs(deps: OutcomeDeps, run: Run): Promise<Run> {
  const { plan } = run.spec;
  if (!plan || deps.backend.createIsIdempotent(plan)) return run;
  try {
    return await stopOtherJobs(deps, run, await deps.backend.findAll(plan, { isThorough: false }));
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    deps.logger.thrown('other jobs of a run could not be looked for', thrown, { runId: run.runId });
    return run;
  }
}

async function outcomeOf(
  deps: OutcomeDeps,
  run: Run,
  { job, curves: { metrics, evaluations } }: EndedJob,
): Promise<{ outcome: Outcome; model?: ModelDocument | undefined }> {
  const { plan } = run.spec;
  const dataRead = dataReadOf(job.dataStats, run.status.datasets?.dataset_uri);
  const isTuned = job.phase === 'succeeded' || job.phase === 'partial';
  if (!isTuned) return { outcome: { metrics, dataRead } };
  const cost =
    plan && costAfter(deps, run, { plan, billableTokens: dataRead?.billableTokens, hours: hoursOf(job) });
  const registered = await readRegistry(deps, run, job);
  const result = resultOf(job, plan, { registered, evaluations, lastStep: metrics.step });
  if (!result) return { outcome: { metrics, dataRead, cost } };
  const registeredModel = modelDocument(result, { runId: run.runId, plan, job, registered });
  const today = deps.clock.now().toISOString().slice(0, 10);
  const model = registeredModel && withEnding(registeredModel, run, today);
  const call =
    plan &&
    howToCall(result, {
      ...plan,
      origin: deps.vertexEndpoint,
      sharedInstruction: run.status.datasets?.dataset_uri?.sharedInstruction,
    });
  return { outcome: { metrics, dataRead, cost, result, howToCall: call }, model };
}

/** Its plan and its data say again what it was expected to cost, where that was not known. */
function costAfter(
  { prices }: OutcomeDeps,
  { status }: Run,
  { plan, ...took }: DidTake & { plan: Plan },
): RunCost {
  const expected = costAnew(status.cost, plan, status.datasets?.dataset_uri, prices);
  return settledCost(expected, plan, took);
}

function hoursOf({ startTime, endTime }: JobObservation): number | undefined {
  const hours = (Date.parse(endTime ?? '') - Date.parse(startTime ?? '')) / 3_600_000;
  return hours > 0 ? hours : undefined;
}

/** The registry knows more than the job, and nothing that a run would have to wait for. */
async function readRegistry(
  { models, logger }: OutcomeDeps,
  run: Run,
  { outputs: { model } }: JobObservation,
): Promise<RegisteredModel | undefined> {
  if (!model) return undefined;
  try {
    return await models.read(model);
  } catch (thrown) {
    logger.thrown('the model could not be read from the registry', thrown, { runId: run.runId });
    return undefined;
  }
}

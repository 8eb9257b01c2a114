import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { findModel } from '../../shared/core/models/models.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import {
  type CurveSource,
  type Evaluation,
  evaluationsOf,
  type MetricSeries,
  type RunMetrics,
  summaryOf,
  thin,
} from '../../shared/core/tuning/metrics.ts';
import { overfittingOf } from '../../shared/core/tuning/overfitting.ts';
import { hasEvaluation, type Plan, plannedTensorboard } from '../../shared/core/tuning/plan.ts';
import type { Measured } from '../../shared/core/tuning/progress.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import type { Clock, Logger, MetricsReader, RunStore } from '../../shared/ports.ts';

export interface CurvesDeps {
  runs: RunStore;
  metrics: MetricsReader;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

type KnownCurves = NonNullable<RunProgress['curves']>;

/** What a look at the curves of a running job brought. `unread`: there are some, and they could not be read. */
export interface LiveCurves {
  measured: Measured | 'unread' | undefined;
  curves: RunProgress['curves'];
}

/** What is known of the curves once the job has ended. */
export interface EndCurves {
  metrics: RunMetrics;
  evaluations: Evaluation[];
  series: readonly MetricSeries[];
}

/** How long a job that has succeeded waits for its curves. The guide: they are there after the job completed. */
const MAXIMUM_WAIT_MS = 120_000;

/**
 * Brings the curves of a running job into the sub-collection `metrics`. Where they are is known from an earlier look, so that
 * this one is one call, and looked up again where that no longer holds.
 */
export async function followCurves(
  deps: CurvesDeps,
  run: Run,
  { job, before }: { job: JobObservation; before: RunProgress | undefined },
): Promise<LiveCurves> {
  const find = finderOf(deps, run, job);
  const kept = before?.curves;
  if (!find) return { measured: undefined, curves: kept };
  const now = deps.clock.now().toISOString();
  const known = kept && now < validUntil(deps, run, kept) ? kept : undefined;
  const { found, problem } = await keepCurves(deps, run, { find, known });
  if (problem) return { measured: 'unread', curves: kept };
  if (!found) return { measured: undefined, curves: kept };
  const { source, measured } = found;
  const isNew = source !== known && source.series.length > 0;
  return { measured, curves: isNew ? { ...source, time: now } : kept };
}

/** Other series may begin later: soon those of an evaluation that was asked for, seldom those of a training that began anew. */
const LOOK_UP_AGAIN_MS = 30 * 60_000;
const LOOK_FOR_EVALUATION_MS = 10 * 60_000;

function validUntil({ retryScale }: CurvesDeps, { spec }: Run, { time, series }: KnownCurves): string {
  const isMissing = hasEvaluation(spec.plan) && !series.some(({ metric }) => metric.startsWith('/eval_'));
  return later(time, (isMissing ? LOOK_FOR_EVALUATION_MS : LOOK_UP_AGAIN_MS) * retryScale);
}

/**
 * Brings the curves of a job that has ended beside its run, and says what the document says of them. `wait`: not there yet, and
 * nothing is written until they are or the time is up; so the run needs no state for it, and whoever sees SUCCEEDED sees all
 * there will be. Missing curves never fail a run.
 */
export async function finishCurves(
  deps: CurvesDeps,
  run: Run,
  job: JobObservation,
): Promise<EndCurves | 'wait'> {
  const find = finderOf(deps, run, job);
  const { gcsMetricsUri } = job;
  if (!find) return without({ absent: whyNone(run.spec.plan), gcsMetricsUri });
  const { found, problem } = await keepCurves(deps, run, { find, known: undefined });
  if (found && found.measured.series.length > 0) {
    const { tensorboard, experiment, matchedBy } = found.source;
    const { series } = found.measured;
    const overfitting = overfittingOf(series, run.spec.plan);
    const metrics = {
      ...{ source: tensorboard, experiment, matchedBy, ...summaryOf(series) },
      ...{ overfitting, gcsMetricsUri },
    };
    return { metrics, evaluations: evaluationsOf(series), series };
  }
  if (isWorthWaiting(deps, job)) return 'wait';
  const source = plannedTensorboard(run.spec.plan);
  return without({
    ...{ source, gcsMetricsUri },
    absent: problem ?? `${source ?? job.experiment} has no metrics of this job.`,
  });
}

type Finder = () => Promise<CurveSource | undefined>;

/** A job of `tuningJobs` names its experiment, and that the TensorBoard; a pipeline was given a TensorBoard. Undefined: there are none. */
function finderOf({ metrics }: CurvesDeps, { spec }: Run, job: JobObservation): Finder | undefined {
  if (spec.plan?.backend === 'tuningJobs') {
    const { experiment } = job;
    return experiment === undefined ? undefined : () => metrics.findExperiment(experiment);
  }
  const tensorboard = plannedTensorboard(spec.plan);
  return tensorboard === undefined ? undefined : () => metrics.find(tensorboard, job);
}

const without = (metrics: RunMetrics): EndCurves => ({ metrics, evaluations: [], series: [] });

interface Found {
  source: CurveSource;
  measured: Measured;
}

/** Reads curves and keeps them beside the run. What cannot be read is logged; what cannot be kept throws, so that the next tick does it. */
async function keepCurves(
  { runs, metrics, logger }: CurvesDeps,
  run: Run,
  { find, known }: { find: Finder; known: CurveSource | undefined },
): Promise<{ found?: Found; problem?: string }> {
  let found: Found | undefined;
  try {
    found = (known && (await readKnown(metrics, known))) ?? (await readFound(metrics, find));
  } catch (thrown) {
    logger.thrown('the metrics could not be read', thrown, { runId: run.runId });
    return { problem: `The metrics could not be read: ${asTuneError(thrown).message.slice(0, 500)}` };
  }
  if (!found) return {};
  await runs.saveSeries(
    run.runId,
    found.measured.series.map((one) => thin(one)),
  );
  return { found };
}

async function readFound(metrics: MetricsReader, find: Finder): Promise<Found | undefined> {
  const source = await find();
  return source && { source, measured: await metrics.read(source) };
}

/** Undefined where what was there is gone: then it is looked up anew. */
async function readKnown(metrics: MetricsReader, source: CurveSource): Promise<Found | undefined> {
  try {
    return { source, measured: await metrics.read(source) };
  } catch (thrown) {
    if (thrown instanceof TuneError && thrown.httpStatus === 404) return undefined;
    throw thrown;
  }
}

function isWorthWaiting({ clock, retryScale }: CurvesDeps, { phase, endTime }: JobObservation): boolean {
  if (phase !== 'succeeded' || endTime === undefined) return false;
  return clock.now().toISOString() < later(endTime, MAXIMUM_WAIT_MS * retryScale);
}

function whyNone(plan: Plan | undefined): string {
  if (plan?.backend === 'tuningJobs') return 'The job names no experiment, so there are no curves.';
  const parameters: readonly string[] | undefined = findModel(plan?.baseModel ?? '')?.parameters;
  const takesOne = parameters?.includes('tensorboard_resource_id') ?? true;
  return takesOne
    ? 'No TensorBoard was named, in the manifest or by the deployment, so Vertex AI kept no metrics.'
    : 'The tuning template of this model takes no TensorBoard, so there are no curves.';
}

import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError } from '../../shared/core/errors/errors.ts';
import { findModel } from '../../shared/core/models/models.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isJobOver, type JobObservation } from '../../shared/core/tuning/job.ts';
import {
  type Evaluation,
  evaluationsOf,
  type RunMetrics,
  summaryOf,
  thin,
} from '../../shared/core/tuning/metrics.ts';
import { type Plan, plannedTensorboard } from '../../shared/core/tuning/plan.ts';
import type { Measured } from '../../shared/core/tuning/progress.ts';
import type { Clock, JobMetrics, Logger, MetricsReader, RunStore } from '../../shared/ports.ts';

export interface CurvesDeps {
  runs: RunStore;
  metrics: MetricsReader;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

export interface Curves {
  /** Once the job has ended. */
  metrics?: RunMetrics;
  evaluations: Evaluation[];
  measured?: Measured | 'unread' | undefined;
}

/** How long a job that has succeeded waits for its curves. The guide: they are there after the job completed. */
const MAXIMUM_WAIT_MS = 120_000;

/**
 * Brings the curves of a job into the sub-collection `metrics`, and says what the document says of them once the job has
 * ended. `wait`: not there yet, and nothing is written until they are or the time is up; so the run needs no state
 * for it, and whoever sees SUCCEEDED sees all there will be. Missing curves never fail a run.
 */
export async function followCurves(
  deps: CurvesDeps,
  run: Run,
  { job, isTurn }: { job: JobObservation; isTurn: boolean },
): Promise<Curves | 'wait' | undefined> {
  if (run.spec.plan?.backend === 'tuningJobs') return followExperiment(deps, run, { job, isTurn });
  const tensorboard = plannedTensorboard(run.spec.plan);
  if (!isJobOver(job)) {
    if (!tensorboard || !growsCurves(run, job)) return undefined;
    if (!isTurn) return { evaluations: [], measured: 'unread' };
    const { found } = await readCurves(deps, run, { job, tensorboard });
    return { evaluations: [], measured: found };
  }
  if (!tensorboard) return without({ absent: whyNoTensorboard(run.spec.plan) });
  const { found, problem } = await readCurves(deps, run, { job, tensorboard });
  if (found && found.series.length > 0) {
    const { experiment, matchedBy, series } = found;
    const metrics = { source: tensorboard, experiment, matchedBy, ...summaryOf(series) };
    return { metrics, evaluations: evaluationsOf(series) };
  }
  if (isWorthWaiting(deps, job)) return 'wait';
  return without({
    source: tensorboard,
    absent: problem ?? `${tensorboard} has no metrics of this job.`,
  });
}

/** A job of `tuningJobs` names its experiment, and that the TensorBoard. */
async function followExperiment(
  deps: CurvesDeps,
  run: Run,
  { job, isTurn }: { job: JobObservation; isTurn: boolean },
): Promise<Curves | 'wait' | undefined> {
  const { experiment } = job;
  const isOver = isJobOver(job);
  if (!isOver && (!experiment || job.phase !== 'running')) return undefined;
  if (!isOver && !isTurn) return { evaluations: [], measured: 'unread' };
  if (!experiment) return without({ absent: 'The job names no experiment, so there are no curves.' });
  const read = () => deps.metrics.readExperiment(experiment);
  const { found, problem } = await keepCurves(deps, run, read);
  if (!isOver) return { evaluations: [], measured: found };
  if (found && found.series.length > 0) {
    const { matchedBy, series, tensorboard } = found;
    const metrics = { source: tensorboard, experiment: found.experiment, matchedBy, ...summaryOf(series) };
    return { metrics, evaluations: evaluationsOf(series) };
  }
  if (isWorthWaiting(deps, job)) return 'wait';
  return without({ absent: problem ?? `${experiment} has no metrics of this job.` });
}

/** Whether a job may have new points while it runs. */
export function growsCurves({ spec }: Run, { phase, experiment }: JobObservation): boolean {
  const hasCurves = spec.plan?.backend === 'tuningJobs' ? experiment : plannedTensorboard(spec.plan);
  return phase === 'running' && hasCurves !== undefined;
}

const without = (metrics: RunMetrics): Curves => ({ metrics, evaluations: [] });

/** What cannot be read is logged; what cannot be kept throws, so that the next tick does it. */
function readCurves(
  deps: CurvesDeps,
  run: Run,
  { job, tensorboard }: { job: JobObservation; tensorboard: string },
): Promise<{ found?: JobMetrics; problem?: string }> {
  return keepCurves(deps, run, () => deps.metrics.read(tensorboard, job));
}

/** Reads curves and keeps them beside the run. */
async function keepCurves<Found extends JobMetrics>(
  { runs, logger }: CurvesDeps,
  run: Run,
  read: () => Promise<Found | undefined>,
): Promise<{ found?: Found; problem?: string }> {
  let found: Found | undefined;
  try {
    found = await read();
  } catch (thrown) {
    logger.thrown('the metrics could not be read', thrown, { runId: run.runId });
    return { problem: `The metrics could not be read: ${asTuneError(thrown).message.slice(0, 500)}` };
  }
  if (!found) return {};
  await runs.saveSeries(
    run.runId,
    found.series.map((one) => thin(one)),
  );
  return { found };
}

function isWorthWaiting({ clock, retryScale }: CurvesDeps, { phase, endTime }: JobObservation): boolean {
  if (phase !== 'succeeded' || endTime === undefined) return false;
  return clock.now().toISOString() < later(endTime, MAXIMUM_WAIT_MS * retryScale);
}

function whyNoTensorboard(plan: Plan | undefined): string {
  const parameters: readonly string[] | undefined = findModel(plan?.baseModel ?? '')?.parameters;
  const takesOne = parameters?.includes('tensorboard_resource_id') ?? true;
  return takesOne
    ? 'No TensorBoard was named, in the manifest or by the deployment, so Vertex AI kept no metrics.'
    : 'The tuning template of this model takes no TensorBoard, so there are no curves.';
}

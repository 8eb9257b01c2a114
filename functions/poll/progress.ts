import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { progressAfter, progressOfJob, type RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { type CurvesDeps, followCurves } from './curves.ts';

/** Looks at how far a running job is, its curves included, and keeps that beside the run where it changed. */
export async function followProgress(
  deps: CurvesDeps,
  run: Run,
  job: JobObservation,
): Promise<RunProgress | undefined> {
  const { plan } = run.spec;
  if (!plan) return undefined;
  const stored = await deps.runs.progressOf(run.runId);
  const before = progressOfJob(stored, job);
  const { measured, curves } = await followCurves(deps, run, { job, before });
  const now = deps.clock.now().toISOString();
  const read = measured === 'unread' ? undefined : measured;
  const progress = progressAfter(before, { plan, job, measured: read, curves, now });
  if (progress && progress !== before) await deps.runs.saveProgress(run.runId, progress);
  return progress;
}

/** A job that has ended is as far as its whole curves say; of one that nobody saw running nothing is kept. */
export async function finishProgress(
  { runs, clock }: CurvesDeps,
  run: Run,
  { job, series }: { job: JobObservation; series: readonly MetricSeries[] },
): Promise<void> {
  const { plan } = run.spec;
  const before = progressOfJob(await runs.progressOf(run.runId), job);
  if (!plan || !before) return;
  const now = clock.now().toISOString();
  const progress = progressAfter(before, { plan, job, measured: { series }, curves: before.curves, now });
  if (progress && progress !== before) await runs.saveProgress(run.runId, progress);
}

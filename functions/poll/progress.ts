import type { Run } from '../../shared/core/run/run.ts';
import type { SeenSteps } from '../../shared/core/run/running-words.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { noStepOf } from '../../shared/core/tuning/no-step.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { progressAfter, progressOfJob, type RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { type CurvesDeps, followCurves } from './curves.ts';

/** How far a running job is, and whether it stands still. */
export interface SeenProgress {
  progress: RunProgress | undefined;
  noStep: SeenSteps;
}

/** Looks at how far a running job is, its curves included, and keeps that beside the run where it changed. */
export async function followProgress(
  deps: CurvesDeps,
  run: Run,
  { plan, job }: { plan: Plan; job: JobObservation },
): Promise<SeenProgress> {
  const stored = await deps.runs.progressOf(run.runId);
  const before = progressOfJob(stored, job);
  const { measured: read, curves } = await followCurves(deps, run, { job, before });
  const measured = read === 'unread' ? undefined : read;
  const look = { plan, job, measured, now: deps.clock.now().toISOString() };
  const progress = progressAfter(before, { ...look, curves });
  if (progress && progress !== before) await deps.runs.saveProgress(run.runId, progress);
  return { progress, noStep: read === 'unread' ? 'unread' : noStepOf(progress, look) };
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

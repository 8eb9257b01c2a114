import { isEvaluationOpen } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import type { Screen } from '../run/screen.ts';
import type { Stack } from './stack.ts';

/** Shows a run whenever it changes, and how far it is while it runs. */
export type RunDisplay = (run: Run, options?: { named: boolean }) => void;

/** The run document changes with the state of the run; its progress and its curves, which lie below it, with the looks at the job. */
export function createRunDisplay(
  { watchCurves, watchProgress }: Pick<Stack, 'watchCurves' | 'watchProgress'>,
  screen: Screen,
): RunDisplay {
  const watched = new Map<string, () => void>();
  const watch = (run: Run, options?: { named: boolean }) => {
    let series: MetricSeries[] = [];
    let progress: RunProgress | undefined;
    const show = () => progress && screen.steps(run, { progress, series }, options);
    const stops = [
      watchCurves(run.runId, (curves) => {
        series = curves;
        show();
      }),
      watchProgress(run.runId, (latest) => {
        progress = latest;
        show();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  };
  return (run, options) => {
    const { runId } = run;
    screen.progress(run, options);
    if (run.status.state !== 'RUNNING') {
      watched.get(runId)?.();
      watched.delete(runId);
    } else if (!watched.has(runId)) {
      watched.set(runId, watch(run, options));
    }
  };
}

/** Whether a run is shown that is seen after a start: not where it was over before, its evaluation included. */
export function isNews(run: Run, since: string): boolean {
  const { endTime, evaluation } = run.status;
  const isOver = endTime !== undefined && endTime < since && !isEvaluationOpen(run);
  return !isOver || (evaluation?.endTime ?? '') >= since;
}

/** Whether a run was training when an earlier start ended: its job is done anew, as the small model keeps nothing on the way. */
export function beginsAgain({ status }: Run, since: string): boolean {
  return status.reason === 'JobRunning' && status.startTime !== undefined && status.startTime < since;
}

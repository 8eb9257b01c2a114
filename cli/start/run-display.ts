import type { Run } from '../../shared/core/run/run.ts';
import type { Screen } from './screen.ts';
import type { Stack } from './stack.ts';

/** Shows a run whenever it changes, and every step that is measured while it runs. */
export type RunDisplay = (run: Run, options?: { named: boolean }) => void;

/** The run document changes a few times while a job runs; its curves, which lie below it, with every look at the job. */
export function createRunDisplay({ watchCurves }: Pick<Stack, 'watchCurves'>, screen: Screen): RunDisplay {
  const watched = new Map<string, () => void>();
  return (run, options) => {
    const { runId } = run;
    screen.progress(run, options);
    if (run.status.state !== 'RUNNING') {
      watched.get(runId)?.();
      watched.delete(runId);
    } else if (!watched.has(runId)) {
      watched.set(
        runId,
        watchCurves(runId, (series) => screen.steps(run, series, options)),
      );
    }
  };
}

/** Whether to show another run than the example's: not where it was over before the example was dropped. */
export function isNews({ runId, status }: Run, example: Run): boolean {
  if (runId === example.runId) return false;
  return status.endTime === undefined || status.endTime >= example.status.createTime;
}

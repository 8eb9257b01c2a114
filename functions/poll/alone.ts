import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
import type { Logger } from '../../shared/ports.ts';

export interface AloneDeps {
  postpone: Postpone;
  logger: Logger;
}

/** What one run meets keeps no other from being done. What does not pass by the next tick is written into its document. */
export function createAlone({ postpone, logger }: AloneDeps) {
  return async (run: Run, work: () => Promise<void>): Promise<void> => {
    const report = (thrown: unknown) =>
      logger.thrown('part of this tick failed; the next one does it', thrown, { runId: run.runId });
    try {
      await work();
    } catch (thrown) {
      if (asTuneError(thrown).retry === 'soon') return report(thrown);
      await postpone(run, thrown).catch(report);
    }
  };
}

import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError } from '../../shared/core/errors/errors.ts';
import { jobUnanswered } from '../../shared/core/run/fault-events.ts';
import { followsJob, type Run } from '../../shared/core/run/run.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, Logger } from '../../shared/ports.ts';
import type { Unanswered } from './unanswered.ts';

export interface AloneDeps {
  postpone: Postpone;
  record: RecordEvent;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  unanswered: Unanswered;
}

/** How long a job is looked at in vain before its document says so: who sees RUNNING may wait for a job that nobody sees. */
const UNANSWERED_MS = 3_600_000;

/**
 * What one run meets keeps no other from being done. What does not pass by the next tick is written into its document; so is, once, that
 * its job could not be followed for long.
 */
export function createAlone({ postpone, record, clock, logger, retryScale, unanswered }: AloneDeps) {
  const tell = async (run: Run, thrown: unknown): Promise<void> => {
    const error = asTuneError(thrown);
    if (error.retry !== 'soon') {
      unanswered.ended(run.runId);
      return postpone(run, error, { revision: run.work.revision });
    }
    if (!followsJob(run)) return;
    const since = unanswered.failed(run.runId);
    if (clock.now().toISOString() < later(since, UNANSWERED_MS * retryScale)) return;
    const event = jobUnanswered(run, error, since);
    if (event) await record(run, event, { revision: run.work.revision });
  };

  return async (run: Run, work: () => Promise<void>): Promise<void> => {
    const report = (thrown: unknown) =>
      logger.thrown('part of this tick failed; the next one does it', thrown, { runId: run.runId });
    try {
      await work();
      unanswered.ended(run.runId);
    } catch (thrown) {
      if (asTuneError(thrown).retry === 'soon') report(thrown);
      await tell(run, thrown).catch(report);
    }
  };
}

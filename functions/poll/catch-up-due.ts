import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type CatchUp, OUTDATED } from '../../shared/flows/catch-up.ts';
import type { Clock, Logger } from '../../shared/ports.ts';

export interface CatchUpDueDeps {
  catchUp: CatchUp;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

/** How often it is looked whether the document of a run is one of a backup: each look is a call. */
const LOOK_MS = 60 * 60_000;

/**
 * Whether a run that is due is as it was read. An instance looks at the file of a run when it first sees it, once an hour after that,
 * and where the run has gone back since: a document never does by itself. What cannot be looked at now is looked at next time.
 */
export function createCatchUpDue({ catchUp, clock, logger, retryScale }: CatchUpDueDeps) {
  let seen = new Map<string, number>();
  let forgetAt = 0;

  return async (run: Run): Promise<boolean> => {
    const { runId } = run;
    const { revision } = run.work;
    const nowMs = clock.now().getTime();
    if (nowMs >= forgetAt) {
      seen = new Map();
      forgetAt = nowMs + LOOK_MS * retryScale;
    }
    const last = seen.get(runId);
    if (last === undefined || revision < last) {
      try {
        if (!(await catchUp(run)).isCurrent) return false;
      } catch (thrown) {
        if (asTuneError(thrown).reason === OUTDATED) throw thrown;
        logger.thrown('it could not be looked whether a document is of a backup', thrown, { runId });
        return true;
      }
    }
    seen.set(runId, revision);
    return true;
  };
}

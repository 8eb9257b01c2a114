import { asTuneError } from '../core/errors/errors.ts';
import type { ApplyOptions } from '../core/run/apply.ts';
import { postponed } from '../core/run/fault-events.ts';
import type { Run } from '../core/run/run.ts';
import type { Clock, Logger } from '../ports.ts';
import type { RecordEvent } from './record.ts';

export interface PostponeDeps {
  record: RecordEvent;
  clock: Clock;
  logger: Logger;
  /** What is deployed of this function now. */
  version: string;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

/** Lets a run wait, visibly, for a fault that is not its own. */
export type Postpone = (run: Run, thrown: unknown, options?: ApplyOptions) => Promise<void>;

/** The log has the fault before the document is written, which may meet the same. */
export function createPostpone({ record, clock, logger, version, retryScale }: PostponeDeps): Postpone {
  return async (run, thrown, options) => {
    const times = { version, now: clock.now().toISOString(), scale: retryScale };
    const event = postponed(run, asTuneError(thrown), times);
    logger.thrown('a run waits because of a fault that is not its own', thrown, {
      ...{ runId: run.runId, version, tries: event.fault?.tries, nextTry: event.next?.at },
    });
    await record(run, event, options);
  };
}

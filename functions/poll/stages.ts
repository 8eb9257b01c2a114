import type { Clock, Logger, WaitAtMost } from '../../shared/ports.ts';

export interface StageDeps {
  clock: Clock;
  logger: Logger;
  waitAtMost: WaitAtMost;
}

/**
 * When each stage of a tick is over at the latest, counted from the beginning of the tick. The last is less than half of the 540 seconds
 * after which Cloud Scheduler and Cloud Run give a tick up: what a stage leaves behind, every call of which has a deadline, has ended
 * by then, and a dependency that stalls costs three ticks. Each stage has time of its own, so that none is kept from its
 * work by the one before.
 */
const ENDS_AFTER_MS = {
  runs: 150_000,
  queues: 195_000,
  otherJobs: 235_000,
  inbox: 255_000,
  models: 265_000,
} as const;

/** Does one stage of a tick, until it is done or its time is over. */
export type DoStage = (
  stage: keyof typeof ENDS_AFTER_MS,
  work: (isOver: () => boolean) => Promise<void>,
) => Promise<void>;

/** A tick begins: its stages are done one after the other. */
export function beginTick({ clock, logger, waitAtMost }: StageDeps): DoStage {
  const began = clock.now().getTime();
  return async (stage, work) => {
    let isOver = false;
    const left = began + ENDS_AFTER_MS[stage] - clock.now().getTime();
    try {
      const isDone = await waitAtMost(
        Math.max(0, left),
        work(() => isOver),
      );
      if (!isDone) logger.warn('part of this tick took too long; the next one goes on with it', { stage });
    } finally {
      isOver = true;
    }
  };
}

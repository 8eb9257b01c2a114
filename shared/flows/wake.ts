import { TOPIC_OF_ACTION } from '../core/run/messages.ts';
import type { Run } from '../core/run/run.ts';
import type { Logger, Publisher } from '../ports.ts';

export interface WakeDeps {
  publisher: Publisher;
  logger: Logger;
}

/** Wakes the function of a run's next action. */
export type Wake = (action: keyof typeof TOPIC_OF_ACTION, run: Run) => Promise<void>;

/** The document says what is due and when, so that a message that cannot be sent now is sent by poll. */
export function createWake({ publisher, logger }: WakeDeps): Wake {
  return async (action, { runId }) => {
    try {
      await publisher.publish(TOPIC_OF_ACTION[action], { runId });
    } catch (thrown) {
      logger.thrown('a message was not sent; poll sends it when the run is due', thrown, { runId, action });
    }
  };
}

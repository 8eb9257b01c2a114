import { asTuneError } from '../core/errors/errors.ts';
import type { Logger } from '../ports.ts';

/**
 * The one catch-all. Returning acknowledges the event; throwing makes Google deliver it again, with back-off.
 * Only what another try can mend is thrown: a permanent fault would come back for a whole day.
 */
export function withBoundary<Input>(
  handler: (input: Input) => Promise<void>,
  logger: Logger,
): (input: Input) => Promise<void> {
  return async (input) => {
    try {
      await handler(input);
    } catch (thrown) {
      const error = asTuneError(thrown);
      const fields = { kind: error.kind, reason: error.reason, error: error.message };
      if (!error.retryable) {
        logger.error('gave up on an event that no further try can mend', fields);
        return;
      }
      logger.warn('an event failed and is to be delivered again', { ...fields, stack: error.stack ?? '' });
      throw error;
    }
  };
}

import { asTuneError, type TuneError } from '../core/errors/errors.ts';
import type { Logger } from '../ports.ts';

/**
 * The one catch-all. Returning acknowledges the event; throwing makes Google deliver it again, with a back-off that grows
 * from ten seconds to ten minutes. What no further try can fix is not thrown: it would come back for a whole day.
 * `make` is called once, at the first event; what it throws is delivered again too.
 */
export function withBoundary<Input>(
  make: () => (input: Input) => Promise<void>,
  logger: Logger,
): (input: Input) => Promise<void> {
  let handler: ((input: Input) => Promise<void>) | undefined;
  return async (input) => {
    try {
      handler ??= make();
      await handler(input);
    } catch (thrown) {
      const error = asTuneError(thrown);
      if (!error.retryable) {
        logger.thrown('gave up on an event that no further try can fix', error);
        return;
      }
      logger.thrown('an event failed and is to be delivered again', error);
      throw inOneLine(error);
    }
  };
}

/** functions-framework prints the stack of what it is thrown, at every delivery; the log has it already. */
function inOneLine({ reason }: TuneError): Error {
  const error = new Error(`answered with 500, so that it comes again: ${reason}`);
  error.stack = error.message;
  return error;
}

/** Waiting for people: for a file that somebody is just changing by hand. */

import { systemClock } from '../clock.ts';
import { apiError } from './api-error.ts';

const PATIENCE_MS = 5_000;

/** A budget of waiting for one request; past it, waiting ends in 503. */
export function createPatience() {
  const giveUpMs = systemClock.now() + PATIENCE_MS;
  return async (work: Promise<void>): Promise<void> => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = systemClock.after(Math.max(0, giveUpMs - systemClock.now()), () =>
      reject(apiError(503, 'The file of this object is being changed by hand.')),
    );
    await Promise.race([work, promise]).finally(() => timer.cancel());
  };
}

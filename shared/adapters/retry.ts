import { setTimeout as sleep } from 'node:timers/promises';
import { TuneError } from '../core/errors/errors.ts';

/** Times that a call is tried in all, and the pause before the second; it doubles from then on. */
const TRIES = 4;
const FIRST_PAUSE_MS = 200;

/** Calls `attempt` until it succeeds, fails for good, or has been tried enough; the last error is thrown. */
export async function withRetries<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TuneError) || error.retry !== 'soon' || tried >= TRIES) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1));
    }
  }
}

/** Rejects with an `ambiguous` error when `work` takes longer: the clients themselves wait for ever. */
export async function withDeadline<Value>(work: Promise<Value>, ms: number, doing: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeout(doing, ms)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of an operation that got no answer in time. */
export function timeout(doing: string, ms: number): TuneError {
  return new TuneError('ambiguous', `${doing}: no answer within ${ms / 1000} s`, { reason: 'Timeout' });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { TuneError } from '../core/errors/errors.ts';
import type { WaitAtMost } from '../ports.ts';

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

/** Gives up waiting, and leaves the work alone: nobody can take it back. */
export const waitAtMost: WaitAtMost = async (ms, work) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Rejects with an `ambiguous` error when `work` takes longer: the clients themselves wait for ever. */
export async function withDeadline<Value>(work: Promise<Value>, ms: number, doing: string): Promise<Value> {
  if (await waitAtMost(ms, work)) return work;
  throw timeout(doing, ms);
}

/** The error of an operation that got no answer in time. */
export function timeout(doing: string, ms: number): TuneError {
  return new TuneError('ambiguous', `${doing}: no answer within ${ms / 1000} s`, { reason: 'Timeout' });
}

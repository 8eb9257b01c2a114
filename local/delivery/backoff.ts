/** How long a failed delivery waits before the next try, in milliseconds. */
export interface Backoff {
  minimumMs: number;
  maximumMs: number;
}

/**
 * Doubles from the minimum with every attempt, up to the maximum; `attempt` counts from 1.
 * Google calls its own "best effort" and may add jitter; here it is exact, so that tests can be.
 */
export function backoffMs(attempt: number, { minimumMs, maximumMs }: Backoff): number {
  return Math.min(maximumMs, minimumMs * 2 ** (attempt - 1));
}

/** The same shape on a faster clock: production waits 10 s to 600 s, a laptop should not. */
export function scaleBackoff({ minimumMs, maximumMs }: Backoff, scale: number): Backoff {
  return { minimumMs: minimumMs * scale, maximumMs: maximumMs * scale };
}

/** Waits until a file has been left alone for a while. Real time on purpose: people and `cp` write in real time. */

import { systemClock, type Timer } from '../../clock.ts';
import type { Glimpse } from './place.ts';

/** A kernel stamps change times on its own tick, a little behind the clock. */
const STAMP_SLACK_MS = 10;

export interface StabilityOptions {
  /** How long a file must be left alone. */
  quietMs: number;
  look: (path: string) => Glimpse | undefined;
}

export function createStability({ quietMs, look }: StabilityOptions) {
  const pauses = new Map<Timer, () => void>();
  let closed = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        pauses.delete(timer);
        resolve();
      };
      const timer = systemClock.after(ms, end);
      pauses.set(timer, end);
    });

  /** Since when nothing has changed, as seen now. */
  const sinceMs = (before: Look, seen: Glimpse | undefined, nowMs: number): number => {
    if (seen?.signature === before.signature) return before.quietSinceMs;
    // A change time outside the time since the last look comes from another machine's clock: do not trust it.
    const stamped = seen?.changedMs ?? nowMs;
    return stamped > before.atMs - STAMP_SLACK_MS && stamped <= nowMs ? stamped : nowMs;
  };

  const lookNow = (path: string, before: Look | undefined, changeTimeCounts: boolean): Look => {
    const atMs = systemClock.now();
    const seen = look(path);
    const first = changeTimeCounts ? Math.min(seen?.changedMs ?? 0, atMs) : atMs;
    return { signature: seen?.signature, atMs, quietSinceMs: before ? sinceMs(before, seen, atMs) : first };
  };

  return {
    /** True when a file was last changed long enough ago, as far as its change time says. */
    isQuiet: (path: string): boolean => (look(path)?.changedMs ?? 0) + quietMs <= systemClock.now(),

    /** Resolves true once nothing has changed at this path for so long, false when this is closed before. */
    async untilQuiet(path: string, { changeTimeCounts = false } = {}): Promise<boolean> {
      let last = lookNow(path, undefined, changeTimeCounts);
      while (!closed && last.quietSinceMs + quietMs > last.atMs) {
        await pause(last.quietSinceMs + quietMs - last.atMs);
        last = lookNow(path, last, changeTimeCounts);
      }
      return !closed;
    },

    close(): void {
      closed = true;
      for (const [timer, end] of [...pauses]) {
        timer.cancel();
        end();
      }
    },
  };
}

interface Look {
  signature: string | undefined;
  atMs: number;
  quietSinceMs: number;
}

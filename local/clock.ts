/** Time for every embedded service: real when a person runs it, stepped by hand in tests. Nobody else calls Date.now(). */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `task` once, `delayMs` from now. */
  after(delayMs: number, task: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const handle = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

export interface SteppableClock extends Clock {
  /** Moves time forward, running what becomes due in order; resolves when what it set off has had its turn. */
  advance(byMs: number): Promise<void>;
}

export function createSteppableClock(startMs = Date.UTC(2026, 0, 1)): SteppableClock {
  let nowMs = startMs;
  let waiting: { dueMs: number; task: () => void }[] = [];
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => nowMs,
    after(delayMs, task) {
      const entry = { dueMs: nowMs + Math.max(0, delayMs), task };
      waiting.push(entry);
      return {
        cancel: () => {
          waiting = waiting.filter((other) => other !== entry);
        },
      };
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const next = waiting
          .filter((entry) => entry.dueMs <= untilMs)
          .reduce<(typeof waiting)[number] | undefined>(
            (first, entry) => (first && first.dueMs <= entry.dueMs ? first : entry),
            undefined,
          );
        if (!next) break;
        waiting = waiting.filter((entry) => entry !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.task();
        await nextTurn();
      }
      nowMs = untilMs;
      await nextTurn();
    },
  };
}

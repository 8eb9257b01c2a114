import type { Clock, Timer } from '../clock.ts';

/** When each subscription is looked at again: at a time, or as soon as others had their turn. */
export interface Alarms {
  /** Undefined for never. */
  at(name: string, dueMs: number | undefined, ring: () => void): void;
  nextTurn(name: string, ring: () => void): void;
  /** True while its next turn is about to come. */
  isComing(name: string): boolean;
  cancel(name: string): void;
  close(): void;
}

export function createAlarms(clock: Clock): Alarms {
  const timers = new Map<string, Timer>();
  const turns = new Map<string, NodeJS.Immediate>();

  function cancel(name: string): void {
    timers.get(name)?.cancel();
    timers.delete(name);
  }

  return {
    cancel,
    at(name, dueMs, ring) {
      if (dueMs !== undefined) timers.set(name, clock.after(Math.max(0, dueMs - clock.now()), ring));
    },
    nextTurn(name, ring) {
      const turn = setImmediate(() => {
        turns.delete(name);
        ring();
      });
      turns.set(name, turn);
    },
    isComing: (name) => turns.has(name),
    close() {
      for (const name of [...timers.keys()]) cancel(name);
      for (const turn of turns.values()) clearImmediate(turn);
    },
  };
}

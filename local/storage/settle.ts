/** Waits until a path has been left alone for a while, then acts on it once. Real time on purpose: people and `cp` write in real time. */

import { systemClock, type Timer } from '../clock.ts';

/** A kernel stamps change times on its own tick, a little behind the clock. */
const STAMP_SLACK_MS = 10;

/** How many files are read at once: a dropped folder of thousands must not open them all. */
const MAX_ACTIVE = 4;

export interface Glimpse {
  /** Equal as long as nothing changed. */
  signature: string;
  changedMs: number;
}

export interface SettlerOptions {
  settleMs: number;
  /** The path as it is now; undefined when nothing is there. */
  look: (path: string) => Glimpse | undefined;
  /** Resolves false when the path changed under its hands: it has to settle again. */
  act: (path: string) => Promise<boolean>;
  log: (line: string) => void;
}

interface Entry {
  signature: string | undefined;
  quietSinceMs: number;
  lookedMs: number;
  timer?: Timer;
  state: 'waiting' | 'acting' | 'touched while acting';
  done: PromiseWithResolvers<void>;
}

export function createSettler({ settleMs, look, act, log }: SettlerOptions) {
  const entries = new Map<string, Entry>();
  const queue: (() => Promise<void>)[] = [];
  let active = 0;
  let closed = false;

  const work = () => {
    while (active < MAX_ACTIVE) {
      const task = queue.shift();
      if (!task) return;
      active++;
      void task().finally(() => {
        active--;
        work();
      });
    }
  };

  const arm = (path: string, entry: Entry) => {
    const remainingMs = entry.quietSinceMs + settleMs - systemClock.now();
    entry.state = 'waiting';
    entry.timer = systemClock.after(Math.max(0, remainingMs), () => check(path, entry));
  };

  const check = (path: string, entry: Entry) => {
    const now = systemClock.now();
    const seen = look(path);
    if (seen?.signature !== entry.signature) {
      // A change time outside the time since the last look comes from another machine's clock: do not trust it.
      const stamped = seen?.changedMs ?? now;
      const trusted = stamped > entry.lookedMs - STAMP_SLACK_MS && stamped <= now;
      entry.quietSinceMs = trusted ? stamped : now;
      entry.signature = seen?.signature;
    }
    entry.lookedMs = now;
    if (entry.quietSinceMs + settleMs > now) return arm(path, entry);
    entry.state = 'acting';
    queue.push(() => settle(path, entry));
    work();
  };

  const settle = async (path: string, entry: Entry) => {
    const isDone = closed || (await act(path).catch((error: unknown) => failed(path, error)));
    if (!closed && (!isDone || entry.state === 'touched while acting')) return arm(path, entry);
    entries.delete(path);
    entry.done.resolve();
  };

  const failed = (path: string, error: unknown): boolean => {
    log(`could not take in ${path}: ${String(error)}`);
    return true; // the next change, or the next rescan, tries again
  };

  return {
    /** Something may have changed here. With `trustChangeTime`, a file that was last changed long ago counts as settled. */
    touch(path: string, trustChangeTime = false): Promise<void> {
      const known = entries.get(path);
      if (known && known.state !== 'waiting') known.state = 'touched while acting';
      if (known) return known.done.promise;
      if (closed) return Promise.resolve();
      const now = systemClock.now();
      const seen = look(path);
      const quietSinceMs = trustChangeTime ? Math.min(seen?.changedMs ?? 0, now) : now;
      const entry: Entry = {
        signature: seen?.signature,
        quietSinceMs,
        lookedMs: now,
        state: 'waiting',
        done: Promise.withResolvers(),
      };
      entries.set(path, entry);
      arm(path, entry);
      return entry.done.promise;
    },

    /** Resolves once those are acted on that are settled already. */
    async due(): Promise<void> {
      const now = systemClock.now();
      const due = [...entries.values()].filter((entry) => entry.quietSinceMs + settleMs <= now);
      await Promise.all(due.map((entry) => entry.done.promise));
    },

    /** Resolves once nothing is waiting any more. */
    async idle(): Promise<void> {
      while (entries.size > 0) await Promise.all([...entries.values()].map((entry) => entry.done.promise));
    },

    /** Forgets what waits and lets what is being acted on end. */
    async close(): Promise<void> {
      closed = true;
      for (const [path, entry] of entries) {
        if (entry.state !== 'waiting') continue;
        entry.timer?.cancel();
        entries.delete(path);
        entry.done.resolve();
      }
      await this.idle();
    },
  };
}

import type { Clock } from '../../clock.ts';

/**
 * Exclusive locks on document names, granted in the order of asking: a way to take turns, not a guarantee.
 * Whoever would wait for ever, or has waited `timeoutMs`, goes on without the lock. `Owner` is compared by identity.
 */
export interface Locks<Owner> {
  /** Resolves once `owner` holds the lock or need not wait for it any more. */
  acquire(owner: Owner, name: string): Promise<void>;
  /** Lets go of all that `owner` holds or waits for. */
  release(owner: Owner): void;
}

interface Waiter<Owner> {
  owner: Owner;
  goOn: () => void;
}

interface Lock<Owner> {
  holder: Owner;
  waiters: Waiter<Owner>[];
}

export function createLocks<Owner>(clock: Clock, timeoutMs: number): Locks<Owner> {
  const locks = new Map<string, Lock<Owner>>();

  /** Whether `from` waits, directly or through others, for `owner`. */
  const waitsFor = (from: Owner, owner: Owner, seen = new Set<Owner>()): boolean => {
    if (from === owner) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...locks.values()].some(
      (lock) => lock.waiters.some((waiter) => waiter.owner === from) && waitsFor(lock.holder, owner, seen),
    );
  };

  const passOn = (name: string, lock: Lock<Owner>) => {
    const next = lock.waiters.shift();
    if (!next) {
      locks.delete(name);
      return;
    }
    lock.holder = next.owner;
    next.goOn();
  };

  const waitIn = (lock: Lock<Owner>, owner: Owner) =>
    new Promise<void>((resolve) => {
      const giveUp = clock.after(timeoutMs, () => {
        lock.waiters = lock.waiters.filter((other) => other !== waiter);
        resolve();
      });
      const goOn = () => {
        giveUp.cancel();
        resolve();
      };
      const waiter = { owner, goOn };
      lock.waiters.push(waiter);
    });

  return {
    async acquire(owner, name) {
      const lock = locks.get(name);
      if (!lock) locks.set(name, { holder: owner, waiters: [] });
      else if (!waitsFor(lock.holder, owner)) await waitIn(lock, owner);
    },
    release(owner) {
      for (const [name, lock] of [...locks]) {
        for (const waiter of lock.waiters) if (waiter.owner === owner) waiter.goOn();
        lock.waiters = lock.waiters.filter((waiter) => waiter.owner !== owner);
        if (lock.holder === owner) passOn(name, lock);
      }
    },
  };
}

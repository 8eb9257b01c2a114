import type { World } from './world.ts';

/** What a function does to the world, in the order in which it does it. */
const EFFECTS = ['write', 'claim', 'apply'] as const;
type Effect = (typeof EFFECTS)[number];

/** A function that is gone: nothing of it goes on, and it says nothing to anybody. */
const GONE = new Promise<never>(() => {});

interface Kill {
  /** Resolves when it happens. */
  happens: Promise<void>;
  /** Ends it: the effect at which the function was killed, where it was. */
  end(): Effect | undefined;
}

/** Kills the function at the so manieth effect, before it or right after it. */
export function killAt(world: World, at: number, time: 'before' | 'after'): Kill {
  const { promise: happens, resolve } = Promise.withResolvers<void>();
  let count = 0;
  let dead: Effect | undefined;
  const wrap =
    <Args extends unknown[], Result>(name: Effect, work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (dead) return GONE;
      count += 1;
      if (count !== at) return work(...args);
      if (time === 'after') await work(...args);
      dead = name;
      resolve();
      return GONE;
    };
  const { objects, runs, asker } = world;
  const own = { write: objects.write, claim: runs.claim, apply: runs.apply, ask: asker.ask };
  Object.assign(objects, { write: wrap('write', own.write) });
  Object.assign(runs, { claim: wrap('claim', own.claim), apply: wrap('apply', own.apply) });
  Object.assign(asker, { ask: (...args: Parameters<typeof own.ask>) => (dead ? GONE : own.ask(...args)) });
  return {
    happens,
    end() {
      Object.assign(objects, { write: own.write });
      Object.assign(runs, { claim: own.claim, apply: own.apply });
      Object.assign(asker, { ask: own.ask });
      return dead;
    },
  };
}

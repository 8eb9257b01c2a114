import { describe, expect, test } from 'vitest';
import { answersIn, EXAMPLES, evaluationOf, succeed } from '../support/evaluations.ts';
import type { World } from '../support/world.ts';
import { createWorld } from '../support/world.ts';

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
function killAt(world: World, at: number, time: 'before' | 'after'): Kill {
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

/** How often each question was asked of each model, those that were asked more than once. */
function askedAgain(asked: readonly string[]): string[] {
  return asked.filter((question, index) => asked.indexOf(question) !== index);
}

describe.each(['before', 'after'] as const)('killed %s any of its effects', (time) => {
  test('an evaluation asks nothing again but the piece that was under way, and ends with the same words', async () => {
    const whole = await succeed(createWorld());
    await whole.deliver();
    const met: string[] = [];
    for (let at = 1; ; at += 1) {
      const world = await succeed(createWorld());
      world.published.length = 0;
      const kill = killAt(world, at, time);
      await Promise.race([world.newInstances().evaluate(world.theRun().runId), kill.happens]);
      const effect = kill.end();
      if (effect === undefined) break;
      met.push(effect);
      for (let minute = 0; minute < 30 && evaluationOf(world)?.state !== 'DONE'; minute += 1) {
        world.pass(60);
        await world.poll();
        await world.deliver();
      }
      expect(evaluationOf(world), `killed at ${at}`).toMatchObject({ state: 'DONE', examples: EXAMPLES });
      expect(evaluationOf(world)?.sentence).toBe(evaluationOf(whole)?.sentence);
      expect(evaluationOf(world)?.tokens).toEqual(evaluationOf(whole)?.tokens);
      expect(answersIn(world)).toEqual(answersIn(whole));
      expect(askedAgain(world.asker.asked).length, `killed at ${at}`).toBeLessThanOrEqual(20);
      expect(new Set(askedAgain(world.asker.asked)).size).toBe(askedAgain(world.asker.asked).length);
    }
    // Three pieces, the file of answers, the report and the status file of both changes, the claim and the changes.
    expect(met.filter((effect) => effect === 'write').length).toBeGreaterThanOrEqual(8);
    expect(met).toContain('claim');
    expect(met.filter((effect) => effect === 'apply')).toHaveLength(2);
  });
});

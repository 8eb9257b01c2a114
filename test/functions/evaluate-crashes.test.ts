import { describe, expect, test } from 'vitest';
import { answersIn, EXAMPLES, evaluationOf, succeed } from '../support/evaluations.ts';
import { killAt } from '../support/kill-at.ts';
import { createWorld } from '../support/world.ts';

/** How often each question was asked of each model, those that were asked more than once. */
function askedAgain(asked: readonly string[]): string[] {
  return asked.filter((question, index) => asked.indexOf(question) !== index);
}

describe.each(['before', 'after'] as const)('killed %s any of its effects', (time) => {
  test('asks nothing again but the piece that was under way', async () => {
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

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answersIn, EXAMPLES, evaluationOf, succeedGemini } from '../support/evaluations.ts';
import { killAt } from '../support/kill-at.ts';
import { type ShownAnswers, startWireModels, type WireModels } from '../support/wire-models.ts';
import { RESULTS, type World } from '../support/world.ts';

let models: WireModels;
beforeAll(async () => {
  models = await startWireModels();
});
afterAll(() => models.close());
beforeEach(() => {
  models.asked.length = 0;
  models.judged.length = 0;
  models.answer = (model) => (model === 'tuned' ? 'good' : 'bad');
  models.verdict = ({ A }) => better(A === 'good' ? 'A' : 'B');
});

const better = (letter: string) => JSON.stringify({ better: letter });
const judgeOf = (world: World) => evaluationOf(world)?.judge;
const questions = () => models.asked.filter((asked) => asked.startsWith('judge '));

/** A run that has succeeded, whose models are asked over HTTP. */
async function judged(manifest: object = { judge: 'gemini-2.5-pro' }): Promise<World> {
  const world = await succeedGemini(manifest);
  Object.assign(world.asker, { ask: models.asker.ask });
  return world;
}

describe('a judge that the manifest names', () => {
  test('sees each two answers in both orders, and is believed where both say the same', async () => {
    const world = await judged();
    expect(judgeOf(world)).toMatchObject({ model: 'gemini-2.5-pro', state: 'PLANNED' });
    await world.deliver();
    expect(questions().filter((asked) => asked.endsWith(' good|bad'))).toHaveLength(EXAMPLES);
    expect(questions().filter((asked) => asked.endsWith(' bad|good'))).toHaveLength(EXAMPLES);
    expect(evaluationOf(world)).toMatchObject({
      state: 'DONE',
      judge: {
        ...{ model: 'gemini-2.5-pro', state: 'DONE', answeredBy: 'gemini-2.5-pro' },
        ...{ examples: EXAMPLES, tuned: EXAMPLES, base: 0, ties: 0, disagreements: 0, unreadable: 0 },
        ...{ shares: { tuned: { value: 1 } }, difference: { value: 1 } },
        sentence: expect.stringMatching(
          /^The judge gemini-2\.5-pro prefers the tuned model in 25 of 25 and its base in 0: the tuned model is better by \d+ to \d+ points\.$/,
        ),
      },
      message: expect.stringContaining('The judge gemini-2.5-pro prefers'),
    });
    expect(answersIn(world)[2]).toMatchObject({
      ...{ line: 3, tuned: 'good', base: 'bad' },
      judge: { outcome: 'tuned', tunedFirst: 'tuned', baseFirst: 'tuned' },
    });
    expect(answersIn(world)[2]?.judge).not.toHaveProperty('answeredBy');
  });

  test('is asked where it answers, by its own name, for one of three words, and is told of nobody', async () => {
    const world = await judged();
    await world.deliver();
    const [{ path, body } = { path: '', body: undefined }] = models.judged;
    expect(path).toBe(
      '/v1/projects/123/locations/us-central1/publishers/google/models/gemini-2.5-pro:generateContent',
    );
    expect(body?.generationConfig).toEqual({
      ...{ temperature: 0, maxOutputTokens: 192, thinkingConfig: { thinkingBudget: 128 } },
      responseMimeType: 'application/json',
      responseSchema: {
        type: 'OBJECT',
        properties: { better: { type: 'STRING', enum: ['A', 'B', 'TIE'] } },
        required: ['better'],
      },
    });
    expect(JSON.stringify(body)).not.toMatch(/tuned|base model|gemini-3/);
  });

  test('that answers in a multi-region is asked in the one around the model', async () => {
    const world = await judged({ judge: 'gemini-3.5-flash-lite' });
    await world.deliver();
    expect(models.judged[0]?.path).toBe(
      '/v1/projects/123/locations/us/publishers/google/models/gemini-3.5-flash-lite:generateContent',
    );
    expect(models.judged[0]?.body.generationConfig).toMatchObject({
      ...{ maxOutputTokens: 64, thinkingConfig: { thinkingLevel: 'MINIMAL' } },
    });
  });

  test('goes on in another call where the time of one is over, and asks nothing again', async () => {
    const world = await judged();
    models.verdict = ({ A }) => {
      world.pass(20);
      return better(A === 'good' ? 'A' : 'B');
    };
    await world.evaluate(world.theRun().runId);
    expect(evaluationOf(world)).toMatchObject({
      ...{ state: 'WAITING', reason: 'GoesOn', answered: EXAMPLES, judge: { judged: 10 } },
      message: '25 examples are answered and 10 of them judged, and the others are next.',
    });
    await world.deliver();
    expect(judgeOf(world)).toMatchObject({ state: 'DONE', examples: EXAMPLES });
    expect(questions()).toHaveLength(2 * EXAMPLES);
  });

  test('who always says A is a judge of nothing: each verdict changes with the order', async () => {
    models.verdict = () => better('A');
    const world = await judged();
    await world.deliver();
    expect(judgeOf(world)).toMatchObject({
      ...{ examples: EXAMPLES, tuned: 0, base: 0, ties: 0, disagreements: EXAMPLES },
      difference: { value: 0 },
      sentence: expect.stringMatching(/^No difference .* In 25 its verdict changed with the order/),
    });
    expect(answersIn(world)[0]).toMatchObject({
      judge: { outcome: 'disagreement', tunedFirst: 'tuned', baseFirst: 'base' },
    });
  });

  test('is not asked about answers that are the same: nothing is paid for a tie', async () => {
    models.answer = () => ' the  same ';
    const world = await judged();
    await world.deliver();
    expect(questions()).toEqual([]);
    expect(judgeOf(world)).toMatchObject({
      ...{ state: 'DONE', examples: EXAMPLES, ties: EXAMPLES, same: EXAMPLES, usd: 0 },
      sentence:
        'The judge gemini-2.5-pro was not asked: the tuned model and its base gave the same answer to all of 25 examples.',
    });
  });

  test('is paid at its own price, beside the answers', async () => {
    const world = await judged();
    const planned = evaluationOf(world);
    expect(planned?.judge?.maxUsd).toBeLessThan(planned?.maxUsd ?? 0);
    await world.deliver();
    const calls = 2 * EXAMPLES;
    // Answers at 0.25 and 1.50, verdicts at 1.25 and 10 USD a million tokens.
    expect(judgeOf(world)).toMatchObject({ tokens: { input: 10 * calls, output: 2 * calls }, usd: 0.0016 });
    expect(evaluationOf(world)).toMatchObject({
      ...{ tokens: { input: 10 * calls, output: 2 * calls }, usd: 0.0019 },
    });
    expect(evaluationOf(world)?.usd).toBeLessThan(planned?.maxUsd ?? 0);
  });

  test('is not there without being asked for', async () => {
    const world = await judged({});
    await world.deliver();
    expect(questions()).toEqual([]);
    expect(evaluationOf(world)).not.toHaveProperty('judge');
    expect(answersIn(world)[0]).not.toHaveProperty('judge');
  });
});

describe('a verdict that cannot be read', () => {
  test.each<[string, string | number | object]>([
    ['was blocked', { promptFeedback: { blockReason: 'SAFETY' } }],
    ['was cut off', '{"better'],
    ['is of another word', better('C')],
    ['was refused', 400],
  ])('is counted and told, and is for nobody: it %s', async (_name, answer) => {
    models.verdict = ({ A, expected }) =>
      expected === 'answer 2' ? answer : better(A === 'good' ? 'A' : 'B');
    const world = await judged();
    await world.deliver();
    expect(judgeOf(world)).toMatchObject({
      ...{ state: 'DONE', examples: EXAMPLES - 1, tuned: EXAMPLES - 1, unreadable: 1 },
      sentence: expect.stringMatching(/ in 24 of 24 .* On 1 more it gave no verdict that can be read\.$/),
    });
    expect(answersIn(world)[2]).toMatchObject({ judge: { outcome: 'unreadable' } });
  });

  test('says nothing of the models where it is every one', async () => {
    models.verdict = () => '';
    const world = await judged();
    await world.deliver();
    expect(judgeOf(world)).toMatchObject({
      ...{ state: 'DONE', examples: 0, unreadable: EXAMPLES },
      sentence: 'The judge gemini-2.5-pro gave no verdict that can be read on any of 25 examples.',
    });
    expect(judgeOf(world)).not.toHaveProperty('difference');
  });
});

describe('a judge that does not answer', () => {
  test.each([
    ['is not there for this project', 404, 'RequestRefused', 20],
    ['refuses every question', 400, 'JudgeRefused', 20],
  ])('leaves what was measured: it %s', async (_name, status, reason, most) => {
    models.verdict = () => status;
    const world = await judged();
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({
      ...{ state: 'DONE', examples: EXAMPLES, tuned: { value: 0 }, base: { value: 0 } },
      judge: {
        ...{ state: 'FAILED', reason, message: expect.stringContaining('of 25 examples were judged') },
        remedy: expect.stringContaining('another judge'),
      },
      message: expect.stringContaining('The judge gemini-2.5-pro was given up: '),
    });
    expect(questions().length).toBeLessThanOrEqual(most);
    expect(answersIn(world)).toHaveLength(EXAMPLES);
    expect(world.theRun().work.nextAction).toBeNull();
  });

  test('is left out where the base went away, without whose answers there is nothing to compare', async () => {
    models.answer = (model) => (model === 'tuned' ? 'good' : 404);
    const world = await judged();
    await world.deliver();
    expect(questions()).toEqual([]);
    expect(evaluationOf(world)).toMatchObject({
      state: 'DONE',
      judge: { state: 'LEFT_OUT', reason: 'BaseNotAsked' },
      message: expect.stringContaining('Nothing was judged: gemini-3.1-flash-lite cannot be asked'),
    });
  });
});

describe('a quota of the judge that is used up', () => {
  let world: World;
  let left: number;
  beforeEach(async () => {
    left = 28;
    models.verdict = ({ A }) => (left-- > 0 ? better(A === 'good' ? 'A' : 'B') : 429);
    world = await judged();
    await world.deliver();
  });

  test('is waited for, with the reason and the next time', () => {
    expect(evaluationOf(world)).toMatchObject({
      ...{ state: 'WAITING', answered: EXAMPLES, nextTime: '2026-03-01T12:05:00.000Z' },
      message: expect.stringMatching(/25 examples are answered and 1\d of them judged, and none of them is/),
    });
    expect(judgeOf(world)?.judged).toBeGreaterThanOrEqual(10);
  });

  test('asks nothing again of what was answered and judged', async () => {
    const before = judgeOf(world)?.judged ?? 0;
    models.asked.length = 0;
    left = Number.POSITIVE_INFINITY;
    world.pass(300);
    await world.poll();
    await world.deliver();
    expect(judgeOf(world)).toMatchObject({ state: 'DONE', examples: EXAMPLES, tuned: EXAMPLES });
    expect(models.asked).toHaveLength(2 * (EXAMPLES - before));
  });

  test('ends the verdicts after a day, and not what was measured', async () => {
    for (let hour = 0; hour < 30; hour += 3) {
      world.pass(3 * 3600);
      await world.poll();
      await world.deliver();
    }
    expect(evaluationOf(world)).toMatchObject({ state: 'DONE', judge: { state: 'FAILED' } });
    expect(world.theRun()).toMatchObject({ status: { state: 'SUCCEEDED' }, work: { nextAction: null } });
  });
});

/** The objects that are created once: those of the answers, then those of the verdicts. */
const piecesIn = (world: World) =>
  world.objects.names(RESULTS).filter((name) => /\/evaluation\/\w+-from-\d{4}\.jsonl$/.test(name));

describe.each(['before', 'after'] as const)(
  'a judge whose function is killed %s each of its effects',
  (time) => {
    test('asks nothing again but the piece that was under way', async () => {
      const whole = await judged();
      await whole.deliver();
      expect(piecesIn(whole)).toHaveLength(6);
      for (let at = 1; ; at += 1) {
        const world = await judged();
        world.published.length = 0;
        models.asked.length = 0;
        const kill = killAt(world, at, time);
        await Promise.race([world.newInstances().evaluate(world.theRun().runId), kill.happens]);
        if (kill.end() === undefined) break;
        for (let minute = 0; minute < 30 && evaluationOf(world)?.state !== 'DONE'; minute += 1) {
          world.pass(60);
          await world.poll();
          await world.deliver();
        }
        expect(judgeOf(world), `killed at ${at}`).toEqual(judgeOf(whole));
        expect(evaluationOf(world)?.usd).toBe(evaluationOf(whole)?.usd);
        expect(answersIn(world)).toEqual(answersIn(whole));
        const again = models.asked.length - new Set(models.asked).size;
        expect(again, `killed at ${at}`).toBeLessThanOrEqual(20);
      }
    });
  },
);

test('a judge that finds the base better says so of the base', async () => {
  const shown: ShownAnswers[] = [];
  models.verdict = (one) => {
    shown.push(one);
    return better(one.A === 'bad' ? 'A' : 'B');
  };
  const world = await judged();
  await world.deliver();
  expect(judgeOf(world)).toMatchObject({
    ...{ tuned: 0, base: EXAMPLES, difference: { value: -1 } },
    sentence: expect.stringMatching(
      / prefers the base in 25 of 25 and the tuned model in 0: .* is worse by /,
    ),
  });
  expect(shown.every(({ expected }) => expected.startsWith('answer '))).toBe(true);
});

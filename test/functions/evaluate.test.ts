import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { messageOf, RUN_EVALUATED_TYPE } from '../../shared/core/run/changes.ts';
import { answersIn, EXAMPLES, evaluationOf, succeed } from '../support/evaluations.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const succeeded = (manifest?: object) => succeed(createWorld(), manifest);
const numberOf = (prompt: string) => prompt.split(' ').at(-1);

describe('a run that has succeeded', () => {
  test('has its tuned model and the base asked each example once, and says which is better', async () => {
    const world = await succeeded();
    expect(evaluationOf(world)).toMatchObject({ state: 'WAITING', examples: EXAMPLES });
    expect(world.theRun().work).toMatchObject({ nextAction: 'evaluate', published: 4 });
    world.asker.answer = (model, prompt) => (model === 'tuned' ? `answer ${numberOf(prompt)}` : 'no');
    await world.deliver();
    expect(world.asker.asked).toHaveLength(2 * EXAMPLES);
    expect(new Set(world.asker.asked).size).toBe(2 * EXAMPLES);
    expect(evaluationOf(world)).toMatchObject({
      ...{ state: 'DONE', measure: 'exactMatch', examples: EXAMPLES, answered: EXAMPLES },
      ...{ tuned: { value: 1 }, base: { value: 0 }, difference: { value: 1 } },
      sentence: expect.stringMatching(/^The tuned model is better than its base by /),
      ...{ tokens: { input: 500, output: 100 }, usd: null },
      answersFile: expect.stringMatching(/\/evaluation\/answers\.jsonl$/),
    });
    expect(world.theRun().work).toMatchObject({ nextAction: null, nextActionAt: null, owner: null });
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', reason: 'JobSucceeded' });
  });

  test('leaves every answer in a file beside its data', async () => {
    const world = await succeeded();
    await world.deliver();
    const rows = answersIn(world);
    expect(rows).toHaveLength(EXAMPLES);
    expect(rows[2]).toEqual({
      ...{ line: 3, prompt: 'held out question number 2', expected: 'answer 2' },
      ...{ tuned: 'answer', base: 'base', score: { tuned: 0, base: 0 } },
      tokens: { input: 20, output: 4 },
    });
  });

  test('says before it is tuned what is asked then', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect(world.theRun().status).toMatchObject({
      state: 'VALIDATED',
      evaluation: { state: 'LEFT_OUT', reason: 'NoEvaluationData' },
    });
  });

  test('is asked nothing where the manifest does not want it', async () => {
    const world = await succeeded({ evaluate: false });
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'LEFT_OUT', reason: 'NotWanted' });
    expect(world.theRun().work.nextAction).toBeNull();
    expect(world.asker.asked).toEqual([]);
  });

  test('is compared with none where the base is not known any more', async () => {
    const world = await succeeded();
    world.asker.answer = (model) => {
      if (model === 'tuned') return 'x';
      throw new TuneError('permanent', 'not found', { reason: 'NotFound', httpStatus: 404 });
    };
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'DONE', isBaseAsked: false, tuned: { value: 0 } });
    expect(evaluationOf(world)).not.toHaveProperty('base');
    expect(world.asker.asked.filter((question) => question.startsWith('base')).length).toBeLessThan(10);
  });
});

describe('what came of an evaluation', () => {
  const told = (world: World) => world.changes.filter(({ type }) => type === RUN_EVALUATED_TYPE);

  test('is published once, as an event of its own that is no end of a run', async () => {
    const world = await succeeded();
    await world.deliver();
    await world.poll();
    const { runId, status } = world.theRun();
    expect(told(world)).toMatchObject([
      {
        ...{ id: `${runId}-Evaluated`, sequence: '05' },
        data: { state: 'SUCCEEDED', reason: 'Compared', message: status.evaluation?.message },
      },
    ]);
    const [change] = told(world);
    expect(change?.data.evaluation).toEqual(status.evaluation);
    const { attributes } = change ? messageOf(change) : {};
    expect(attributes).toMatchObject({ evaluation: 'DONE', manifest: 'reviews/tune.json' });
    expect(attributes).not.toHaveProperty('terminal');
    expect(attributes).not.toHaveProperty('state');
  });

  test('stands in the history of the run, whose own words stay', async () => {
    const world = await succeeded();
    const { endTime } = world.theRun().status;
    world.pass(60);
    await world.deliver();
    const { history, reason, endTime: after } = world.theRun().status;
    expect(history.at(-1)).toMatchObject({ from: 'SUCCEEDED', to: 'SUCCEEDED', reason: 'Compared' });
    expect([reason, after]).toEqual(['JobSucceeded', endTime]);
  });

  test('is published at a later tick where Pub/Sub was away', async () => {
    const world = await succeeded();
    world.changeFaults.push(new Error('away'));
    await world.deliver();
    expect(world.theRun().work.nextAction).toBe('publish');
    world.pass(60);
    await world.poll();
    expect(told(world)).toHaveLength(1);
    expect(world.theRun().work.nextAction).toBeNull();
  });
});

describe('a run that did not succeed', () => {
  test('says nothing of an evaluation that will not be', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    world.upload('reviews/eval.jsonl', examples(EXAMPLES, 'held out'));
    await world.finalized(
      world.upload('reviews/tune.json', aManifest({ evaluation_data_uri: 'eval.jsonl' })),
    );
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'PLANNED', examples: EXAMPLES });
    const [name = ''] = world.backend.jobs.keys();
    world.backend.set(name, { state: 'PIPELINE_STATE_FAILED' });
    await world.poll();
    expect(world.theRun().status.state).toBe('FAILED');
    expect(world.theRun().status).not.toHaveProperty('evaluation');
  });
});

const QUOTA = () =>
  new TuneError('throttled', 'Quota exceeded.', { reason: 'QuotaExceeded', httpStatus: 429 });

describe('a quota that is used up', () => {
  let world: World;
  let left: number;
  beforeEach(async () => {
    world = await succeeded();
    left = 28;
    world.asker.answer = () => {
      if (left-- <= 0) throw QUOTA();
      return 'x';
    };
    await world.deliver();
  });

  test('is waited for, with the reason and the next time', () => {
    expect(evaluationOf(world)).toMatchObject({
      ...{ state: 'WAITING', reason: 'QuotaExceeded', nextTime: '2026-03-01T12:05:00.000Z' },
      message: expect.stringContaining('none of them is asked again'),
    });
    expect(evaluationOf(world)?.answered).toBeGreaterThanOrEqual(10);
  });

  test('keeps a message that comes meanwhile from asking', async () => {
    const asked = world.asker.asked.length;
    await world.evaluate(world.theRun().runId);
    expect(world.asker.asked).toHaveLength(asked);
  });

  test('asks nothing again of what was answered', async () => {
    const answered = evaluationOf(world)?.answered ?? 0;
    world.asker.asked.length = 0;
    left = Number.POSITIVE_INFINITY;
    world.pass(300);
    await world.poll();
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'DONE', examples: EXAMPLES });
    expect(world.asker.asked).toHaveLength(2 * (EXAMPLES - answered));
  });

  test('ends the evaluation after a day, and not the run', async () => {
    for (let hour = 0; hour < 30; hour += 3) {
      world.pass(3 * 3600);
      await world.poll();
      await world.deliver();
    }
    expect(evaluationOf(world)).toMatchObject({ state: 'FAILED', reason: 'QuotaExceeded' });
    expect(world.theRun()).toMatchObject({ status: { state: 'SUCCEEDED' }, work: { nextAction: null } });
  });
});

describe('an evaluation that nobody takes', () => {
  test('is asked for again and again, less and less often, and given up at the end', async () => {
    const world = await succeeded();
    for (let hour = 0; hour < 15 * 24; hour += 6) {
      world.pass(6 * 3600);
      await world.poll();
    }
    expect(world.published.length).toBeGreaterThan(50);
    expect(evaluationOf(world)).toMatchObject({ state: 'FAILED', reason: 'NoAnswer' });
    expect(world.theRun()).toMatchObject({ status: { state: 'SUCCEEDED' }, work: { nextAction: null } });
  });
});

test('two who are asked at once: one asks, the other leaves', async () => {
  const world = await succeeded();
  const { runId } = world.theRun();
  await Promise.all([world.evaluate(runId), world.evaluate(runId), world.evaluate(runId)]);
  expect(world.asker.asked).toHaveLength(2 * EXAMPLES);
  expect(evaluationOf(world)).toMatchObject({ state: 'DONE' });
});

test('a question that Vertex AI refuses is answered by nothing; where it refuses all, the evaluation has failed', async () => {
  const refuse = () => {
    throw new TuneError('permanent', 'It is too long.', { reason: 'BadRequest', httpStatus: 400 });
  };
  const world = await succeeded();
  world.asker.answer = (_model, prompt) => (numberOf(prompt) === '3' ? refuse() : 'x');
  await world.deliver();
  expect(evaluationOf(world)).toMatchObject({
    state: 'DONE',
    examples: EXAMPLES,
    unanswered: { tuned: 1, base: 1 },
  });
  const other = await succeeded();
  other.asker.answer = refuse;
  await other.deliver();
  expect(evaluationOf(other)).toMatchObject({ state: 'FAILED', reason: 'QuestionsRefused' });
});

test('a base that refuses every question is nothing that a model is better than', async () => {
  const world = await succeeded({ judge: 'gemini-2.5-pro' });
  world.asker.answer = (model, prompt) => {
    if (model === 'tuned') return `answer ${numberOf(prompt)}`;
    throw new TuneError('permanent', 'It is not for me.', { reason: 'BadRequest', httpStatus: 400 });
  };
  await world.deliver();
  expect(evaluationOf(world)).toMatchObject({
    ...{ state: 'DONE', isBaseAsked: true, tuned: { value: 1 }, unanswered: { tuned: 0, base: EXAMPLES } },
    message: expect.stringContaining('Its base gave no answer to any of them'),
    judge: { state: 'LEFT_OUT', reason: 'BaseWithoutAnswers' },
  });
  expect(evaluationOf(world)).not.toHaveProperty('difference');
  expect(world.asker.asked).toHaveLength(2 * EXAMPLES);
});

test('answers that were cut off are counted, told, and marked in the file of all answers', async () => {
  const world = await succeeded();
  world.asker.isCut = (text) => text.endsWith('…');
  world.asker.answer = (model, prompt) =>
    model === 'tuned' && numberOf(prompt) === '3' ? 'answ…' : model === 'base' ? 'no…' : 'answer';
  await world.deliver();
  expect(evaluationOf(world)).toMatchObject({
    cutOff: { tuned: 1, base: EXAMPLES },
    message: expect.stringContaining(`1 of the tuned model, ${EXAMPLES} of the base`),
  });
  expect(answersIn(world).filter(({ cut }) => String(cut) === 'tuned,base')).toHaveLength(1);
});

test('a model that nobody trained is asked once: the evaluation has failed, with nothing to wait for', async () => {
  const world = await succeeded();
  world.asker.answer = () => {
    throw new TuneError('ambiguous', 'No model was trained.', {
      reason: 'VertexUnavailable',
      httpStatus: 501,
    });
  };
  await world.deliver();
  expect(evaluationOf(world)).toMatchObject({ state: 'FAILED', message: 'No model was trained.' });
  expect(evaluationOf(world)).not.toHaveProperty('remedy', expect.anything());
});

import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { answersIn, EXAMPLES, evaluationOf, succeedGemini } from '../support/evaluations.ts';

const served = (id: number) => `projects/123/locations/us/endpoints/${id}`;

const numberOf = (prompt: string) => prompt.split(' ').at(-1);

describe('the other checkpoints of a tuned model', () => {
  test('are asked where the manifest wants it: the best of them is told, with where it answers', async () => {
    const world = await succeedGemini({ evaluate_checkpoints: true });
    expect(evaluationOf(world)).toMatchObject({ state: 'WAITING', maxCheckpoints: 2 });
    world.asker.answer = (model, prompt, name) =>
      model === 'tuned' && name === served(2) ? `answer ${numberOf(prompt)}` : 'no';
    await world.deliver();
    expect(world.asker.asked).toHaveLength(4 * EXAMPLES);
    expect(evaluationOf(world)).toMatchObject({
      state: 'DONE',
      checkpoints: [
        { id: '1', value: { value: 0 } },
        { id: '2', value: { value: 1 }, difference: { value: 1 } },
      ],
      bestCheckpoint: { id: '2', endpoint: served(2) },
      message: expect.stringContaining('Checkpoint 2 answers better than the one that is served'),
      tokens: { input: 4 * EXAMPLES * 10, output: 4 * EXAMPLES * 2 },
    });
    expect(answersIn(world)[2]).toMatchObject({ tuned: 'no', checkpoints: { 1: 'no', 2: 'answer 2' } });
  });

  test('are not asked by themselves', async () => {
    const world = await succeedGemini();
    await world.deliver();
    expect(world.asker.asked).toHaveLength(2 * EXAMPLES);
    expect(evaluationOf(world)).not.toHaveProperty('checkpoints');
    expect(answersIn(world)[0]).not.toHaveProperty('checkpoints');
  });

  test('are compared without one that does not answer any more', async () => {
    const world = await succeedGemini({ evaluate_checkpoints: true });
    world.asker.answer = (_model, _prompt, name) => {
      if (name === served(1))
        throw new TuneError('permanent', 'gone', { reason: 'NotFound', httpStatus: 404 });
      return 'no';
    };
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'DONE', checkpoints: [{ id: '2' }] });
    expect(evaluationOf(world)).not.toHaveProperty('bestCheckpoint');
  });

  test('wait for a quota like the model itself', async () => {
    const world = await succeedGemini({ evaluate_checkpoints: true });
    world.asker.answer = (_model, _prompt, name) => {
      if (name === served(1))
        throw new TuneError('throttled', 'Quota.', { reason: 'QuotaExceeded', httpStatus: 429 });
      return 'no';
    };
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'WAITING', reason: 'QuotaExceeded' });
  });
});

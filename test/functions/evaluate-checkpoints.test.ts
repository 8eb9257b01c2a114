import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { answersIn, EXAMPLES, evaluationOf } from '../support/evaluations.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createWorld, examples, type World } from '../support/world.ts';

const at = (id: number) => `projects/123/locations/us-central1/endpoints/${id}`;
const served = (id: number) => `projects/123/locations/us/endpoints/${id}`;

/** A tuned Gemini with three checkpoints, the last of which is served, as the tick leaves it that saw the end of its job. */
async function tuned(manifest: object = {}): Promise<World> {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend });
  world.upload('reviews/train.jsonl', examples(120));
  world.upload('reviews/eval.jsonl', examples(EXAMPLES, 'held out'));
  const keys = {
    ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', evaluation_data_uri: 'eval.jsonl' },
    ...{ epoch_count: 3, ...manifest },
  };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(keys)));
  await world.deliver();
  const says: Partial<JobObservation> = {
    outputs: {
      ...{ model: 'projects/123/locations/us-central1/models/9@1', endpoint: at(3) },
      checkpoints: [1, 2, 3].map((id) => ({ id: `${id}`, epoch: id, step: 15 * id, endpoint: at(id) })),
    },
  };
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_SUCCEEDED', phase: 'succeeded', labels: {}, outputs: {} },
    ...says,
  });
  await world.poll();
  return world;
}

const numberOf = (prompt: string) => prompt.split(' ').at(-1);

describe('the other checkpoints of a tuned model', () => {
  test('are asked where the manifest wants it: the best of them is told, with where it answers', async () => {
    const world = await tuned({ evaluate_checkpoints: true });
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
    const world = await tuned();
    await world.deliver();
    expect(world.asker.asked).toHaveLength(2 * EXAMPLES);
    expect(evaluationOf(world)).not.toHaveProperty('checkpoints');
    expect(answersIn(world)[0]).not.toHaveProperty('checkpoints');
  });

  test('are compared without one that does not answer any more', async () => {
    const world = await tuned({ evaluate_checkpoints: true });
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
    const world = await tuned({ evaluate_checkpoints: true });
    world.asker.answer = (_model, _prompt, name) => {
      if (name === served(1))
        throw new TuneError('throttled', 'Quota.', { reason: 'QuotaExceeded', httpStatus: 429 });
      return 'no';
    };
    await world.deliver();
    expect(evaluationOf(world)).toMatchObject({ state: 'WAITING', reason: 'QuotaExceeded' });
  });
});

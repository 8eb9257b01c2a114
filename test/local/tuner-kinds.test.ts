import { describe, expect, it } from 'vitest';
import { loadBase } from '../../local/small-model/model/base.ts';
import { decodeSafetensors, encodeSafetensors } from '../../local/small-model/model/safetensors.ts';
import { baseWith, decodeTuned } from '../../local/small-model/model/tuned.ts';
import { createPredictor } from '../../local/small-model/predictor.ts';
import type { TuningExample } from '../../local/small-model/text/sequence.ts';
import { tune } from '../../local/small-model/tuner.ts';
import { anExample, aTinyBase, aTraining, EASY_EXAMPLES, runTraining } from './tuner-builders.ts';

const base = aTinyBase();
const lossOf = (weights: Uint8Array | undefined) =>
  createPredictor({ base, weights }).evaluate(EASY_EXAMPLES).loss;
const sizeOf = (weights: Uint8Array) => {
  const { adapter = [] } = decodeTuned(weights, base);
  return adapter.reduce((sum, { values }) => sum + values.length, 0);
};

describe('the rank of an adapter', () => {
  it('is how much there is to learn with: as many numbers for each of its ranks', async () => {
    const sizes = [];
    for (const rank of [1, 4, 16]) {
      sizes.push(sizeOf((await runTraining({ steps: 1, learns: { rank } })).finished.weights));
    }
    const [one = 0] = sizes;
    expect(one).toBeGreaterThan(0);
    expect(sizes).toEqual([one, 4 * one, 16 * one]);
  });

  it('decides what is learned in the same steps', async () => {
    const losses = [];
    for (const rank of [1, 16]) {
      losses.push(lossOf((await runTraining({ steps: 60, learns: { rank } })).finished.weights));
    }
    expect(losses[1]).toBeLessThan(losses[0] ?? 0);
  });
});

describe('checkpoints', () => {
  it('are handed out after their steps, evaluated there, and the last is the result', async () => {
    const checkpointSteps = [2, 5, 6];
    const training = aTraining({ evaluation: EASY_EXAMPLES, evaluationInterval: 4, checkpointSteps });
    const told: string[] = [];
    const weights: Uint8Array[] = [];
    for await (const event of tune(training, base)) {
      if (event.kind === 'checkpoint') weights.push(event.weights);
      if (event.kind === 'finished') expect(event.weights).toEqual(weights.at(-1));
      else if (event.kind !== 'train') told.push(`${event.kind} ${event.step}`);
    }
    expect(told).toEqual([
      ...['evaluation 2', 'checkpoint 2', 'evaluation 4'],
      ...['evaluation 5', 'checkpoint 5', 'evaluation 6', 'checkpoint 6'],
    ]);
    expect(new Set(weights.map((one) => Buffer.from(one).toString('base64'))).size).toBe(3);
  });
});

describe('going on from what an earlier training left behind', () => {
  const first = () => runTraining({ steps: 30, learns: { rank: 2 } });
  const STANDSTILL = { steps: 1, learningRateMultiplier: 0 };

  it('starts with what that one had learned', async () => {
    const { finished } = await first();
    const again = await runTraining({ ...STANDSTILL, start: finished.weights, learns: { rank: 2 } });
    expect(lossOf(again.finished.weights)).toBe(lossOf(finished.weights));
    expect(lossOf(finished.weights)).toBeLessThan(lossOf(undefined));
  });

  it('in a higher rank has more to learn with and answers the same at first', async () => {
    const { finished } = await first();
    const again = await runTraining({ ...STANDSTILL, start: finished.weights, learns: { rank: 8 } });
    expect(sizeOf(again.finished.weights)).toBe(4 * sizeOf(finished.weights));
    expect(lossOf(again.finished.weights)).toBeCloseTo(lossOf(finished.weights), 5);
  });

  it('in a lower rank keeps the rank that is there', async () => {
    const { finished } = await first();
    const again = await runTraining({ ...STANDSTILL, start: finished.weights, learns: { rank: 1 } });
    expect(sizeOf(again.finished.weights)).toBe(sizeOf(finished.weights));
  });
});

describe('tuning the base itself', () => {
  it('learns, and leaves a whole base behind that answers and can be gone on from', async () => {
    const { finished } = await runTraining({ steps: 60, learns: 'base', learningRateMultiplier: 4 });
    const tuned = decodeTuned(finished.weights, base);
    expect(tuned.adapter).toBeUndefined();
    expect(lossOf(finished.weights)).toBeLessThan(lossOf(undefined) * 0.7);
    const next = await runTraining({ steps: 30, start: finished.weights, learns: 'base' });
    expect(lossOf(next.finished.weights)).toBeLessThan(lossOf(finished.weights));
  });

  it('cannot go on from an adapter', async () => {
    const { finished } = await runTraining({ steps: 1 });
    await expect(runTraining({ learns: 'base', start: finished.weights })).rejects.toThrow('adapter');
  });
});

describe('preferences', () => {
  const prefers = (prompt: string, chosen: string, rejected: string): TuningExample => ({
    ...anExample(prompt, chosen),
    rejected: anExample(prompt, rejected).segments,
  });
  const PAIRS = ['red', 'blue', 'green', 'white'].map((word) =>
    prefers(`What is ${word}?`, 'A colour.', 'I do not know.'),
  );
  const train = (overrides: object = {}) =>
    runTraining(
      {
        ...{ examples: PAIRS, evaluation: PAIRS, preference: { beta: 0.1 }, learningRateMultiplier: 0.3 },
        ...overrides,
      },
      loadBase(),
    );

  it('start where neither answer is preferred, and make the chosen one likelier than the other', async () => {
    const { train: steps, evaluations } = await train({ steps: 12, evaluationInterval: 12 });
    expect(steps[0]).toMatchObject({ loss: Math.LN2, predictions: 4 });
    expect(evaluations).toMatchObject([{ accuracy: 1, predictions: 4 }]);
    expect(evaluations[0]?.loss).toBeLessThan(0.6);
  });

  it('the same move counts for more with a greater beta', async () => {
    const losses = [];
    for (const beta of [0.05, 0.5]) {
      const { evaluations } = await train({ steps: 6, evaluationInterval: 6, preference: { beta } });
      losses.push(evaluations[0]?.loss);
    }
    expect(losses[1]).toBeLessThan(losses[0] ?? 0);
  });
});

describe('safetensors', () => {
  it('hold the matrices of a base, which can be put back', () => {
    const bytes = encodeSafetensors(base.matrices);
    expect(decodeSafetensors(bytes)).toEqual(base.matrices);
    expect(baseWith(base, decodeSafetensors(bytes))).toEqual(base);
  });

  it.each([
    ['no bytes at all', new Uint8Array()],
    ['bytes of something else', new TextEncoder().encode('{"a": 1} and more')],
  ])('cannot be read from %s', (_name, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow('safetensors');
  });

  it('of another shape are refused', () => {
    expect(() => baseWith(base, loadBase().matrices)).toThrow('the weights lack embedding');
  });
});

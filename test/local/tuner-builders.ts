import { createRandom } from '../../local/small-model/math/random.ts';
import { type Base, createRandomBase } from '../../local/small-model/model/base.ts';
import type { ModelShape } from '../../local/small-model/model/transformer.ts';
import type { TuningExample } from '../../local/small-model/text/sequence.ts';
import { type Training, type TrainingEnd, type TunerEvent, tune } from '../../local/small-model/tuner.ts';

/** A model of a few thousand numbers over plain bytes, for what does not depend on what the base has read. */
export const TINY_SHAPE: ModelShape = {
  vocabulary: 264,
  width: 16,
  heads: 2,
  layers: 2,
  hidden: 24,
  window: 40,
};

export const aTinyBase = (seed = 'tiny'): Base => createRandomBase(createRandom(seed), TINY_SHAPE, []);

export const anExample = (given: string, wanted: string): TuningExample => ({
  segments: [
    { text: given, isTarget: false },
    { text: wanted, isTarget: true },
  ],
});

/** Two kinds of prompts, each with its own answer: learned within a few dozen steps. */
export const EASY_EXAMPLES: TuningExample[] = ['one', 'two', 'ten', 'six'].flatMap((word) => [
  anExample(`sea ${word}`, 'fish'),
  anExample(`sky ${word}`, 'bird'),
]);

export const aTraining = (overrides: Partial<Training> = {}): Training => ({
  examples: EASY_EXAMPLES,
  steps: 6,
  batchSize: 4,
  learningRateMultiplier: 1,
  evaluationInterval: 2,
  earlyStopping: false,
  checkpointSelection: false,
  seed: 'test',
  ...overrides,
});

export type Measured = Exclude<TunerEvent, TrainingEnd | { kind: 'checkpoint' }>;

/** Runs the training to its end, on the tiny base unless another is given. */
export async function runTraining(
  overrides: Partial<Training> = {},
  base: Base = aTinyBase(),
): Promise<{ train: Measured[]; evaluations: Measured[]; finished: TrainingEnd }> {
  const train: Measured[] = [];
  const evaluations: Measured[] = [];
  for await (const event of tune(aTraining(overrides), base)) {
    if (event.kind === 'finished') return { train, evaluations, finished: event };
    if (event.kind === 'train') train.push(event);
    if (event.kind === 'evaluation') evaluations.push(event);
  }
  throw new Error('the tuner ended without saying so');
}

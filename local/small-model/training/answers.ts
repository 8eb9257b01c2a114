/** The usual objective: the right answer of every example becomes likelier. */
import type { Random } from '../math/random.ts';
import type { Learner } from '../model/learner.ts';
import type { Score } from '../model/transformer.ts';
import { countAnswers, type Sequence } from '../text/sequence.ts';
import { createBatches } from './batches.ts';
import { metricsOf } from './metrics.ts';
import { inChunks, type Objective } from './objective.ts';

/** Examples of one forward pass: bounds the memory whatever the batch size. */
const CHUNK = 4;

export interface AnswersOptions {
  learner: Learner;
  sequences: readonly Sequence[];
  evaluation: readonly Sequence[];
  batchSize: number;
  random: Random;
  signal: AbortSignal | undefined;
}

/** The loss is the mean cross-entropy of the target tokens. */
export function createAnswersObjective(options: AnswersOptions): Objective {
  const { learner, sequences, evaluation, batchSize, random, signal } = options;
  if (countAnswers(sequences) === 0) throw new RangeError('no example has a target');
  const batches = createBatches(sequences, batchSize, random);

  const measure = async (of: readonly Sequence[], score: (chunk: readonly Sequence[]) => Score) => {
    const sum: Score = { loss: 0, correct: 0 };
    await inChunks(of, { size: CHUNK, signal }, (chunk) => {
      const { loss, correct } = score(chunk);
      sum.loss += loss;
      sum.correct += correct;
    });
    return metricsOf(sum, of);
  };
  return {
    truncatedExamples: [...sequences, ...evaluation].filter(({ isTruncated }) => isTruncated).length,
    learn: () => {
      const batch = batches.next();
      const scale = 1 / Math.max(1, countAnswers(batch));
      return measure(batch, (chunk) => learner.learn(chunk, scale));
    },
    evaluate: async () => (evaluation.length === 0 ? undefined : measure(evaluation, learner.score)),
  };
}

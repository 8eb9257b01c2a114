/**
 * Direct preference optimisation (Rafailov et al., arXiv:2305.18290): of two answers the preferred one becomes likelier than the
 * other, measured from where the training started. With the summed losses c and r of the chosen and the rejected answer, and
 * those at the start c0 and r0: margin = beta ((c0 - c) - (r0 - r)), loss = -log sigmoid(margin).
 */
import type { Random } from '../math/random.ts';
import type { Learner } from '../model/learner.ts';
import type { Sequence } from '../text/sequence.ts';
import { createBatches } from './batches.ts';
import type { StepMetrics } from './metrics.ts';
import { inChunks, type Objective } from './objective.ts';

export interface AnswerPair {
  chosen: Sequence;
  rejected: Sequence;
}

export interface PreferencesOptions {
  learner: Learner;
  pairs: readonly AnswerPair[];
  evaluation: readonly AnswerPair[];
  beta: number;
  batchSize: number;
  random: Random;
  signal: AbortSignal | undefined;
}

interface Losses {
  chosen: number;
  rejected: number;
}

/** Of the metrics, `accuracy` is the share of pairs whose margin is above zero and `predictions` counts pairs. */
export function createPreferencesObjective(options: PreferencesOptions): Objective {
  const { learner, pairs, evaluation, beta, batchSize, random, signal } = options;
  if (pairs.length === 0) throw new RangeError('there is no pair of answers');
  const batches = createBatches(pairs, batchSize, random);
  const lossesOf = ({ chosen, rejected }: AnswerPair): Losses => ({
    chosen: learner.score([chosen]).loss,
    rejected: learner.score([rejected]).loss,
  });
  let atStart: Promise<Map<AnswerPair, Losses>> | undefined;
  const measureStart = async () => {
    const losses = new Map<AnswerPair, Losses>();
    await inChunks([...pairs, ...evaluation], { size: 1, signal }, ([pair]) => {
      if (pair) losses.set(pair, lossesOf(pair));
    });
    return losses;
  };

  const measure = async (of: readonly AnswerPair[], learnPair?: (pair: AnswerPair, pull: number) => void) => {
    atStart ??= measureStart();
    const starts = await atStart;
    const sum = { loss: 0, right: 0 };
    await inChunks(of, { size: 1, signal }, ([pair]) => {
      const start = pair && starts.get(pair);
      if (!start) return;
      const now = lossesOf(pair);
      const margin = beta * (start.chosen - now.chosen - (start.rejected - now.rejected));
      sum.loss += softplus(-margin);
      if (margin > 0) sum.right += 1;
      learnPair?.(pair, (beta * sigmoid(-margin)) / of.length);
    });
    const metrics: StepMetrics = {
      loss: sum.loss / of.length,
      accuracy: sum.right / of.length,
      predictions: of.length,
    };
    return metrics;
  };
  return {
    truncatedExamples: [...pairs, ...evaluation].filter(
      ({ chosen, rejected }) => chosen.isTruncated || rejected.isTruncated,
    ).length,
    learn: () =>
      measure(batches.next(), ({ chosen, rejected }, pull) => {
        learner.learn([chosen], pull);
        learner.learn([rejected], -pull);
      }),
    evaluate: async () => (evaluation.length === 0 ? undefined : measure(evaluation)),
  };
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** log(1 + e^value), without overflow. */
const softplus = (value: number) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));

import type { Score } from '../model/transformer.ts';
import { countAnswers, type Sequence } from '../text/sequence.ts';

/** What is measured at a step or in an evaluation: the metrics of praxis' language models, whose names the service uses. */
export interface StepMetrics {
  /** Mean cross-entropy in nats per target token. */
  loss: number;
  /** Share of target tokens that were the likeliest ones, each given the true ones before it. */
  accuracy: number;
  /** Target tokens, the end of each target among them. */
  predictions: number;
}

/** The metrics of these sequences, whose score is the sum over their answers. */
export function metricsOf(score: Score, sequences: readonly Sequence[]): StepMetrics {
  const predictions = countAnswers(sequences);
  const divisor = Math.max(1, predictions);
  return { loss: score.loss / divisor, accuracy: score.correct / divisor, predictions };
}

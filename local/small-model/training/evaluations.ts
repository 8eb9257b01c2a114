/** What an evaluation decides: whether to go on, and which checkpoint is the best. */
import type { StepMetrics } from './metrics.ts';

/** The service's own thresholds are not published; these are a choice of the embedded cloud. */
const EVALUATIONS_WITHOUT_GAIN = 5;
const LEAST_GAIN = 0.001;

export interface EarlyStop {
  /** Why to stop, once five evaluations in a row have not gained 0.001 in token accuracy. */
  observe(metrics: StepMetrics): string | undefined;
}

export function createEarlyStop(): EarlyStop {
  let best = Number.NEGATIVE_INFINITY;
  let without = 0;
  return {
    observe({ accuracy }) {
      without = accuracy >= best + LEAST_GAIN ? 0 : without + 1;
      best = without === 0 ? accuracy : best;
      if (without < EVALUATIONS_WITHOUT_GAIN) return undefined;
      return `${EVALUATIONS_WITHOUT_GAIN} evaluations without a gain of ${LEAST_GAIN} in token accuracy`;
    },
  };
}

export interface Checkpoint {
  step: number;
  weights: Uint8Array;
}

export interface CheckpointKeeper {
  best: Checkpoint | undefined;
  /** Keeps the weights as they are now if no evaluation was as good: by token accuracy, then by loss. */
  offer(step: number, metrics: StepMetrics): void;
}

export function createCheckpointKeeper(current: () => Uint8Array): CheckpointKeeper {
  let metricsOfBest: StepMetrics | undefined;
  const keeper: CheckpointKeeper = {
    best: undefined,
    offer(step, metrics) {
      if (metricsOfBest && !isBetter(metrics, metricsOfBest)) return;
      metricsOfBest = metrics;
      keeper.best = { step, weights: current() };
    },
  };
  return keeper;
}

function isBetter(one: StepMetrics, other: StepMetrics): boolean {
  if (one.accuracy !== other.accuracy) return one.accuracy > other.accuracy;
  return one.loss < other.loss;
}

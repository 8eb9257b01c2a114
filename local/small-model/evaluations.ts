import type { StepMetrics } from './tuner.ts';
import type { NamedMatrix } from './weights.ts';

/** What an evaluation decides: whether to go on, and which checkpoint is the best. */

/** The service's own thresholds are not published; these are a choice of the embedded cloud. */
const PATIENCE = 5;
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
      if (without < PATIENCE) return undefined;
      return `${PATIENCE} evaluations without a gain of ${LEAST_GAIN} in token accuracy`;
    },
  };
}

export interface Checkpoint {
  step: number;
  adapter: NamedMatrix[];
}

export interface Keeper {
  best: Checkpoint | undefined;
  /** Keeps the adapter as it is now if no evaluation was as good: by token accuracy, then by loss. */
  offer(step: number, metrics: StepMetrics): void;
}

export function createKeeper(current: () => NamedMatrix[]): Keeper {
  let metricsOfBest: StepMetrics | undefined;
  const keeper: Keeper = {
    best: undefined,
    offer(step, metrics) {
      if (metricsOfBest && !isBetter(metrics, metricsOfBest)) return;
      metricsOfBest = metrics;
      keeper.best = { step, adapter: current() };
    },
  };
  return keeper;
}

function isBetter(one: StepMetrics, other: StepMetrics): boolean {
  if (one.accuracy !== other.accuracy) return one.accuracy > other.accuracy;
  return one.loss < other.loss;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StepMetrics } from './metrics.ts';

/** What a training makes smaller: over a batch, with gradients, and over all of the evaluation data, without. */
export interface Objective {
  /** Draws the next batch and leaves its gradients in the model. */
  learn(): Promise<StepMetrics>;
  /** Undefined where there is nothing to evaluate on. */
  evaluate(): Promise<StepMetrics | undefined>;
  /** Examples that were longer than the window. */
  truncatedExamples: number;
}

/** Calls `work` for so many items at a time; between them the event loop gets its turn, and an aborted signal throws its reason. */
export async function inChunks<T>(
  items: readonly T[],
  options: { size: number; signal: AbortSignal | undefined },
  work: (chunk: readonly T[]) => void,
): Promise<void> {
  for (let from = 0; from < items.length; from += options.size) {
    await nextTurn();
    options.signal?.throwIfAborted();
    work(items.slice(from, from + options.size));
  }
}

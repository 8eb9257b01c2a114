/** `tuningDataStats`: figures of a data set, as the real service shows them. */
import { type Json, type JsonObject, present, unlessEmpty } from '../http/json.ts';
import type { Turn } from '../training/prompts.ts';

/** A data set in numbers, one for each example that was kept. */
export interface DatasetFigures {
  inputTokens: number[];
  outputTokens: number[];
  messages: number[];
  /** The first examples, as they came. */
  shown: Turn[];
  /** From 1. */
  droppedIndices: number[];
  dropped: number;
}

/** Ranges of equal width, whole numbers at their ends, those without a value left out: worked out from a recorded answer. */
const BUCKETS = 6;

export function distribution(values: readonly number[]): JsonObject | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const [min, max] = [at(sorted, 0), at(sorted, 1)];
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    sum: String(sum),
    ...{ min, max, mean: sum / values.length, median: at(sorted, 0.5) },
    ...{ p5: at(sorted, 0.05), p95: at(sorted, 0.95) },
    buckets: buckets(values, min, max),
  };
}

/** The smallest value that at least this share of all do not exceed. */
const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

function buckets(values: readonly number[], min: number, max: number): Json[] {
  const width = (max - min + 1) / BUCKETS;
  const leftOf = (index: number) => Math.ceil(min + index * width);
  return Array.from({ length: BUCKETS }, (_, index) => {
    const [left, right] = [leftOf(index), leftOf(index + 1) - 1];
    return { count: values.filter((value) => value >= left && value <= right).length, left, right };
  }).filter(({ count }) => count > 0);
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const DROPPED = 'The example has more tokens than an example may have.';

/** Epochs are not in the billable tokens, as in the one recorded answer. */
export function supervisedStats(figures: DatasetFigures, steps: number): JsonObject {
  const { inputTokens, outputTokens, dropped, droppedIndices } = figures;
  const stats = present({
    ...commonStats(figures, steps),
    totalBillableTokenCount: String(sumOf(inputTokens) + sumOf(outputTokens)),
    totalTruncatedExampleCount: dropped > 0 ? String(dropped) : undefined,
    truncatedExampleIndices: unlessEmpty(droppedIndices.map(String)),
    droppedExampleReasons: unlessEmpty(droppedIndices.map(() => DROPPED)),
  });
  return { supervisedTuningDataStats: stats };
}

/** The prompt counts twice, once for each of its answers (Google's page). */
export function preferenceStats(figures: DatasetFigures, steps: number): JsonObject {
  const { inputTokens, outputTokens, droppedIndices } = figures;
  const scores = inputTokens.flatMap(() => [0, 1]);
  const stats = present({
    ...commonStats(figures, steps),
    totalBillableTokenCount: String(2 * sumOf(inputTokens) + sumOf(outputTokens)),
    scoresDistribution: distribution(scores),
    scoreVariancePerExampleDistribution: distribution(inputTokens.map(() => SCORE_VARIANCE)),
    droppedExampleIndices: unlessEmpty(droppedIndices.map(String)),
    droppedExampleReasons: unlessEmpty(droppedIndices.map(() => DROPPED)),
  });
  return { preferenceOptimizationDataStats: stats };
}

/** Of the scores 0 and 1. */
const SCORE_VARIANCE = 0.25;

const MAX_SHOWN_CHARACTERS = 400;

function commonStats({ inputTokens, outputTokens, messages, shown }: DatasetFigures, steps: number) {
  return {
    tuningDatasetExampleCount: String(inputTokens.length),
    tuningStepCount: String(steps),
    userInputTokenDistribution: distribution(inputTokens),
    userOutputTokenDistribution: distribution(outputTokens),
    userMessagePerExampleDistribution: distribution(messages),
    userDatasetExamples: unlessEmpty(shown.map(contentOf)),
  };
}

function contentOf({ author, content }: Turn): Json {
  const text =
    content.length > MAX_SHOWN_CHARACTERS ? `${content.slice(0, MAX_SHOWN_CHARACTERS)}...` : content;
  return { role: author === 'assistant' ? 'model' : 'user', parts: [{ text }] };
}

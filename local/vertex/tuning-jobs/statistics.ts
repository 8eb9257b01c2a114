/** `tuningDataStats`: figures of a data set, as the real service shows them. */
import { type Json, type JsonObject, present, unlessEmpty } from '../http/json.ts';
import type { Turn } from '../training/prompts.ts';

/** How often each number came: of a data set of any length no more is kept. */
export type Tally = Map<number, number>;

export function count(tally: Tally, value: number, times = 1): void {
  tally.set(value, (tally.get(value) ?? 0) + times);
}

/** A data set in numbers, of the examples that were kept. */
export interface DatasetFigures {
  examples: number;
  inputTokens: Tally;
  outputTokens: Tally;
  messages: Tally;
  /** The first examples, as they came. */
  shown: Turn[];
  /** From 1. */
  droppedIndices: number[];
  dropped: number;
}

/** Ranges of equal width, whole numbers at their ends, those without a value left out: worked out from a recorded answer. */
const BUCKETS = 6;

export function distribution(tally: Tally): JsonObject | undefined {
  const sorted = [...tally].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, times]) => sum + times, 0);
  if (total === 0) return undefined;
  const [min, max] = [quantile(sorted, 0), quantile(sorted, total)];
  const sum = sumOf(tally);
  return {
    sum: String(sum),
    ...{ min, max, mean: sum / total, median: quantile(sorted, 0.5 * total) },
    ...{ p5: quantile(sorted, 0.05 * total), p95: quantile(sorted, 0.95 * total) },
    buckets: buckets(sorted, min, max),
  };
}

type Counted = readonly (readonly [value: number, times: number])[];

/** The smallest value that so many of all do not exceed. */
function quantile(sorted: Counted, many: number): number {
  let passed = 0;
  for (const [value, times] of sorted) {
    passed += times;
    if (passed >= many) return value;
  }
  return 0;
}

function buckets(sorted: Counted, min: number, max: number): Json[] {
  const width = (max - min + 1) / BUCKETS;
  const leftOf = (index: number) => Math.ceil(min + index * width);
  return Array.from({ length: BUCKETS }, (_, index) => {
    const [left, right] = [leftOf(index), leftOf(index + 1) - 1];
    const within = sorted.filter(([value]) => value >= left && value <= right);
    return { count: within.reduce((sum, [, times]) => sum + times, 0), left, right };
  }).filter((bucket) => bucket.count > 0);
}

const sumOf = (tally: Tally) => [...tally].reduce((sum, [value, times]) => sum + value * times, 0);

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
  const { inputTokens, outputTokens, droppedIndices, examples } = figures;
  const scores: Tally = new Map([0, 1].map((score) => [score, examples]));
  const stats = present({
    ...commonStats(figures, steps),
    totalBillableTokenCount: String(2 * sumOf(inputTokens) + sumOf(outputTokens)),
    scoresDistribution: distribution(scores),
    scoreVariancePerExampleDistribution: distribution(new Map([[SCORE_VARIANCE, examples]])),
    droppedExampleIndices: unlessEmpty(droppedIndices.map(String)),
    droppedExampleReasons: unlessEmpty(droppedIndices.map(() => DROPPED)),
  });
  return { preferenceOptimizationDataStats: stats };
}

/** Of the scores 0 and 1. */
const SCORE_VARIANCE = 0.25;

const MAX_SHOWN_CHARACTERS = 400;

function commonStats(figures: DatasetFigures, steps: number) {
  const { examples, inputTokens, outputTokens, messages, shown } = figures;
  return {
    tuningDatasetExampleCount: String(examples),
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

import * as z from 'zod';
import { openObject } from '../json/open-object.ts';

/** What a mean of few examples says of all examples that there could be. Pure and without chance: the same answers give the same interval. */

export const IntervalSchema = openObject({
  value: z.number().describe('As it was measured.'),
  low: z.number().describe('The least that it may be, with 95 % confidence.'),
  high: z.number().describe('The most that it may be, with 95 % confidence.'),
});
export type Interval = z.infer<typeof IntervalSchema>;

const RESAMPLES = 2000;
const TAIL = 0.025;

/**
 * The mean of scores between `least` and `most`, with a bootstrap interval (percentiles of the means of resamples). To the resamples come
 * one score at either end, as Agresti and Caffo advise for shares: without them, five right answers of five would prove that all are.
 */
export function meanInterval(scores: readonly number[], [least, most]: readonly [number, number]): Interval {
  if (scores.length === 0) return { value: 0, low: least, high: most };
  const value = meanOf(scores);
  const means = resampledMeans([...scores, least, most]);
  return {
    value,
    low: Math.min(value, means[Math.floor(TAIL * RESAMPLES)] as number),
    high: Math.max(value, means[Math.ceil((1 - TAIL) * RESAMPLES) - 1] as number),
  };
}

/** By how much one of two is better on the same examples: the mean of the differences, each example compared with itself. */
export function pairedDifference(one: readonly number[], other: readonly number[]): Interval {
  return meanInterval(
    one.map((score, index) => score - (other[index] as number)),
    [-1, 1],
  );
}

const meanOf = (scores: readonly number[]) => scores.reduce((sum, score) => sum + score, 0) / scores.length;

function resampledMeans(scores: readonly number[]): Float64Array {
  const next = mulberry(scores.length);
  const means = new Float64Array(RESAMPLES);
  for (let round = 0; round < RESAMPLES; round++) {
    let sum = 0;
    for (let drawn = 0; drawn < scores.length; drawn++)
      sum += scores[Math.floor(next() * scores.length)] as number;
    means[round] = sum / scores.length;
  }
  return means.sort();
}

/** Numbers from 0 to 1 in a fixed order: mulberry32. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

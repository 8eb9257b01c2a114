import type { TokenEstimate } from '../statistics.ts';

/** A share of texts that were counted, and what follows for all of them: a ratio estimator with its interval. */
export interface RatioSample {
  /** A text that was counted or not: its guess, and the least and the most that it may have without counting. */
  see(guess: number, low: number, high: number): void;
  /** Of those that were seen, one that was counted. */
  counted(guess: number, tokens: number): void;
  /** What was counted so far, as guessed and as it was. */
  readonly sums: { x: number; y: number };
  /** `ratio` of tokens to guesses is taken where too few were counted to have one of their own. */
  estimate(ratio: number): TokenEstimate;
}

/** Standard errors to each side. Five, since lengths of texts have long tails and a cap is held against the high end. */
const ERRORS = 5;

/** With fewer counted than this the spread is not known well enough, and the interval without counting is taken. */
const FEWEST = 32;

/** Makes a sample in which each text is counted with the same chance; a chance of 1 gives the exact number. */
export function createRatioSample(chance: number): RatioSample {
  const seen = { guess: 0, low: 0, high: 0 };
  const sums = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

  function spread(ratio: number): number {
    const { n, x, xx, xy, yy } = sums;
    const squares = Math.max(0, yy - 2 * ratio * xy + ratio * ratio * xx);
    return (seen.guess / x) * Math.sqrt(((1 - chance) * squares * n) / (n - 1));
  }

  return {
    sums,
    see(guess, low, high) {
      seen.guess += guess;
      seen.low += low;
      seen.high += high;
    },
    counted(guess, tokens) {
      sums.n += 1;
      sums.x += guess;
      sums.y += tokens;
      sums.xx += guess * guess;
      sums.xy += guess * tokens;
      sums.yy += tokens * tokens;
    },
    estimate(known) {
      const { n, x, y } = sums;
      if (chance === 1) return { low: y, estimate: y, high: y };
      if (n < FEWEST) {
        const estimate = Math.min(seen.high, Math.max(seen.low, seen.guess * known));
        return { low: seen.low, estimate, high: seen.high };
      }
      const ratio = y / x;
      const total = seen.guess * ratio;
      const error = ERRORS * spread(ratio);
      return { low: Math.max(y, total - error), estimate: total, high: total + error };
    },
  };
}

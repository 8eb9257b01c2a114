import type { TokenEstimate } from '../statistics.ts';
import { TEXT_KINDS } from './text-look.ts';

/**
 * The tokens of all texts, of which some were counted. Each text is predicted from its size and from what was counted of its kind
 * before; where one is counted, its difference from the prediction stands for as many texts as it was chosen of. So the sum leans
 * to no side in whatever order the texts come, and the differences tell how far it may be off.
 */
export interface SampledTotal {
  /** Texts of a kind, counted or not, by the guess that their size allows. */
  predict(kind: number, guess: number): void;
  /** Of one of the texts that were predicted, that it was counted. */
  counted(kind: number, guess: number, counted: Counted): void;
  estimate(): TokenEstimate;
}

interface Counted {
  tokens: number;
  /** How many texts this one stands for; 1 where every one is counted. */
  weight: number;
  /** Tokens that the count itself may be wrong by. */
  slack: number;
}

/** Standard errors to each side. Five, since lengths of texts have long tails and a cap is held against the high end. */
const ERRORS = 5;
/** So many of the heaviest texts may be as wrong as a whole prediction without being seen: what no spread tells. */
const UNSEEN = 3;
/** What was counted last says most of what comes next. */
const MEMORY = 63 / 64;
/** Tokens that a guess is believed for before anything was counted. */
const BELIEF = 64;

/** Makes a total of nothing; `share` is how many tokens are expected of a guess before anything was counted. */
export function createSampledTotal(share = 1): SampledTotal {
  const guesses = new Float64Array(TEXT_KINDS).fill(BELIEF);
  const counts = new Float64Array(TEXT_KINDS).fill(BELIEF * share);
  // In an object, where a fraction is kept in place: a variable would be a new object at every change.
  const sums = { predicted: 0, corrected: 0, squares: 0, heaviest: 0, counted: 0, slack: 0 };

  const expectedOf = (kind: number, guess: number) =>
    (guess * (counts[kind] as number)) / (guesses[kind] as number);

  return {
    predict(kind, guess) {
      sums.predicted += expectedOf(kind, guess);
    },
    counted(kind, guess, { tokens, weight, slack }) {
      const expected = expectedOf(kind, guess);
      const difference = tokens - expected;
      guesses[kind] = (guesses[kind] as number) * MEMORY + guess;
      counts[kind] = (counts[kind] as number) * MEMORY + tokens;
      sums.corrected += weight * difference;
      sums.squares += weight * (weight - 1) * difference * difference;
      if (weight > 1) sums.heaviest = Math.max(sums.heaviest, weight * Math.max(expected, tokens));
      sums.counted += tokens;
      sums.slack += weight * slack;
    },
    estimate() {
      const { predicted, corrected, squares, heaviest, counted, slack } = sums;
      const estimate = Math.round(Math.max(counted, predicted + corrected));
      const error = ERRORS * Math.sqrt(squares) + UNSEEN * heaviest + slack;
      const low = Math.max(0, counted - slack, estimate - error);
      return { low: Math.floor(low), estimate, high: Math.ceil(estimate + error) };
    },
  };
}

import type { CountedTokens, DatasetStatistics, TokenInterval } from '../statistics.ts';
import { createLengthTally } from './lengths.ts';
import { TOKEN_METHOD } from './tokens.ts';

/** What one usable example adds. */
export interface ExampleSize {
  inputCharacters: number;
  outputCharacters: number;
  tokens: TokenInterval;
  isProvedWithinLimits: boolean;
  /** Tokens that it may have beyond the limit of an example. */
  beyondLimit?: number | undefined;
}

export interface SizeTally {
  add(example: ExampleSize): void;
  summary(
    counted?: CountedTokens,
  ): Pick<DatasetStatistics, 'inputCharacters' | 'outputCharacters' | 'tokens'>;
}

/** Makes a tally of the sizes of examples. */
export function createSizeTally(): SizeTally {
  const inputs = createLengthTally();
  const outputs = createLengthTally();
  const total: TokenInterval = { low: 0, high: 0 };
  const largest: TokenInterval = { low: 0, high: 0 };
  let proved = 0;
  let beyond = 0;

  return {
    add({ inputCharacters, outputCharacters, tokens, isProvedWithinLimits, beyondLimit = 0 }) {
      beyond += beyondLimit;
      inputs.add(inputCharacters);
      outputs.add(outputCharacters);
      total.low += tokens.low;
      total.high += tokens.high;
      if (tokens.low > largest.low) largest.low = tokens.low;
      if (tokens.high > largest.high) largest.high = tokens.high;
      if (isProvedWithinLimits) proved += 1;
    },
    summary: (counted) => ({
      inputCharacters: inputs.summary(),
      outputCharacters: outputs.summary(),
      tokens: {
        method: TOKEN_METHOD,
        total: { ...total },
        largestExample: { ...largest },
        provedWithinLimits: proved,
        beyondLimits: beyond > 0 ? beyond : undefined,
        counted,
      },
    }),
  };
}

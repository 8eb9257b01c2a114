import type { DatasetFormat, DatasetRole } from './limits.ts';
import type { LabelStatistics } from './tallies/labels.ts';
import { createLengthTally, type LengthSummary } from './tallies/lengths.ts';
import { TOKEN_METHOD, type TokenInterval } from './tallies/tokens.ts';

/** What a data set holds, for a person to read: plain JSON. */
export interface DatasetStatistics {
  format: DatasetFormat;
  role: DatasetRole;
  bytes: number;
  lines: number;
  blankLines: number;
  /** Lines that are not blank. */
  examples: number;
  /** Examples with at least one error. */
  unusableExamples: number;
  /** UTF-16 units of the usable examples: `input_text`, or the context and all messages but the last. */
  inputCharacters: LengthSummary;
  /** UTF-16 units of `output_text`, or of the last message. */
  outputCharacters: LengthSummary;
  tokens: TokenStatistics;
  duplicates: { exact: number; conflicting: number };
  labels?: LabelStatistics;
  chat?: ChatStatistics;
}

export interface TokenStatistics {
  method: string;
  total: TokenInterval;
  largestExample: TokenInterval;
  /** Examples of which the byte bound alone proves that they are within every token limit. */
  provedWithinLimits: number;
}

export interface ChatStatistics {
  /** `author` fields over all messages. */
  authors: number;
  pairs: LengthSummary;
  /** Examples with the field `context`, also an empty one: it overrides the default. */
  examplesWithContext: number;
}

/** What one usable example adds. */
export interface ExampleSize {
  inputCharacters: number;
  outputCharacters: number;
  tokens: TokenInterval;
  isProvedWithinLimits: boolean;
}

export interface SizeTally {
  add(example: ExampleSize): void;
  summary(): Pick<DatasetStatistics, 'inputCharacters' | 'outputCharacters' | 'tokens'>;
}

/** Makes a tally of the sizes of examples. */
export function createSizeTally(): SizeTally {
  const inputs = createLengthTally();
  const outputs = createLengthTally();
  const total: TokenInterval = { low: 0, high: 0 };
  const largest: TokenInterval = { low: 0, high: 0 };
  let proved = 0;

  return {
    add({ inputCharacters, outputCharacters, tokens, isProvedWithinLimits }) {
      inputs.add(inputCharacters);
      outputs.add(outputCharacters);
      total.low += tokens.low;
      total.high += tokens.high;
      if (tokens.low > largest.low) largest.low = tokens.low;
      if (tokens.high > largest.high) largest.high = tokens.high;
      if (isProvedWithinLimits) proved += 1;
    },
    summary: () => ({
      inputCharacters: inputs.summary(),
      outputCharacters: outputs.summary(),
      tokens: {
        method: TOKEN_METHOD,
        total: { ...total },
        largestExample: { ...largest },
        provedWithinLimits: proved,
      },
    }),
  };
}

import { brotliDecompressSync } from 'node:zlib';
import type { CountedPart, TokenEstimate } from '../../shared/core/dataset/statistics.ts';
import { createTokenTally, type TokenBudget } from '../../shared/core/dataset/tallies/token-tally.ts';
import { gemma3Counter } from '../../shared/core/dataset/tokens/gemma3.ts';
import type { TokenCounter } from '../../shared/core/dataset/tokens/token-counter.ts';

/** What a large file is made of: the texts of a corpus over and over. */
export const LARGE_BYTES = 100_000_000;

export const counterOfNode = (): TokenCounter => gemma3Counter(brotliDecompressSync);

export interface Judged extends TokenEstimate {
  isExact: boolean;
}

/** What the tally says of texts, each taken for an input, so many times over. */
export function estimateOf(
  texts: readonly string[],
  { budget, times = 1 }: { budget?: TokenBudget; times?: number } = {},
): Judged {
  const tally = createTokenTally(counterOfNode(), budget);
  const sized = texts.map((text) => ({ text, bytes: Buffer.byteLength(text) }));
  for (let time = 0; time < times; time++) {
    for (const { text, bytes } of sized) tally.add('input', text, bytes);
  }
  const { input, isExact } = tally.summary();
  const { low, estimate, high } = input;
  return { low, estimate, high, isExact };
}

/** Texts as the tally has them for an input, with their scripts. */
export function partOf(texts: readonly string[]): CountedPart {
  const tally = createTokenTally(counterOfNode());
  for (const text of texts) tally.add('input', text, Buffer.byteLength(text));
  return tally.summary().input;
}

/** How often texts of so many bytes make up a large file. */
export const timesInLargeFile = (bytes: number): number => Math.ceil(LARGE_BYTES / bytes);

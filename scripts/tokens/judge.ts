import { brotliDecompressSync } from 'node:zlib';
import type { TokenEstimate } from '../../shared/core/dataset/statistics.ts';
import { createTokenTally, type TokenBudget } from '../../shared/core/dataset/tallies/token-tally.ts';
import { gemma3Counter } from '../../shared/core/dataset/tokens/gemma3.ts';
import type { TokenCounter } from '../../shared/core/dataset/tokens/token-counter.ts';

/** A sixteenth of the product's budget, so that texts of a few megabytes are sampled as a file of a hundred is. */
export const SMALL_BUDGET: TokenBudget = { exact: 1_000_000, stage: 250_000 };

export const counterOfNode = (): TokenCounter => gemma3Counter(brotliDecompressSync);

/** What the tally says of texts, each taken for an input. */
export function estimateOf(
  texts: readonly string[],
  budget?: TokenBudget,
): TokenEstimate & { isExact: boolean } {
  const tally = createTokenTally(counterOfNode(), budget);
  for (const text of texts) tally.add('input', text, Buffer.byteLength(text));
  const { input, isExact } = tally.summary();
  return { ...input, isExact };
}

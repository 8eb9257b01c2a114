import table from './gemma3.json' with { type: 'json' };
import { createTokenCounter, type TokenCounter } from './token-counter.ts';

let counter: TokenCounter | undefined;

/**
 * Counts as Gemma 3's tokenizer does, which Google's SDKs take for Gemini. The vocabulary is read once, at the first call (some
 * tens of milliseconds); `inflate` undoes Brotli.
 */
export function gemma3Counter(inflate: (compressed: Uint8Array) => Uint8Array): TokenCounter {
  counter ??= createTokenCounter({
    pieces: inflate(Buffer.from(table.pieces, 'base64')),
    tags: table.tags,
    longestRun: table.longestRun,
  });
  return counter;
}

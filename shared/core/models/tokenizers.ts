/** How the tokens of a model are counted, as far as it is known here. */
interface Tokenizer {
  words: string;
  /**
   * Its tokens to those of Gemma 3's, which is what is counted: for the least, the likeliest and the most. Measured on the texts of
   * docs/token-counts.md where the tokenizer can be had, else taken from a relative of it and widened.
   */
  toGemma3: { low: number; estimate: number; high: number };
}

const SAME = { low: 1, estimate: 1, high: 1 } as const;
/** The page of Google's skill has 0.236 tokens a character for Gemma 4 and 0.231 for Gemma 3, marks of turns included. */
const NEXT_GEMMA = { low: 0.95, estimate: 1, high: 1.1 } as const;
/** Measured with the tokenizers of Llama 3.1 and Qwen 3: 0.85 (code) to 1.26 (Japanese); other scripts were not measured. */
const LLAMA = { low: 0.8, estimate: 1, high: 1.5 } as const;
const QWEN = { low: 0.8, estimate: 1, high: 1.5 } as const;

export const TOKENIZERS = {
  gemma3: { words: 'Gemma 3’s tokenizer of 262,144 tokens', toGemma3: SAME },
  gemma4: { words: 'Gemma 4’s tokenizer, estimated from Gemma 3’s', toGemma3: NEXT_GEMMA },
  llama3: { words: 'Llama 3’s tokenizer, estimated from Gemma 3’s', toGemma3: LLAMA },
  llama4: { words: 'Llama 4’s tokenizer, estimated from Gemma 3’s', toGemma3: LLAMA },
  qwen3: { words: 'Qwen 3’s tokenizer, estimated from Gemma 3’s', toGemma3: QWEN },
  'qwen3-5': { words: 'Qwen 3.5’s tokenizer, estimated from Gemma 3’s', toGemma3: QWEN },
} as const satisfies Record<string, Tokenizer>;

export type TokenizerName = keyof typeof TOKENIZERS;

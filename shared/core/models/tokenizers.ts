/** How the tokens of a model are counted, as far as it is known here. */
export const TOKENIZERS = {
  gemma3: { words: 'Gemma 3’s tokenizer of 262,144 tokens' },
  gemma4: { words: 'Gemma 4’s tokenizer' },
  llama3: { words: 'Llama 3’s tokenizer of 128,256 tokens' },
  llama4: { words: 'Llama 4’s tokenizer' },
  qwen3: { words: 'Qwen 3’s tokenizer' },
  'qwen3-5': { words: 'Qwen 3.5’s tokenizer' },
} as const satisfies Record<string, { words: string }>;

export type TokenizerName = keyof typeof TOKENIZERS;

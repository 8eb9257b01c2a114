import type { SourceName } from './sources.ts';

/**
 * Tokens by what they are written in, since another tokenizer has fewer or more of them for each: `signs` are digits and signs of
 * ASCII, `twoByteScripts` scripts whose characters are two bytes (Greek, Cyrillic, Hebrew, Arabic and others), `otherScripts`
 * everything else, such as Indic scripts, Thai, Georgian and emoji. What is none of these is Latin, Chinese, Japanese or Korean.
 */
export const SCRIPTS = ['signs', 'twoByteScripts', 'otherScripts'] as const;
export type Script = (typeof SCRIPTS)[number];

/** For the least, the likeliest and the most. */
interface Ratio {
  low: number;
  estimate: number;
  high: number;
}

/** Tokens of a tokenizer to those of Gemma 3's, by script; `usual` is Latin, Chinese, Japanese, Korean, and code in them. */
export type TokenRatios = Record<Script | 'usual', Ratio>;

/** How the tokens of a model are counted, as far as it is known here. */
interface Tokenizer {
  words: string;
  /**
   * Its tokens to those of Gemma 3's, which is what is counted: for the least, the likeliest and the most. Measured on the texts of
   * docs/token-counts.md where the tokenizer can be had, else taken from a relative of it; widened, since texts differ.
   */
  toGemma3: TokenRatios;
  source: SourceName;
}

const inAnyScript = (ratio: Ratio): TokenRatios => ({
  ...{ usual: ratio, signs: ratio, twoByteScripts: ratio, otherScripts: ratio },
});

const SAME = inAnyScript({ low: 1, estimate: 1, high: 1 });
/** The page of Google's skill has 0.236 tokens a character for Gemma 4 and 0.231 for Gemma 3, marks of turns included. */
const NEXT_GEMMA = inAnyScript({ low: 0.95, estimate: 1, high: 1.1 });
/** Estimates are the median of the texts that are written for the most part in a script; the ends are those of the texts, widened. */
const LLAMA = {
  usual: { low: 0.8, estimate: 1, high: 1.6 },
  signs: { low: 0.2, estimate: 0.4, high: 1.2 },
  twoByteScripts: { low: 0.8, estimate: 1.3, high: 4 },
  otherScripts: { low: 0.4, estimate: 2.3, high: 7 },
} as const;
const QWEN = {
  usual: { low: 0.8, estimate: 1, high: 1.6 },
  signs: { low: 0.2, estimate: 1, high: 1.2 },
  twoByteScripts: { low: 0.7, estimate: 1.3, high: 3.5 },
  otherScripts: { low: 0.2, estimate: 2, high: 6 },
} as const;

export const TOKENIZERS = {
  gemma3: { words: 'Gemma 3’s tokenizer of 262,144 tokens', toGemma3: SAME, source: 'gemma3Tokenizer' },
  gemma4: {
    words: 'Gemma 4’s tokenizer, estimated from Gemma 3’s',
    toGemma3: NEXT_GEMMA,
    source: 'openModelPrices',
  },
  llama3: {
    words: 'Llama 3’s tokenizer, estimated from Gemma 3’s',
    toGemma3: LLAMA,
    source: 'tokenizersMeasured',
  },
  llama4: {
    words: 'Llama 4’s tokenizer, estimated from Gemma 3’s',
    toGemma3: LLAMA,
    source: 'tokenizersOfRelatives',
  },
  qwen3: {
    words: 'Qwen 3’s tokenizer, estimated from Gemma 3’s',
    toGemma3: QWEN,
    source: 'tokenizersMeasured',
  },
  'qwen3-5': {
    words: 'Qwen 3.5’s tokenizer, estimated from Gemma 3’s',
    toGemma3: QWEN,
    source: 'tokenizersOfRelatives',
  },
} as const satisfies Record<string, Tokenizer>;

export type TokenizerName = keyof typeof TOKENIZERS;

import type { Model, ModelReference } from './models.ts';
import type { SourceName } from './sources.ts';

/** The list price of a million training tokens in US dollars, and who says so. Training tokens: those of the data set × epochs. */
export interface Price {
  usdPerMillionTokens: number;
  source: SourceName;
}

/**
 * A model that is not here has no price that anybody found, which is not the same as none. Google's official page was not seen for
 * Gemini. Models of compiled pipelines are paid for by accelerator hours.
 */
const LIST_PRICES: Partial<Record<ModelReference, Price>> = {
  'gemini-3.1-flash-lite': { usdPerMillionTokens: 3, source: 'userBill' },
  'gemini-3.5-flash': { usdPerMillionTokens: 10, source: 'geminiPrices' },
  'gemini-2.5-flash': { usdPerMillionTokens: 5, source: 'geminiPrices25' },
  'gemini-2.5-flash-lite': { usdPerMillionTokens: 1.5, source: 'geminiPrices25' },
  'gemini-2.5-pro': { usdPerMillionTokens: 25, source: 'geminiPrices25' },
  'google/gemma4@gemma-4-e2b-it': { usdPerMillionTokens: 1.4, source: 'openModelPrices' },
  'google/gemma4@gemma-4-e4b-it': { usdPerMillionTokens: 1.73, source: 'openModelPrices' },
  'google/gemma4@gemma-4-26b-a4b-it': { usdPerMillionTokens: 2.58, source: 'openModelPrices' },
  'google/gemma4@gemma-4-31b-it': { usdPerMillionTokens: 9.06, source: 'openModelPrices' },
  'google/gemma3@gemma-3-1b-it': { usdPerMillionTokens: 0.47, source: 'openModelPrices' },
  'google/gemma3@gemma-3-4b-it': { usdPerMillionTokens: 1.14, source: 'openModelPrices' },
  'google/gemma3@gemma-3-12b-it': { usdPerMillionTokens: 1.82, source: 'openModelPrices' },
  'google/gemma3@gemma-3-27b-it': { usdPerMillionTokens: 6.83, source: 'openModelPrices' },
  'google/medgemma@medgemma-1.5-4b-it': { usdPerMillionTokens: 1.14, source: 'openModelPrices' },
  'qwen/qwen3@qwen3-4b': { usdPerMillionTokens: 1.35, source: 'openModelPrices' },
  'qwen/qwen3@qwen3-8b': { usdPerMillionTokens: 4.18, source: 'openModelPrices' },
  'qwen/qwen3@qwen3-14b': { usdPerMillionTokens: 8.46, source: 'openModelPrices' },
  'qwen/qwen3@qwen3-32b': { usdPerMillionTokens: 6.57, source: 'openModelPrices' },
  'meta/llama3_1@llama-3.1-8b': { usdPerMillionTokens: 0.67, source: 'openModelPrices' },
  'meta/llama3_1@llama-3.1-8b-instruct': { usdPerMillionTokens: 0.67, source: 'openModelPrices' },
  'meta/llama3-2@llama-3.2-1b-instruct': { usdPerMillionTokens: 0.28, source: 'openModelPrices' },
  'meta/llama3-2@llama-3.2-3b-instruct': { usdPerMillionTokens: 0.61, source: 'openModelPrices' },
  'meta/llama3-3@llama-3.3-70b-instruct': { usdPerMillionTokens: 6.72, source: 'openModelPrices' },
  'meta/llama4@llama-4-scout-17b-16e-instruct': { usdPerMillionTokens: 5.77, source: 'openModelPrices' },
};

/** The list price of a model; undefined where none is known, and for models that are paid for by the hour. */
export function listPriceOf({ reference }: Model): Price | undefined {
  return (LIST_PRICES as Partial<Record<string, Price>>)[reference];
}

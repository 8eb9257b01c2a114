import type { ModelReference } from './models.ts';
import type { SourceName } from './sources.ts';

/** List prices of a million tokens that a model reads and writes, in US dollars, and who says so. A tuned Gemini costs what its base does. */
export interface AnswerPrice {
  input: number;
  output: number;
  source: SourceName;
}

/** A model that is not here has no price that anybody found, which is not the same as none. */
const ANSWER_PRICES: Partial<Record<ModelReference, AnswerPrice>> = {
  'gemini-3.1-flash-lite': { input: 0.25, output: 1.5, source: 'answerPrices' },
  'gemini-3.5-flash-lite': { input: 0.3, output: 2.5, source: 'answerPrices' },
  'gemini-2.5-flash': { input: 0.3, output: 2.5, source: 'answerPrices' },
  'gemini-2.5-flash-lite': { input: 0.1, output: 0.4, source: 'answerPrices' },
  'gemini-2.5-pro': { input: 1.25, output: 10, source: 'answerPrices' },
};

/** What answers of a model cost; undefined where that is not known. */
export function answerPriceOf(reference: string): AnswerPrice | undefined {
  return (ANSWER_PRICES as Partial<Record<string, AnswerPrice>>)[reference];
}

/** US dollars for so many tokens, at a price. */
export function answersUsd(
  { input, output }: AnswerPrice,
  tokens: { input: number; output: number },
): number {
  return (tokens.input * input + tokens.output * output) / 1_000_000;
}

import { brotliDecompressSync } from 'node:zlib';
import { gemma3Counter } from '../../../shared/core/dataset/tokens/gemma3.ts';

/** Google's rule of thumb for Gemini: a token is about four characters. */
const CHARACTERS_PER_TOKEN = 4;

export const roughTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** Gemini and Gemma have a vocabulary that is published; the others are taken by the rule of thumb. */
export function tokensFor(baseModel: string): (text: string) => number {
  if (!/gemini|gemma/.test(baseModel)) return roughTokens;
  return (text) => gemma3Counter(brotliDecompressSync).count(text);
}

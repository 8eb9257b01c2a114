import { sameText } from './normalise.ts';
import { countsOf, fMeasure, sharedOf } from './overlap.ts';
import { wordsOf } from './words.ts';

const PUNCTUATION = /[\p{P}\p{S}]/gu;
const ARTICLES = new Set(['a', 'an', 'the']);

/**
 * The F measure of the words that answer and expectation share, 0 to 1, as SQuAD's evaluation script computes it: case, punctuation and
 * English articles do not count.
 */
export function tokenF1(expected: string, answer: string): number {
  const [reference, candidate] = [expected, answer].map(tokensOf) as [string[], string[]];
  // Of signs or articles alone nothing is left: then the texts decide.
  if (reference.length === 0 || candidate.length === 0)
    return Number(sameText(expected) === sameText(answer));
  const shared = sharedOf(countsOf(candidate), countsOf(reference));
  return fMeasure(shared / candidate.length, shared / reference.length);
}

function tokensOf(text: string): string[] {
  return wordsOf(text.replace(PUNCTUATION, '')).filter((word) => !ARTICLES.has(word));
}

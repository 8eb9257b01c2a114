import { distance } from 'fastest-levenshtein';
import { sameCode } from './normalise.ts';

/** One less the share of characters that have to be typed, removed or replaced, 0 to 1: Levenshtein's distance by the longer text. */
export function editSimilarity(expected: string, answer: string): number {
  const [reference, candidate] = [sameCode(expected), sameCode(answer)];
  const longer = Math.max(reference.length, candidate.length);
  return longer === 0 ? 1 : 1 - distance(reference, candidate) / longer;
}

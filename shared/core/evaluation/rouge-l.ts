import { sameText } from './normalise.ts';
import { fMeasure } from './overlap.ts';
import { wordsOf } from './words.ts';

/** Beyond so many words a text is not compared: the work grows with the product of both. */
const MOST_WORDS = 2000;

/**
 * ROUGE-L, the F measure of the longest common subsequence of words, 0 to 1 (Lin 2004, without stemming). Source of its values:
 * `rouge_score` of google-research.
 */
export function rougeL(expected: string, answer: string): number {
  const [reference, candidate] = [expected, answer].map((text) => wordsOf(text).slice(0, MOST_WORDS));
  // Signs alone, such as a thumb up or down, are no words: then the texts decide.
  if (!reference?.length || !candidate?.length) return Number(sameText(expected) === sameText(answer));
  const common = longestCommonSubsequence(reference, candidate);
  return fMeasure(common / candidate.length, common / reference.length);
}

function longestCommonSubsequence(one: readonly string[], other: readonly string[]): number {
  let above = new Uint32Array(other.length + 1);
  let row = new Uint32Array(other.length + 1);
  for (const word of one) {
    for (let at = 1; at <= other.length; at++) {
      row[at] =
        word === other[at - 1]
          ? (above[at - 1] as number) + 1
          : Math.max(above[at] as number, row[at - 1] as number);
    }
    [above, row] = [row, above];
  }
  return above[other.length] as number;
}

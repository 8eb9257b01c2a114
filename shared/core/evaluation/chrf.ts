import { countsOf, fMeasure, sharedOf } from './overlap.ts';

/** Runs of one to so many characters are compared. */
const ORDERS = 6;

export interface ChrfOptions {
  /** How many times as much recall weighs as precision. */
  beta?: number;
  keepWhitespace?: boolean;
}

/**
 * chrF, the F measure of runs of characters, 0 to 1 (Popović 2015): the measure that needs no words and so fits every script. As sacreBLEU
 * computes it by default: orders that a text is too short for are left out, white space does not count, beta is 2.
 */
export function chrf(
  expected: string,
  answer: string,
  { beta = 2, keepWhitespace = false }: ChrfOptions = {},
): number {
  const [reference, candidate] = [expected, answer].map((text) => {
    const plain = text.normalize('NFC').trim();
    return Array.from(keepWhitespace ? plain : plain.replace(/\s+/gu, ''));
  }) as [string[], string[]];
  if (reference.length === 0 && candidate.length === 0) return 1;
  let [precision, recall, orders] = [0, 0, 0];
  for (let order = 1; order <= Math.min(ORDERS, reference.length, candidate.length); order++) {
    const [wanted, found] = [countsOf(runsOf(reference, order)), countsOf(runsOf(candidate, order))];
    const shared = sharedOf(found, wanted);
    precision += shared / (candidate.length - order + 1);
    recall += shared / (reference.length - order + 1);
    orders += 1;
  }
  return orders === 0 ? 0 : fMeasure(precision / orders, recall / orders, beta);
}

function* runsOf(characters: readonly string[], order: number): Generator<string> {
  for (let at = 0; at + order <= characters.length; at++) yield characters.slice(at, at + order).join('');
}

/** The cost of a run in a few words, the same on every screen. */
import { dollarsText } from '../issues/numbers.ts';
import type { UnknownCost } from './cost.ts';
import type { RunCost } from './run-cost.ts';

const WHY_UNKNOWN: Record<UnknownCost, string> = {
  price: 'no price was found',
  acceleratorHours: 'accelerators are paid for by the hour',
  files: 'what files add is not known',
  notCounted: 'nobody counted the data',
};

/** `7.66 USD (6.00 to 7.70 USD expected)`, `6.00 to 7.70 USD expected`, `not known: no price was found`. */
export function costInShort(cost: RunCost): string {
  const { usd, actual } = cost;
  if (actual === undefined || actual.usd === null) {
    return usd === null ? unknownInShort(cost) : `${rangeText(usd)} USD expected`;
  }
  const did = `${amountText(actual.usd)} USD`;
  return usd === null ? did : `${did} (${rangeText(usd)} USD expected)`;
}

/** `not known: no price was found`. */
export function unknownInShort({ unknown = 'price' }: Pick<RunCost, 'unknown'>): string {
  return `not known: ${WHY_UNKNOWN[unknown]}`;
}

/** `6.00 to 7.70`; what is surely at most a cent is not told as nothing. */
export function rangeText({ low, high }: NonNullable<RunCost['usd']>): string {
  if (low === high) return dollarsText(high);
  return low === 0 ? `at most ${dollarsText(high)}` : `${dollarsText(low)} to ${dollarsText(high)}`;
}

/** What was paid, to the cent; less than half of one is not told as nothing. */
export function amountText(usd: number): string {
  return usd > 0 && usd < 0.005 ? 'less than 0.01' : dollarsText(usd);
}

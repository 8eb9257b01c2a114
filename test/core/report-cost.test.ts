import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { costInShort } from '../../shared/core/tuning/cost-words.ts';
import type { RunCost } from '../../shared/core/tuning/run-cost.ts';
import { aRun } from '../support/runs.ts';
import { tagsOf, textOf } from './report-markup.ts';
import { SETTLED_COST as SETTLED } from './report-samples.ts';

const { actual, ...EXPECTED } = SETTLED;
const UNKNOWN: RunCost = { ...EXPECTED, usd: null, price: null, unknown: 'price' };
const HOURS: RunCost = {
  ...{ trainingTokens: null, usd: null, price: null, unknown: 'acceleratorHours' },
  madeOf: 'Hours of 8 GPUs for 300 steps; how many hours they are is not known before.',
};

describe('the cost of a run in short', () => {
  test.each<[name: string, cost: RunCost, words: string]>([
    ['before it has run', EXPECTED, '2.95 to 3.02 USD expected'],
    ['after it has', SETTLED, '2.98 USD (2.95 to 3.02 USD expected)'],
    ['without a price', UNKNOWN, 'not known: no price was found'],
    ['without a price, after it has run', withoutDollars(), 'not known: no price was found'],
    ['by the hour', HOURS, 'not known: accelerators are paid for by the hour'],
    ['of next to nothing', { ...EXPECTED, usd: { low: 0, high: 0.01 } }, 'at most 0.01 USD expected'],
    ['to the cent', { ...EXPECTED, usd: { low: 3, high: 3 } }, '3.00 USD expected'],
    [
      'of next to nothing, after it has run',
      { ...SETTLED, usd: { low: 0, high: 0.01 }, actual: { ...actualOf(), usd: 0.0012 } },
      'less than 0.01 USD (at most 0.01 USD expected)',
    ],
  ])('%s', (_name, cost, words) => {
    expect(costInShort(cost)).toBe(words);
  });
});

describe('a report', () => {
  const pageOf = (cost?: RunCost) => renderReport({ run: aRun({ status: { cost } }), series: [] });

  test('says the cost in its head and in a table of its own', () => {
    const page = pageOf(SETTLED);
    expect(() => tagsOf(page)).not.toThrow();
    const text = textOf(page);
    expect(text).toMatch(/Cost 2\.98 USD \(2\.95 to 3\.02 USD expected\) .* The cost /);
    expect(text).toContain('US dollars 2.95 to 3.02 2.98');
    expect(text).toContain('Training tokens 986,400 (986,400 to 1,006,400) 992,400');
    expect(text).toContain(
      'Price: 3 USD per million training tokens, by Google’s price list, seen on 2026-02-01.',
    );
    expect(text).toContain(SETTLED.madeOf);
  });

  test('has no column for what nobody has billed', () => {
    const text = textOf(pageOf(EXPECTED));
    expect(text).toContain('US dollars 2.95 to 3.02 Training tokens');
    expect(text).not.toContain('bills');
  });

  test('says that a price is unknown, and never 0', () => {
    const text = textOf(pageOf(UNKNOWN));
    expect(text).toContain('US dollars not known: no price was found');
    expect(text).toContain('No price was found, which is not the same as nothing to pay.');
    expect(text).not.toMatch(/\b0(\.00)? USD/);
  });

  test('says what hours are paid for, where they are', () => {
    const text = textOf(pageOf(HOURS));
    expect(text).toContain(HOURS.madeOf);
    expect(text).not.toContain('No price was found');
  });

  test.each([
    [2.31, 'The whole job took 2.4 hours, so that is the most that is paid for'],
    [0.02, 'The whole job took less than 0.1 hours'],
  ])('says how long a job took that is paid by the hour: %s', (actualHours, words) => {
    expect(textOf(pageOf({ ...HOURS, actualHours }))).toContain(words);
  });

  test('of a run that was not planned has no word of it', () => {
    expect(pageOf()).not.toContain('id="cost"');
  });
});

function actualOf(): NonNullable<RunCost['actual']> {
  if (actual === undefined) throw new Error('the sample is settled');
  return actual;
}

function withoutDollars(): RunCost {
  return { ...UNKNOWN, actual: { ...actualOf(), usd: null } };
}

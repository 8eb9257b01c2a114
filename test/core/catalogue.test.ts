import { describe, expect, it } from 'vitest';
import { CATALOGUE_DAY, catalogueAsOf } from '../../shared/core/models/catalogue.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { parameterFacts } from '../../shared/core/models/parameters.ts';

const rowOf = (reference: string, day: string) =>
  catalogueAsOf(day).find(({ model }) => model.reference === reference);

describe('the catalogue as of a day', () => {
  it.each([
    ['gemini-2.5-flash', '2026-01-01', 'tunable', '2026-10-20'],
    ['gemini-2.5-flash', '2026-06-01', 'ending', '2026-10-20'],
    ['gemini-2.5-flash', '2026-09-20', 'existingProjects', '2026-10-20'],
    ['gemini-2.5-flash', '2026-10-20', 'existingProjects', '2027-03-31'],
    ['gemini-2.5-flash', '2027-03-31', 'closed', '2027-03-31'],
    ['gemini-3.5-flash', '2026-11-29', 'tunable', '2027-05-19'],
    ['gemini-3.5-flash', '2027-05-19', 'ending', '2027-05-19'],
    ['gemini-3.5-flash', '2028-01-01', 'ending', '2027-05-19'],
    ['text-bison@002', '2026-11-29', 'closed', '2024-10-09'],
    ['google/gemma4@gemma-4-31b-it', '2026-11-29', 'tunable', undefined],
  ])('%s on %s is %s, and its day is %s', (reference, day, standing, end) => {
    const row = rowOf(reference, day);
    expect([row?.standing, row?.end?.day]).toEqual([standing, end]);
  });

  it('marks a row whose source was seen too long ago, by the day that is asked for', () => {
    expect(rowOf('gemini-3.5-flash', CATALOGUE_DAY)?.stale).toEqual([]);
    expect(rowOf('gemini-3.5-flash', '2027-02-01')?.stale).toEqual(['modelVersions', 'geminiPrices']);
    expect(rowOf('gemini-2.5-flash', CATALOGUE_DAY)?.stale).toEqual(['geminiPrices25']);
  });

  it('knows no price where none was found, and none of what is paid for by the hour', () => {
    expect(rowOf('gemini-3.1-flash-lite', CATALOGUE_DAY)?.price?.usdPerMillionTokens).toBe(3);
    expect(rowOf('gemini-3.5-flash-lite', CATALOGUE_DAY)?.price).toBeUndefined();
    expect(rowOf('text-embedding-005', CATALOGUE_DAY)?.price).toBeUndefined();
  });
});

describe('the parameters of a model', () => {
  const facts = (reference: string) => {
    const model = findModel(reference);
    return Object.fromEntries(
      (model ? parameterFacts(model) : []).map(({ name, default: value, maximum }) => [
        name,
        [value, maximum],
      ]),
    );
  };

  it('have their default and maximum, and neither where no page names one', () => {
    expect(facts('gemini-2.5-pro')).toEqual({
      epoch_count: [3, undefined],
      learning_rate_multiplier: [1, undefined],
      adapter_size: [undefined, 8],
      export_last_checkpoint_only: [false, undefined],
    });
    expect(facts('text-embedding-005')).toMatchObject({
      batch_size: [128, 1_023],
      output_dimensionality: [undefined, 768],
    });
  });

  it('leave the size of an adapter out where all weights are tuned', () => {
    expect(Object.keys(facts('google/gemma3@gemma-3-1b-it'))).not.toContain('adapter_size');
  });
});

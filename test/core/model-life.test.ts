import { describe, expect, it } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkModelLife } from '../../shared/core/manifest/model-life.ts';
import { type DatedDay, endOfTunedModels } from '../../shared/core/models/lifecycle.ts';
import { findModel, MODELS, type Model } from '../../shared/core/models/models.ts';
import { ageInDays, daysBetween, SOURCES, sourceText } from '../../shared/core/models/sources.ts';

const locate = (key: string) => ({ uri: 'gs://inbox/reviews/tune.json', path: key });
const ALL: readonly Model[] = MODELS;

function told(base_model: Model['reference'], today: string, retiredModels: 'warn' | 'error' = 'error') {
  const issues = checkModelLife({ base_model } as object, { retiredModels }, { locate, today });
  return issues
    .map(reportIssue)
    .map(({ code, severity, found, remedy }) => ({ code, severity, found, remedy }));
}

describe('checkModelLife', () => {
  it.each([
    {
      name: 'a retired model is an error of a deployment, with the line to write',
      found: told('text-bison@002', '2026-11-29'),
      expected: [
        {
          code: 'model_retired',
          severity: 'error',
          found: 'text-bison@002, closed to new tuning jobs since 2024-10-09',
          remedy: expect.stringMatching(
            /^Write "base_model": "gemini-3\.1-flash-lite"\..* ask the administrator to set RETIRED_MODELS to warn\./,
          ),
        },
      ],
    },
    {
      name: 'a retired model is one warning where the deployment tries it all the same',
      found: told('text-bison@002', '2026-11-29', 'warn'),
      expected: [
        expect.objectContaining({
          ...{ code: 'model_retired', severity: 'warning' },
          remedy: expect.not.stringContaining('RETIRED_MODELS'),
        }),
      ],
    },
    {
      name: 'a model that ends in steps says until when projects that used it go on',
      found: told('gemini-2.5-flash-lite', '2026-10-20'),
      expected: [
        expect.objectContaining({
          code: 'model_retired',
          found: expect.stringContaining('only projects that used it before go on, until 2027-01-28'),
        }),
      ],
    },
    {
      name: 'a successor that lives on the day is named',
      found: told('textembedding-gecko@002', '2027-03-31'),
      expected: [expect.objectContaining({ remedy: expect.stringContaining('"text-embedding-005"') })],
    },
    {
      name: 'a successor that has ended itself is not named',
      found: told('textembedding-gecko@002', '2027-04-01'),
      expected: [
        expect.objectContaining({ remedy: expect.stringMatching(/^Choose a model of docs\/models\.md\./) }),
      ],
    },
    {
      name: 'a nearly retired model is told of with its days',
      found: told('text-embedding-005', '2027-03-02'),
      expected: [
        {
          code: 'model_retires_soon',
          severity: 'warning',
          found: 'text-embedding-005, which retires on 2027-04-01, in 30 days',
          remedy: expect.stringContaining('No successor is published'),
        },
      ],
    },
    {
      name: 'a model whose day is not fixed is told of as such',
      found: told('gemini-3.5-flash', '2027-05-18'),
      expected: [
        expect.objectContaining({
          found: 'gemini-3.5-flash, which may retire from 2027-05-19 on, in 1 day',
        }),
      ],
    },
    { name: 'a living model is not spoken of', found: told('gemini-3.5-flash', '2026-11-29'), expected: [] },
    {
      name: 'a day before which nothing happens is no retirement once it has come, and the model may end any day',
      found: told('gemini-3.5-flash', '2027-05-19'),
      expected: [
        expect.objectContaining({
          ...{ code: 'model_retires_soon', severity: 'warning' },
          found:
            'gemini-3.5-flash, which may retire any day, or have retired: Google promised it until 2027-05-19',
        }),
      ],
    },
  ])('$name', ({ found, expected }) => {
    expect(found).toEqual(expected);
  });

  it.each([
    ['textembedding-gecko@002', '2025-04-21'],
    ['textembedding-gecko@003', '2025-05-24'],
    ['textembedding-gecko-multilingual@001', '2025-05-24'],
  ] as const)('%s has gone on %s', (reference, day) => {
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    expect([told(reference, before)[0]?.code, told(reference, day)[0]?.code]).toEqual([
      'model_retires_soon',
      'model_retired',
    ]);
  });
});

describe('the catalogue', () => {
  it('has each day with a source, and names as successor a model that it has', () => {
    const days = ALL.flatMap(({ lifecycle }) =>
      Object.values(lifecycle).filter((value): value is DatedDay => typeof value === 'object'),
    );
    expect(days.length).toBeGreaterThan(0);
    expect(days.filter(({ day, source }) => !/^\d{4}-\d\d-\d\d$/.test(day) || !SOURCES[source])).toEqual([]);
    const successors = ALL.flatMap(({ lifecycle }) => lifecycle.successor ?? []);
    expect(successors.filter((reference) => findModel(reference) === undefined)).toEqual([]);
  });

  it('says of a source when it was seen, and how sure it is', () => {
    expect(sourceText('modelVersions')).toBe('Google Cloud, "Model versions", 2026-10-13');
    expect(sourceText('retirementNotice')).toMatch(/2026-09-16 \(reported\)$/);
    expect(ageInDays('modelVersions', '2026-11-29')).toBe(47);
    expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2);
  });

  it.each([
    ['gemini-2.5-flash-lite', '2027-01-28'],
    ['text-embedding-005', '2027-04-01'],
    ['gemini-3.5-flash', undefined],
  ])('a model tuned from %s ends on %s', (reference, day) => {
    const model = findModel(reference);
    expect(model && endOfTunedModels(model)?.day).toBe(day);
  });
});

import { describe, expect, it, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { parse } from '../support/manifests.ts';

const named = (base_model: string) => parse({ base_model, dataset_uri: 'train.jsonl' });

describe('a base model', () => {
  test.each([
    ['gemini-3.1-flash-lite', 'models/gemini-3.1-flash-lite'],
    ['gemini-3.1-flash-lite', 'publishers/google/models/gemini-3.1-flash-lite'],
    [
      'gemini-3.1-flash-lite',
      'projects/p/locations/us-central1/publishers/google/models/gemini-3.1-flash-lite',
    ],
    ['gemini-3.1-flash-lite', 'google/gemini-3.1-flash-lite'],
    ['gemini-3.1-flash-lite', 'Gemini-3.1-Flash-Lite'],
    ['google/gemma3@gemma-3-27b-it', 'gemma-3-27b-it'],
    ['google/gemma3@gemma-3-27b-it', 'gemma3@gemma-3-27b-it'],
    ['google/gemma3@gemma-3-27b-it', 'google/gemma-3-27b-it'],
    ['google/gemma3@gemma-3-27b-it', 'publishers/google/models/gemma3@gemma-3-27b-it'],
    ['meta/llama3_1@llama-3.1-8b-instruct', 'meta-llama/Llama-3.1-8B-Instruct'],
    ['qwen/qwen3@qwen3-4b', 'Qwen/Qwen3-4B'],
  ])('%s is also understood as %s', (reference, written) => {
    const { issues, manifest } = named(written);
    expect(issues).toEqual([]);
    expect(manifest?.base_model).toBe(reference);
  });

  test.each([
    ['gemini-2.5-flash-001', 'gemini-2.5-flash'],
    ['gemini-2.5-flash-lite-preview-09-2025', 'gemini-2.5-flash-lite'],
    ['gemini-3.1-flash-light', 'gemini-3.1-flash-lite'],
    ['gemini-3.1-flash', 'gemini-3.1-flash-lite'],
    ['gemma-3-27b', 'google/gemma3@gemma-3-27b-it'],
    ['llama-3.3-70b', 'meta/llama3-3@llama-3.3-70b-instruct'],
    ['qwen3.5', 'qwen/qwen3-5@qwen3.5-9b'],
  ])('%s is refused with the one that was meant', (written, meant) => {
    expect(named(written).issues).toMatchObject([{ code: 'model_unknown', fields: { meant } }]);
  });

  test.each([
    ['gemini-2.0-flash-001', 'retired on 2026-06-01', 'gemini-3.5-flash'],
    ['gemini-2.0-flash-lite-001', 'retired on 2026-06-01', 'gemini-3.1-flash-lite'],
    ['gemini-1.5-flash', 'no list', 'gemini-3.5-flash'],
    ['publishers/google/models/gemini-3.7-flash', 'not supported', 'gemini-3.5-flash'],
    ['gemini-3.8-flash', 'no list', 'gemini-3.5-flash'],
    ['gemini-4-argon', 'no list', 'gemini-3.5-flash'],
    ['gemini-3.1-pro-preview', 'no list', 'gemini-3.5-flash'],
    ['gemini-live-flash-lite', 'no list', 'gemini-3.1-flash-lite'],
    ['gemini-embedding-001', 'no list', 'text-embedding-005'],
    ['gpt-4o-mini', 'another company', 'gemini-3.1-flash-lite'],
  ])('%s is said to be %s, with its successor and a source', (written, why, successor) => {
    const [issue, ...others] = named(written).issues.map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code: 'model_not_tunable', found: expect.stringContaining(why) });
    expect(issue?.remedy).toContain(`"base_model": "${successor}"`);
    expect(issue?.remedy).toMatch(/Source: Google.*, \d{4}-\d\d-\d\d\.$/);
  });

  test.each(['imagen-4.0-generate-001', 'veo-3', 'translation-llm-002'])('%s has no successor', (written) => {
    expect(named(written).issues).toMatchObject([
      {
        code: 'model_not_tunable',
        fields: { successor: undefined, source: expect.stringMatching(/, \d{4}-\d\d-\d\d$/) },
      },
    ]);
  });

  test.each([
    'projects/p/locations/us-central1/models/123',
    'projects/p/locations/us-central1/models/123@1',
    'projects/p/locations/us-central1/endpoints/123',
    'models/123',
  ])('that is %s is asked for under its own key', (written) => {
    const [issue] = named(written).issues.map(reportIssue);
    expect(issue).toMatchObject({
      code: 'tuned_model_as_base',
      remedy: expect.stringContaining('"pre_tuned_model": "projects/'),
    });
  });

  test.each([
    ['text-bison', 'text-bison@002 takes no new tuning jobs from 2024-10-09 on', 'gemini-3.1-flash-lite'],
    [
      'gemini-2.5-flash-001',
      'gemini-2.5-flash takes no new tuning jobs from 2026-10-20 on',
      'gemini-3.5-flash',
    ],
  ])(
    '%s is answered with the end of the model that was meant, too, and no model that has ended is offered',
    (written, end, successor) => {
      const [issue] = named(written).issues.map(reportIssue);
      expect(issue?.remedy).toContain(`${end}; "${successor}" takes its place.`);
      expect(named('mistral-7b').issues.map(reportIssue)[0]?.expected).toBe(
        'a model of docs/models.md that can be tuned, such as gemini-3.1-flash-lite, gemini-3.5-flash, gemini-3.5-flash-lite',
      );
    },
  );

  test.each(['gemini-3.1-flash', 'gemma-3-27b'])(
    '%s is answered without an end, as the one that was meant has none',
    (written) => {
      expect(named(written).issues).toMatchObject([{ fields: { ends: undefined } }]);
    },
  );

  it('nobody knows is refused with models that can be tuned', () => {
    expect(named('mistral-7b').issues).toMatchObject([
      {
        code: 'model_unknown',
        fields: { known: expect.stringContaining('gemini-3.5-flash'), meant: undefined },
      },
    ]);
  });

  it('is told alone, whatever names the other keys have', () => {
    const content = { baseModel: 'gemini-3.8-flash', trainingDatasetUri: 'train.jsonl', epochCount: 3 };
    const [issue, ...others] = parse(content).issues.map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ line: 2, path: 'baseModel' });
    expect(issue?.remedy).toContain('Write "baseModel": "gemini-3.5-flash"');
  });
});

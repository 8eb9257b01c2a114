import { describe, expect, test } from 'vitest';
import { checkJudge } from '../../shared/core/manifest/judge.ts';
import type { Manifest } from '../../shared/core/manifest/keys.ts';
import { locateIn, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { aManifest } from '../support/world.ts';

const uri = 'gs://inbox/tickets/tune.json';

const issuesOf = (
  manifest: Partial<Manifest>,
  { today = '2026-03-01', retiredModels = 'error' as 'error' | 'warn' } = {},
) =>
  checkJudge(
    { base_model: 'gemini-3.1-flash-lite', evaluation_data_uri: 'eval.jsonl', ...manifest },
    { limits: { retiredModels }, locate: locateIn(uri), today },
  );

describe('a judge', () => {
  test('that answers, of a model that is asked, is right', () => {
    expect(issuesOf({ judge: 'gemini-2.5-pro' })).toEqual([]);
    expect(
      issuesOf({ judge: 'gemini-2.5-pro', evaluation_data_uri: undefined, evaluation_split: 0.1 }),
    ).toEqual([]);
    expect(issuesOf({})).toEqual([]);
  });

  test.each([
    ['gemini-2.5-pr', 'gemini-2.5-pro'],
    ['text-bison@002', undefined],
    ['google/gemma3@gemma-3-27b-it', undefined],
    ['gpt-4o', undefined],
    [true, undefined],
  ])('has to be a model that can be asked to judge: %s', (judge, meant) => {
    const text = JSON.stringify({ ...JSON.parse(aManifest()), judge });
    const { issues, manifest } = parseManifest(Buffer.from(text), { uri });
    expect(manifest).toBeUndefined();
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        code: 'invalid_value',
        at: { path: 'judge' },
        fields: { key: 'judge', meant, expected: expect.stringContaining('gemini-2.5-pro') },
      },
    ]);
  });

  test.each([
    ['2026-10-19', 'error', undefined],
    ['2026-10-20', 'error', 'warning'],
    ['2027-03-30', 'error', 'warning'],
    ['2027-03-31', 'error', 'error'],
    ['2027-03-31', 'warn', 'warning'],
  ] as const)(
    'ends like every model: on %s, where retired models are an %s',
    (today, retiredModels, severity) => {
      const issues = issuesOf({ judge: 'gemini-2.5-pro' }, { today, retiredModels });
      expect(issues.map((issue) => [issue.code, issue.severity])).toEqual(
        severity === undefined ? [] : [['judge_retired', severity]],
      );
      if (severity === undefined) return;
      // Nobody has published what the successor costs.
      const priced = 'gemini-3.5-flash-lite';
      expect(issues).toMatchObject([{ fields: { successor: 'gemini-3.5-flash', priced } }]);
      expect(issuesOf({ judge: priced }, { today, retiredModels })).toEqual([]);
      expect(issuesOf({ judge: 'gemini-3.5-flash' }, { today, retiredModels })).toEqual([]);
    },
  );

  test('that is the base model is a party, which is advice', () => {
    expect(issuesOf({ judge: 'gemini-3.1-flash-lite' })).toMatchObject([
      { code: 'judge_is_base', severity: 'advice', fields: { judge: 'gemini-3.1-flash-lite' } },
    ]);
    expect(issuesOf({ judge: 'gemini-3.5-flash' })).toEqual([]);
  });

  test.each<[string, Partial<Manifest>, RegExp]>([
    ['nothing is asked', { evaluate: false }, /"evaluate": false/],
    ['there are no examples', { evaluation_data_uri: undefined }, /without evaluation data/],
    ['the answer is numbers', { base_model: 'text-embedding-005' }, /embedding model/],
    ['nobody deploys it', { base_model: 'google/gemma3@gemma-3-27b-it' }, /open model/],
    ['nothing is expected', { tuning_method: 'preference' }, /preferences/],
  ])('has nothing to compare where %s, which is advice', (_name, manifest, why) => {
    expect(issuesOf({ judge: 'gemini-3.1-flash-lite', ...manifest })).toMatchObject([
      { code: 'judge_without_work', severity: 'advice', fields: { why: expect.stringMatching(why) } },
    ]);
  });
});

import { describe, expect, it, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { parse } from '../support/manifests.ts';

const manifest = (over: object = {}) => ({
  ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', evaluation_split: 0.1 },
  ...over,
});
const GUIDE = { base_model: 'text-bison@002' };
const OPEN = { base_model: 'qwen/qwen3@qwen3-4b' };

/** Every issue as its code, where it is, what is expected and what to do. */
const said = (content: object) =>
  parse(content).issues.map((issue) => {
    const { code, path, expected, remedy } = reportIssue(issue);
    return { code, path, expected, remedy };
  });

describe('evaluation_split', () => {
  it.each([
    ['a Gemini model', {}],
    ['an open model', OPEN],
    ['a model of the guide', GUIDE],
    ['preferences', { base_model: 'gemini-2.5-flash', tuning_method: 'preference' }],
    ['a model of the guide with settings of the evaluation', { ...GUIDE, enable_early_stopping: false }],
  ])('is taken for %s', (_name, over) => {
    expect(parse(manifest(over)).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(parse(manifest(over)).manifest?.evaluation_split).toBe(0.1);
  });

  it.each([0, -0.1, 0.6, 1.5, -1, '0.1', '10%', true, null, [0.1]])('cannot be %j', (evaluation_split) => {
    expect(said(manifest({ ...GUIDE, evaluation_split }))).toMatchObject([
      {
        ...{ code: 'invalid_value', path: 'evaluation_split' },
        expected: 'a share up to 0.5 such as 0.1, or a whole number of examples from 1, without quotes',
      },
    ]);
  });

  it.each([
    ['fewer than the guide has', { ...GUIDE, evaluation_split: 9 }, '10 to 250', 10],
    ['more than the guide has', { ...GUIDE, evaluation_split: 251 }, '10 to 250', 250],
    ['more than Gemini takes', { evaluation_split: 5001 }, '1 to 5,000', 5000],
  ])('cannot be a number of examples that is %s', (_name, over, range, works) => {
    const { base_model } = manifest(over);
    expect(said(manifest(over))).toEqual([
      {
        ...{ code: 'invalid_value', path: 'evaluation_split' },
        expected: `a share such as 0.1, or ${range} examples for ${base_model}`,
        remedy: `Write "evaluation_split": ${works}, or a share such as 0.1.`,
      },
    ]);
    expect(parse(manifest({ ...over, evaluation_split: works })).issues).toEqual([]);
  });

  it.each([
    ['a Gemini model', {}],
    ['an open model', OPEN],
    ['a model of the guide', GUIDE],
  ])('stands in place of evaluation_data_uri for %s, and one issue says so', (_name, over) => {
    expect(said(manifest({ ...over, evaluation_data_uri: 'eval.jsonl' }))).toMatchObject([
      {
        code: 'invalid_value',
        path: 'evaluation_split',
        expected: 'evaluation_split or evaluation_data_uri, not both',
      },
    ]);
  });

  it('needs a file that is read', () => {
    const dataset_name = 'projects/p/locations/us-central1/datasets/1';
    const { dataset_uri: _, ...managed } = manifest({ ...GUIDE, dataset_name });
    const errors = parse(managed).issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'invalid_value', at: { path: 'evaluation_split' } }]);
  });

  const embedding = { queries_path: 'q', corpus_path: 'c', train_label_path: 't', evaluation_split: 0.1 };
  it.each([
    ['chat models', manifest({ base_model: 'chat-bison@002' })],
    ['embedding models', { base_model: 'text-embedding-005', ...embedding }],
  ])('is not for %s', (_name, content) => {
    expect(said(content)).toMatchObject([{ code: 'key_not_for_model', path: 'evaluation_split' }]);
  });
});

test.each(['validation_split', 'eval_split', 'test_size', 'evaluationSplit'])(
  '%s is told by its name',
  (key) => {
    const { evaluation_split: _, ...rest } = manifest(GUIDE);
    expect(parse({ ...rest, [key]: 0.1 }).issues).toMatchObject([
      { code: 'unknown_key', fields: { meant: 'evaluation_split' } },
    ]);
  },
);

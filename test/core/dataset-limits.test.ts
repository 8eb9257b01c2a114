import { describe, expect, it, test } from 'vitest';
import { checkEvaluationShare } from '../../shared/core/dataset/compare.ts';
import { tuningDatasetLimits } from '../../shared/core/dataset/limits.ts';
import type { Issue } from '../../shared/core/issues/catalog.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { checkBytes, startCheck, textLine } from './dataset-samples.ts';

const rowOf = (reference: string) => {
  const model = findModel(reference);
  if (model?.backend !== 'tuningJobs') throw new Error(`${reference} is no model of tuningJobs`);
  return model;
};
const GEMINI = 'gemini-3.1-flash-lite';
const OPEN = 'qwen/qwen3@qwen3-4b';

test('the limits of the pages', () => {
  expect(tuningDatasetLimits(rowOf(GEMINI), 'training')).toMatchObject({
    ...{ minExamples: 1, maxExamples: 10_000_000, maxMultimodalExamples: 300_000, maxBytes: 1e9 },
    ...{ maxInputTokens: 131_072, maxOutputTokens: 131_072, maxDroppedShare: 0.1 },
  });
  expect(tuningDatasetLimits(rowOf(GEMINI), 'evaluation')).toMatchObject({
    ...{ maxExamples: 5_000, maxBytes: undefined, maxMultimodalExamples: undefined },
  });
  expect(tuningDatasetLimits(rowOf(OPEN), 'training').maxInputTokens).toBe(8_192);
  expect(tuningDatasetLimits(rowOf(OPEN), 'evaluation').maxExamples).toBe(Infinity);
  const scout = rowOf('meta/llama4@llama-4-scout-17b-16e-instruct');
  expect(tuningDatasetLimits(scout, 'training').maxInputTokens).toBe(2_048);
});

describe('evaluation data beside training data', () => {
  const sizes = { examples: 100, bytes: 100 };
  const found = (reference: string, training: Partial<typeof sizes>, evaluation: Partial<typeof sizes>) => {
    const sample = checkBytes(textLine(1));
    const sized = (over: object) => ({ ...sample, statistics: { ...sample.statistics, ...over } });
    return checkEvaluationShare(
      sized({ ...sizes, ...training }),
      sized({ ...sizes, ...evaluation }),
      rowOf(reference).limits.validation,
    ).map(({ code, severity }) => `${severity} ${code}`);
  };

  test.each([
    ['up to 1,000 examples', GEMINI, { examples: 10 }, { examples: 1_000 }, []],
    ['30 % of the training examples', GEMINI, { examples: 10_000 }, { examples: 3_000 }, []],
    ['more', GEMINI, { examples: 10_000 }, { examples: 3_001 }, ['warning evaluation_too_large']],
    ['more bytes', GEMINI, { bytes: 10 }, { bytes: 1_000 }, []],
    ['25 % of the size', OPEN, { bytes: 1_000 }, { bytes: 250 }, []],
    ['more of the size', OPEN, { bytes: 1_000 }, { bytes: 251 }, ['error evaluation_too_large']],
    ['more examples', OPEN, { bytes: 1_000, examples: 10 }, { bytes: 250, examples: 99 }, []],
  ])('has %s for %s', (_name, reference, training, evaluation, expected) => {
    expect(found(reference, training, evaluation)).toEqual(expected);
  });

  it('is held against it where both are read', async () => {
    async function* rows(count: number) {
      yield Buffer.from([...Array(count).keys()].map((index) => textLine(index)).join('\n'));
    }
    const issues: Issue[] = [];
    const files = [
      { key: 'dataset_uri', uri: 'gs://inbox/t', chunks: rows(100) },
      { key: 'evaluation_data_uri', uri: 'gs://inbox/e', chunks: rows(90) },
    ] as const;
    await checkData({ base_model: OPEN }, [...files], { onIssue: (issue) => issues.push(issue) });
    expect(issues.filter(({ code }) => code === 'evaluation_too_large')).toMatchObject([
      { at: { uri: 'gs://inbox/e' }, fields: { unit: 'bytes', percent: 25 } },
    ]);
  });
});

describe('a training file', () => {
  it('of more bytes than the limit is refused', () => {
    const { issues } = checkBytes(textLine(1), { limits: { maxBytes: 10 } });
    expect(issues.listed.map(({ code }) => code)).toContain('dataset_too_large');
  });

  it('of which more than a tenth would be dropped is refused, also where long rows are let through', () => {
    const long = (count: number) =>
      [...Array(40).keys()]
        .map((index) =>
          textLine(index, index < count ? { input_text: `${index} ${'word '.repeat(100)}` } : {}),
        )
        .join('\n');
    const limits = { maxInputTokens: 50, maxDroppedShare: 0.1 };
    const codes = (count: number) =>
      checkBytes(long(count), { limits, tokenOverflow: 'warning' }).issues.listed.map(({ code }) => code);
    expect(codes(4)).not.toContain('dataset_mostly_dropped');
    expect(codes(5)).toContain('dataset_mostly_dropped');
  });

  it('is compared exactly up to 1,048,576 different inputs, and then it is said to be compared in part', () => {
    const compared = (rows: number) => {
      const check = startCheck({ limits: { minExamples: 1, maxExamples: Infinity } });
      for (let first = 0; first < rows; first += 4096) {
        const count = Math.min(4096, rows - first);
        const lines = Array.from(
          { length: count },
          (_, index) => `{"input_text":"q ${first + index}","output_text":"a"}\n`,
        );
        check.push(Buffer.from(lines.join('')));
      }
      // The first input again is found, whatever came between.
      check.push(Buffer.from('{"input_text":"q 0","output_text":"a"}\n'));
      const { statistics, issues } = check.finish();
      return { ...statistics.duplicates, codes: issues.listed.map(({ code }) => code) };
    };
    const most = 2 ** 20;
    expect(compared(most)).toMatchObject({ exact: 1, comparedWith: undefined });
    const over = compared(most + 1);
    expect(over).toMatchObject({ exact: 1, comparedWith: most });
    expect(over.codes).toContain('dataset_compared_in_part');
  });
});

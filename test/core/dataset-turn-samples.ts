import { createDatasetCheck, type DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import type { DatasetIssue } from '../../shared/core/issues/dataset.ts';

/** A turn of the user, of the model, and a part that names a file. */
export const user = (...texts: string[]) => ({ role: 'user', parts: texts.map((text) => ({ text })) });
export const model = (...texts: string[]) => ({ role: 'model', parts: texts.map((text) => ({ text })) });
export const file = (over: object = {}) => ({
  fileData: { mimeType: 'image/png', fileUri: 'gs://inbox/a.png', ...over },
});

/** The issues of lines as they are written. */
export function checkLines(
  lines: readonly string[],
  over: Partial<DatasetCheckOptions> = {},
): DatasetIssue[] {
  return checkText(lines.map((line) => `${line}\n`).join(''), over).issues;
}

/** Checks examples, and leaves out that there are few. */
export function checkExamples(examples: readonly unknown[], over: Partial<DatasetCheckOptions> = {}) {
  return checkText(examples.map((one) => `${JSON.stringify(one)}\n`).join(''), over);
}

function checkText(text: string, over: Partial<DatasetCheckOptions>) {
  const issues: DatasetIssue[] = [];
  const checked = createDatasetCheck({
    uri: 'gs://inbox/train.jsonl',
    format: 'contents',
    role: 'training',
    limits: { minExamples: 1, maxExamples: 10_000_000, maxInputTokens: 131_072, maxOutputTokens: 131_072 },
    onIssue: (issue) => issues.push(issue),
    ...over,
  });
  checked.push(new TextEncoder().encode(text));
  const { statistics } = checked.finish();
  return { statistics, issues: issues.filter(({ code }) => code !== 'dataset_few_examples') };
}

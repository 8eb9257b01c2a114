import {
  createDatasetCheck,
  type DatasetCheckOptions,
  type DatasetResult,
} from '../../shared/core/dataset/check.ts';
import type { DatasetIssue } from '../../shared/core/issues/dataset.ts';
import { createIssueLog, type IssueLog } from '../../shared/core/issues/issue-log.ts';

export const URI = 'gs://inbox/team/train.jsonl';

/** The line of a sound text example; `number` makes it different from others. */
export const textLine = (number: number, more: object = {}) =>
  JSON.stringify({
    input_text: `What is ${number} + 1? Answer shortly.`,
    output_text: `${number + 1}`,
    ...more,
  });

/** The line of a sound chat example with two pairs. */
export const chatLine = (number: number, more: object = {}) =>
  JSON.stringify({
    messages: [
      { author: 'user', content: `What is ${number} + 1?` },
      { author: 'assistant', content: `${number + 1}` },
      { author: 'user', content: 'Are you sure?' },
      { author: 'assistant', content: `Yes, it is ${number + 1}.` },
    ],
    ...more,
  });

/** Sound lines, with `replaced[line]` in the place of the 1-based line. */
export function lines(
  count: number,
  line: (number: number) => string,
  replaced: Record<number, string> = {},
): string[] {
  return Array.from({ length: count }, (_, index) => replaced[index + 1] ?? line(index));
}

/** What a check found, with its issues. */
export interface CheckedFile extends DatasetResult {
  issues: IssueLog<DatasetIssue>;
}

/** Begins a check that collects its issues. */
export function startCheck(options: Partial<DatasetCheckOptions> = {}) {
  const issues = createIssueLog<DatasetIssue>({ list: 200 });
  const onIssue = (issue: DatasetIssue) => {
    issues.add(issue);
    options.onIssue?.(issue);
  };
  const sample = { uri: URI, format: 'input_output', role: 'training' } as const;
  const check = createDatasetCheck({ ...sample, ...options, onIssue });
  return { push: check.push, finish: (): CheckedFile => ({ ...check.finish(), issues }) };
}

/** Checks a whole file at once. */
export function checkBytes(
  bytes: string | Uint8Array,
  options: Partial<DatasetCheckOptions> = {},
): CheckedFile {
  const check = startCheck(options);
  check.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  return check.finish();
}

/** Every issue as `severity code line path`. */
export function issuesOf({ issues }: CheckedFile): string[] {
  return issues.listed.map(({ severity, code, at }) =>
    [severity, code, at.line, at.path].filter(Boolean).join(' '),
  );
}

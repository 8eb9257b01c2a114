import { type IssueOf, issueFactory } from './issue.ts';

/** What can be wrong with a data set, or between the training and the evaluation data. */
export const DATASET_ISSUES = {
  dataset_empty: {
    severity: 'error',
    title: 'The data set is empty',
    why: 'A data set must hold at least 10 examples (guide, "Prepare a supervised tuning data set").',
    text: (fields: { sizeBytes: number }) => ({
      found: `${fields.sizeBytes} bytes and no example`,
      expected: 'at least 10 examples, one JSON object a line',
      remedy: 'Upload the data set again with its examples.',
    }),
  },
} as const;

export type DatasetIssue = IssueOf<typeof DATASET_ISSUES>;
export const datasetIssue = issueFactory(DATASET_ISSUES);

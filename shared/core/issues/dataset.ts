import { CALL_ISSUES } from './calls.ts';
import { CONVERSION_ISSUES } from './conversion.ts';
import { EXAMPLE_ISSUES } from './dataset-examples.ts';
import { LINE_ISSUES } from './dataset-lines.ts';
import { TURN_ISSUES } from './dataset-turns.ts';
import { WHOLE_DATASET_ISSUES } from './dataset-whole.ts';
import { type IssueOf, issueFactory } from './issue.ts';

/** What can be wrong with a data set, or between the training and the evaluation data. */
export const DATASET_ISSUES = {
  ...LINE_ISSUES,
  ...EXAMPLE_ISSUES,
  ...TURN_ISSUES,
  ...WHOLE_DATASET_ISSUES,
  ...CALL_ISSUES,
  ...CONVERSION_ISSUES,
} as const;

export type DatasetIssue = IssueOf<typeof DATASET_ISSUES>;
export const datasetIssue = issueFactory(DATASET_ISSUES);

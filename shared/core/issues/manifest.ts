import { type IssueOf, issueFactory } from './issue.ts';

/** What can be wrong with a manifest or with the plan that follows from it. */
export const MANIFEST_ISSUES = {
  manifest_not_json: {
    severity: 'error',
    title: 'The manifest is not JSON',
    why: 'tune.json is read as one JSON object (RFC 8259), strict UTF-8, without comments or trailing commas.',
    text: (fields: { problem: string }) => ({
      found: fields.problem,
      expected: 'one JSON object',
      remedy: 'Mend the JSON and upload tune.json again.',
    }),
  },
} as const;

export type ManifestIssue = IssueOf<typeof MANIFEST_ISSUES>;
export const manifestIssue = issueFactory(MANIFEST_ISSUES);

import { DATASET_ISSUES, type DatasetIssue } from './dataset.ts';
import { EMBEDDING_ISSUES, type EmbeddingIssue } from './embedding.ts';
import type { IssueKind } from './issue.ts';
import { MANIFEST_ISSUES, type ManifestIssue } from './manifest.ts';
import type { IssueReport } from './report.ts';

/** Every issue that a user can cause. */
export type Issue = ManifestIssue | DatasetIssue | EmbeddingIssue;
export type IssueCode = Issue['code'];

/** Every row of every catalog, by code: what docs/issues.md is generated from. */
export const ALL_ISSUES: Record<IssueCode, IssueKind<never>> = {
  ...MANIFEST_ISSUES,
  ...DATASET_ISSUES,
  ...EMBEDDING_ISSUES,
};

/** Turns an issue into its sentences. */
export function reportIssue(issue: Issue): IssueReport {
  const kind = ALL_ISSUES[issue.code] as IssueKind<unknown>;
  const text = kind.text(issue.fields);
  return {
    code: issue.code,
    severity: issue.severity,
    file: issue.at.uri,
    line: issue.at.line,
    path: issue.at.path,
    message: `${kind.title}: found ${text.found}; expected ${text.expected}.`,
    ...text,
  };
}

/** What an issue is called; one of another version by its code. */
export function titleOf({ code }: Pick<IssueReport, 'code'>): string {
  const kinds: Readonly<Record<string, IssueKind<never>>> = ALL_ISSUES;
  return kinds[code]?.title ?? code;
}

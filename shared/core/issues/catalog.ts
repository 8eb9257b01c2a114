import { DATASET_ISSUES, type DatasetIssue } from './dataset.ts';
import { EMBEDDING_ISSUES, type EmbeddingIssue } from './embedding.ts';
import type { IssueKind, IssueText, Severity } from './issue.ts';
import { MANIFEST_ISSUES, type ManifestIssue } from './manifest.ts';

/** Every issue that a user can cause. */
export type Issue = ManifestIssue | DatasetIssue | EmbeddingIssue;
export type IssueCode = Issue['code'];

/** Every row of every catalog, by code: what docs/issues.md is generated from. */
export const ALL_ISSUES: Record<IssueCode, IssueKind<never>> = {
  ...MANIFEST_ISSUES,
  ...DATASET_ISSUES,
  ...EMBEDDING_ISSUES,
};

/** An issue as people and programs read it: in the document, in status.json, in the report, from `tunedrop check`. */
export interface IssueReport extends IssueText {
  code: IssueCode;
  severity: Severity;
  /** The object, as a `gs://` URI or a local path. */
  file: string;
  line?: number | undefined;
  path?: string | undefined;
  /** One sentence: what is wrong, with what was found and what was expected. */
  message: string;
}

/** Turns an issue into its sentences. */
export function reportIssue(issue: Issue): IssueReport {
  const kind = ALL_ISSUES[issue.code] as IssueKind<unknown>;
  const text = kind.text(issue.fields);
  return {
    code: issue.code,
    severity: issue.severity,
    file: issue.at.uri,
    ...(issue.at.line === undefined ? {} : { line: issue.at.line }),
    ...(issue.at.path === undefined ? {} : { path: issue.at.path }),
    message: `${kind.title}: found ${text.found}; expected ${text.expected}.`,
    ...text,
  };
}

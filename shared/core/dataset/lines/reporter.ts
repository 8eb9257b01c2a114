import type { DatasetIssue } from '../../issues/dataset.ts';
import type { IssueLocation, Severity } from '../../issues/issue.ts';
import type { Progress } from '../jsonl/json-lines.ts';

export interface ReportWhere {
  path?: string;
  /** The line that is being read, unless another is named; 0 for the file as a whole. */
  line?: number;
  severity?: Severity;
}

interface AnyIssue {
  code: string;
  severity: Severity;
  at: IssueLocation;
  fields: unknown;
}

/** How every part of a check says what it found; `I` is the union of the issues of a catalog. */
export type ReportOf<I extends AnyIssue> = <Code extends I['code']>(
  code: Code,
  fields: Extract<I, { code: Code }>['fields'],
  where?: ReportWhere,
) => void;

export type Report = ReportOf<DatasetIssue>;

/** Makes an issue of a catalog; what `issueFactory` gives. */
type MakeIssue = (code: never, at: IssueLocation, fields: never, severity?: Severity) => AnyIssue;

export interface ReportOptions<I> {
  uri: string;
  progress: Progress;
  add: (issue: I) => void;
}

/** Makes the report of one file; it notes the lines that have errors. */
export function createReport<I extends AnyIssue = DatasetIssue>(
  make: MakeIssue,
  { uri, progress, add }: ReportOptions<I>,
): ReportOf<I> {
  return (code, fields, { path, line = progress.line, severity } = {}) => {
    const at = { uri, ...(line > 0 && { line }), ...(path !== undefined && { path }) };
    const issue = make(code as never, at, fields as never, severity);
    if (issue.severity === 'error') progress.lastErrorLine = line;
    add(issue as I);
  };
}

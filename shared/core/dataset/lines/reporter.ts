import type { DatasetIssue } from '../../issues/dataset.ts';
import type { IssueLocation, Severity } from '../../issues/issue.ts';
import type { FileProgress } from './progress.ts';

export interface ReportWhere {
  path?: string;
  /** The line that is being read, unless another is named; 0 for the file as a whole. */
  line?: number;
  /** The number of the record, where that is not the one that is read; 0: it has none. */
  record?: number;
  severity?: Severity;
}

interface AnyIssue {
  code: string;
  severity: Severity;
  at: IssueLocation;
  fields: unknown;
}

/** How every part of a check says what it found; `I` is the union of the issues of a catalog. */
export type ReporterOf<I extends AnyIssue> = <Code extends I['code']>(
  code: Code,
  fields: Extract<I, { code: Code }>['fields'],
  where?: ReportWhere,
) => void;

export type Reporter = ReporterOf<DatasetIssue>;

export interface ReporterOptions<I extends AnyIssue> {
  uri: string;
  progress: FileProgress;
  /** How grave each kind of issue is, unless a report says otherwise. */
  catalog: Record<I['code'], { severity: Severity }>;
  onIssue: (issue: I) => void;
}

/** Makes the reporter of one file; it notes the lines that have errors. */
export function createReporter<I extends AnyIssue>(options: ReporterOptions<I>): ReporterOf<I> {
  const { uri, progress, catalog, onIssue } = options;
  return (code, fields, { path, line = progress.line, record, severity } = {}) => {
    const at: IssueLocation = { uri };
    if (line > 0) at.line = line;
    const number = record ?? (line >= progress.line ? progress.record : 0);
    if (number > 0) at.record = number;
    if (path !== undefined) at.path = path;
    const issue: AnyIssue = { code, severity: severity ?? catalog[code].severity, at, fields };
    progress.issues += 1;
    if (issue.severity === 'error') progress.lastErrorLine = line;
    onIssue(issue as I);
  };
}

/** Where an issue is that only the whole file shows. */
export const WHOLE_FILE = { line: 0 } as const;

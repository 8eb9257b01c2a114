import type { Severity } from './issue.ts';

/** What a log needs to know of an issue; `Issue`, `ManifestIssue` and `DatasetIssue` all fit. */
export interface Loggable {
  code: string;
  severity: Severity;
}

/** How many issues there were of one code at one severity. */
export interface IssueCount {
  code: string;
  severity: Severity;
  count: number;
}

/** Counts every issue exactly and keeps the first few of each code, so memory stays flat however bad a file is. */
export interface IssueLog<I extends Loggable> {
  add(issue: I): void;
  /** Takes over the counts and the kept issues of another log; `onIssue` is not called again for them. */
  merge(other: IssueLog<I>): void;
  readonly total: number;
  readonly hasErrors: boolean;
  /** The kept issues, in the order of their arrival. */
  readonly kept: readonly I[];
  /** Exact numbers, in the order in which each code and severity first came. */
  counts(): IssueCount[];
  /** The exact number of issues of one severity. */
  countOf(severity: Severity): number;
}

export interface IssueLogOptions<I extends Loggable> {
  /** How many issues are kept: of one code, and altogether. */
  keep?: { perCode: number; total: number };
  /** Called for every issue, kept or not: where the caller streams the complete list to. */
  onIssue?: (issue: I) => void;
}

/** What a person still reads: twenty of a kind show the pattern, two hundred fill a report. */
const KEEP = { perCode: 20, total: 200 };

/** Makes an empty log. */
export function createIssueLog<I extends Loggable>({
  keep = KEEP,
  onIssue,
}: IssueLogOptions<I> = {}): IssueLog<I> {
  const counts = new Map<string, IssueCount>();
  const keptPerCode = new Map<string, number>();
  const kept: I[] = [];

  function count({ code, severity }: Loggable, by: number): void {
    const key = `${severity} ${code}`;
    const row = counts.get(key);
    if (row) row.count += by;
    else counts.set(key, { code, severity, count: by });
  }

  function keepIfRoom(issue: I): void {
    if (kept.length >= keep.total) return;
    const already = keptPerCode.get(issue.code) ?? 0;
    if (already >= keep.perCode) return;
    keptPerCode.set(issue.code, already + 1);
    kept.push(issue);
  }

  const sum = (severity?: Severity) => {
    let total = 0;
    for (const row of counts.values()) if (!severity || row.severity === severity) total += row.count;
    return total;
  };

  return {
    add(issue) {
      count(issue, 1);
      keepIfRoom(issue);
      onIssue?.(issue);
    },
    merge(other) {
      for (const row of other.counts()) count(row, row.count);
      for (const issue of other.kept) keepIfRoom(issue);
    },
    get total() {
      return sum();
    },
    get hasErrors() {
      return sum('error') > 0;
    },
    kept,
    counts: () => [...counts.values()].map((row) => ({ ...row })),
    countOf: sum,
  };
}

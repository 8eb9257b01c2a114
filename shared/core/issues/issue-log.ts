import type { Severity } from './issue.ts';

/** What a log needs to know of an issue; every issue fits. */
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

/** Counts every issue exactly, keeps the first few of each code and lists so many of all, so memory stays flat however bad a file is. */
export interface IssueLog<I extends Loggable> {
  add(issue: I): void;
  readonly total: number;
  readonly hasErrors: boolean;
  /** What a person reads: the first few of each code, in the order of their arrival. */
  readonly kept: readonly I[];
  /** What a file lists: the first of all, in the order of their arrival. */
  readonly listed: readonly I[];
  /** Exact numbers, in the order in which each code and severity first came. */
  counts(): IssueCount[];
  /** Exact numbers, also of a severity that never came. */
  bySeverity(): Record<Severity, number>;
}

export interface IssueLogOptions {
  /** How many issues are kept: of one code, and altogether. */
  keep?: { perCode: number; total: number };
  /** How many issues are listed; none unless given. */
  list?: number;
}

/** What a person still reads: twenty of a kind show the pattern, two hundred fill a report. */
const KEEP = { perCode: 20, total: 200 };

/** Makes an empty log. */
export function createIssueLog<I extends Loggable>({
  keep = KEEP,
  list = 0,
}: IssueLogOptions = {}): IssueLog<I> {
  const counts = new Map<string, IssueCount>();
  const keptPerCode = new Map<string, number>();
  const kept: I[] = [];
  const listed: I[] = [];

  function count({ code, severity }: Loggable): void {
    const key = `${severity} ${code}`;
    const row = counts.get(key);
    if (row) row.count += 1;
    else counts.set(key, { code, severity, count: 1 });
  }

  function keepIfRoom(issue: I): void {
    if (kept.length >= keep.total) return;
    const already = keptPerCode.get(issue.code) ?? 0;
    if (already >= keep.perCode) return;
    keptPerCode.set(issue.code, already + 1);
    kept.push(issue);
  }

  function bySeverity(): Record<Severity, number> {
    const sums = { error: 0, warning: 0, advice: 0 };
    for (const row of counts.values()) sums[row.severity] += row.count;
    return sums;
  }

  return {
    add(issue) {
      count(issue);
      keepIfRoom(issue);
      if (listed.length < list) listed.push(issue);
    },
    get total() {
      return Object.values(bySeverity()).reduce((sum, number) => sum + number, 0);
    },
    get hasErrors() {
      return bySeverity().error > 0;
    },
    kept,
    listed,
    counts: () => [...counts.values()].map((row) => ({ ...row })),
    bySeverity,
  };
}

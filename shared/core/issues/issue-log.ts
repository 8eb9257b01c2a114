import type { IssueLocation, Severity } from './issue.ts';

/** What a log needs to know of an issue; every issue fits. */
export interface Loggable {
  code: string;
  severity: Severity;
  at?: IssueLocation | undefined;
}

/** How many issues there were of one code at one severity. */
export interface IssueCount {
  code: string;
  severity: Severity;
  count: number;
}

/** Issues of one kind, place and cause: what a person deals with at once. */
export interface IssueGroup<I> {
  /** The first of them, which stands for all. */
  first: I;
  /** How many there are. */
  count: number;
  /** On how many different lines of their file. */
  lineCount: number;
  /** The first of those lines. */
  lines: number[];
  /** The last of them; 0 before the first. */
  lastLine: number;
  /** In how many different records, where records have numbers. */
  recordCount: number;
  /** The first of them. */
  records: number[];
  lastRecord: number;
}

/** Counts every issue exactly, keeps one group for each cause and lists so many of all, so memory stays flat however bad a file is. */
export interface IssueLog<I extends Loggable> {
  add(issue: I): void;
  readonly total: number;
  readonly hasErrors: boolean;
  /** What a person reads: the groups, in the order of their first issues. */
  readonly groups: readonly Readonly<IssueGroup<I>>[];
  /** What a file lists: the first of all, in the order of their arrival. */
  readonly listed: readonly I[];
  /** Exact numbers, in the order in which each code and severity first came. */
  counts(): IssueCount[];
  /** Exact numbers, also of a severity that never came. */
  bySeverity(): Record<Severity, number>;
}

export interface IssueLogOptions<I> {
  /** What issues of one group have in common, beside their code and severity. */
  causeOf?: (issue: I) => string;
  /** How many groups are kept: of one code, and altogether. */
  keep?: { perCode: number; total: number };
  /** How many issues are listed; none unless given. */
  list?: number;
}

/** What a person still reads: twenty of a kind show the pattern, two hundred fill a report. */
const KEEP = { perCode: 20, total: 200 };
/** The lines of a group that are named. */
const NAMED_LINES = 10;

/** Makes an empty log. */
export function createIssueLog<I extends Loggable>({
  causeOf = () => '',
  keep = KEEP,
  list = 0,
}: IssueLogOptions<I> = {}): IssueLog<I> {
  const counts = new Map<string, IssueCount>();
  const groupsPerCode = new Map<string, number>();
  const groups = new Map<string, IssueGroup<I>>();
  const listed: I[] = [];

  function count({ code, severity }: Loggable): string {
    const key = `${severity} ${code}`;
    const row = counts.get(key);
    if (row) row.count += 1;
    else counts.set(key, { code, severity, count: 1 });
    return key;
  }

  function group(issue: I, kind: string): void {
    const key = `${kind} ${causeOf(issue)}`;
    const known = groups.get(key);
    if (known) {
      known.count += 1;
      noteLine(known, issue.at?.line);
      noteRecord(known, issue.at?.record);
      return;
    }
    const already = groupsPerCode.get(issue.code) ?? 0;
    if (groups.size >= keep.total || already >= keep.perCode) return;
    groupsPerCode.set(issue.code, already + 1);
    const made: IssueGroup<I> = {
      ...{ first: issue, count: 1, lineCount: 0, lines: [], lastLine: 0 },
      ...{ recordCount: 0, records: [], lastRecord: 0 },
    };
    noteLine(made, issue.at?.line);
    noteRecord(made, issue.at?.record);
    groups.set(key, made);
  }

  function bySeverity(): Record<Severity, number> {
    const sums = { error: 0, warning: 0, advice: 0 };
    for (const row of counts.values()) sums[row.severity] += row.count;
    return sums;
  }

  return {
    add(issue) {
      group(issue, count(issue));
      if (listed.length < list) listed.push(issue);
    },
    get total() {
      return Object.values(bySeverity()).reduce((sum, number) => sum + number, 0);
    },
    get hasErrors() {
      return bySeverity().error > 0;
    },
    get groups() {
      return [...groups.values()];
    },
    listed,
    counts: () => [...counts.values()].map((row) => ({ ...row })),
    bySeverity,
  };
}

/** Lines of a file come in their order, so that only the last one can come again. */
function noteLine(group: Omit<IssueGroup<unknown>, 'first'>, line: number | undefined): void {
  if (line === undefined || group.lastLine === line) return;
  group.lastLine = line;
  group.lineCount += 1;
  if (group.lines.length < NAMED_LINES) group.lines.push(line);
}

function noteRecord(group: Omit<IssueGroup<unknown>, 'first'>, record: number | undefined): void {
  if (record === undefined || group.lastRecord === record) return;
  group.lastRecord = record;
  group.recordCount += 1;
  if (group.records.length < NAMED_LINES) group.records.push(record);
}

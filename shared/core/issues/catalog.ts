import { commandFor } from './by-command.ts';
import { DATASET_ISSUES, type DatasetIssue } from './dataset.ts';
import { EMBEDDING_ISSUES, type EmbeddingIssue } from './embedding.ts';
import type { IssueKind } from './issue.ts';
import { createIssueLog, type IssueGroup, type IssueLog, type IssueLogOptions } from './issue-log.ts';
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
  const command = commandFor(issue);
  return {
    code: issue.code,
    severity: issue.severity,
    file: issue.at.uri,
    line: issue.at.line,
    record: issue.at.record,
    path: issue.at.path,
    message: `${kind.title}: found ${text.found}; expected ${text.expected}.`,
    ...text,
    remedy: command === undefined ? text.remedy : withCommand(text.remedy, command),
  };
}

/** A remedy may end with a command of its own. */
function withCommand(remedy: string, command: string): string {
  return `${remedy}${remedy.endsWith('.') ? ' Or' : '; or'} have it done in a copy: ${command}`;
}

/** Makes an empty log in which issues of one kind, place and remedy are one group. */
export function createCatalogLog(options: Omit<IssueLogOptions<Issue>, 'causeOf'> = {}): IssueLog<Issue> {
  return createIssueLog<Issue>({ ...options, causeOf });
}

/** Where the same is to be done about the same thing, it is one fault; what a manifest says twice are two things. */
function causeOf({ code, fields, at }: Issue): string {
  const { remedy, found } = (ALL_ISSUES[code] as IssueKind<unknown>).text(fields);
  const place = at.path === undefined ? '' : anyIndex(at.path);
  return `${at.uri} ${place} ${remedy} ${code in MANIFEST_ISSUES ? found : ''}`;
}

/** `messages[3].content` as `messages[].content`. */
const anyIndex = (path: string) => (path.includes('[') ? path.replace(/\[\d+\]/g, '[]') : path);

/** Turns a group into the sentences of its first issue, with its number. `linesIn` says how many lines a file has, where that is known. */
export function reportGroup(
  { first, count, lineCount, lines, records, recordCount }: IssueGroup<Issue>,
  linesIn: (uri: string) => number | undefined,
): IssueReport {
  const report = reportIssue(first);
  if (count === 1) return report;
  const inFile = linesIn(first.at.uri);
  const isOnSeveral = lineCount > 1;
  const { firstLines = Infinity } = ALL_ISSUES[first.code] as IssueKind<never>;
  const isOfAll = inFile !== undefined && inFile <= firstLines;
  const isInSeveral = !isOnSeveral && recordCount > 1;
  return {
    ...report,
    path: report.path === undefined ? undefined : anyIndex(report.path),
    count,
    // On several lines the lines tell enough.
    record: isOnSeveral || isInSeveral ? undefined : report.record,
    records: isInSeveral ? [...records] : undefined,
    recordCount: isInSeveral ? recordCount : undefined,
    lines: isOnSeveral ? [...lines] : undefined,
    lineCount: isOnSeveral ? lineCount : undefined,
    share: isOnSeveral && isOfAll ? Number((lineCount / inFile).toFixed(4)) : undefined,
    ofFirst: isOnSeveral && inFile !== undefined && !isOfAll ? firstLines : undefined,
  };
}

/** What an issue is called; one of another version by its code. */
export function titleOf({ code }: Pick<IssueReport, 'code'>): string {
  const kinds: Readonly<Record<string, IssueKind<never>>> = ALL_ISSUES;
  return kinds[code]?.title ?? code;
}

import { titleOf } from '../../shared/core/issues/catalog.ts';
import type { Severity } from '../../shared/core/issues/issue.ts';
import type { IssueReport } from '../../shared/core/issues/report.ts';
import { alignRows, countOf, grouped } from './text.ts';

/** Issues as a check or a run has them: perhaps not all of them, but their exact number. */
export interface IssueList {
  issues: readonly IssueReport[];
  issueCount: Record<Severity, number>;
  /** Where all of them are. */
  issuesFile?: string | undefined;
}

/** The issues as people read them, file by file, and how many they are. */
export function issuesText(list: IssueList): string {
  return [...issueSections(list.issues), ...notListed(list), totalsText(list.issueCount)].join('\n\n');
}

/** One section a file. */
export function issueSections(issues: readonly IssueReport[]): string[] {
  return [...Map.groupBy(issues, ({ file }) => file)].map(([file, ofFile]) =>
    [file, ...ofFile.map(renderIssue)].join('\n\n'),
  );
}

/** How many they are, listed or not. */
export function totalsText({ error, warning, advice }: Record<Severity, number>): string {
  return `${countOf(error, 'error')}, ${countOf(warning, 'warning')}, ${grouped(advice)} advice.`;
}

const INDENT = ' '.repeat(11);

function renderIssue({ code, severity, line, path, found, expected, remedy }: IssueReport): string {
  const place = [line === undefined ? [] : `line ${line}`, path ?? []].flat().join(', ');
  const title = `${place === '' ? '' : `${place}: `}${titleOf({ code })}  [${code}]`;
  const rows = Object.entries({ found, expected, remedy });
  return [`  ${severity.padEnd(7)}  ${title}`, ...alignRows(rows, INDENT)].join('\n');
}

function notListed({ issues, issueCount, issuesFile }: IssueList): string[] {
  const more = issueCount.error + issueCount.warning + issueCount.advice - issues.length;
  return more > 0
    ? [`... and ${countOf(more, 'more issue')}${issuesFile === undefined ? '' : ` in ${issuesFile}`}.`]
    : [];
}

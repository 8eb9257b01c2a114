import { titleOf } from '../../shared/core/issues/catalog.ts';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { formatCount } from '../../shared/core/issues/numbers.ts';
import { forReader, type IssueReport, placeInWords } from '../../shared/core/issues/report.ts';
import { alignRows, countOf } from './text.ts';

/** Issues as a check or a run has them: perhaps not all of them, but their exact number. */
export interface IssueList {
  issues: readonly IssueReport[];
  issueCount: Record<Severity, number>;
  /** Where all of them are. */
  issuesFile?: string | undefined;
}

/** Ours: a screen of them. */
const ON_A_SCREEN = 10;

/** What is not shown. `rest` says where it is; without a cut everything is shown. */
interface Cut {
  rest: string;
}

/** The issues as people read them, file by file, and how many they are; the gravest, where only a screen of them is shown. */
export function issuesText(list: IssueList, cut?: Cut): string {
  const chosen = new Set(cut ? forReader([...list.issues], ON_A_SCREEN) : list.issues);
  const shown = list.issues.filter((issue) => chosen.has(issue));
  return [...issueSections(shown), ...notListed(list, shown, cut), totalsText(list.issueCount)].join('\n\n');
}

/** One section a file. */
export function issueSections(issues: readonly IssueReport[]): string[] {
  return [...Map.groupBy(issues, ({ file }) => file)].map(([file, ofFile]) =>
    [file, ...ofFile.map(renderIssue)].join('\n\n'),
  );
}

/** How many they are, listed or not. */
export function totalsText({ error, warning, advice }: Record<Severity, number>): string {
  return `${countOf(error, 'error')}, ${countOf(warning, 'warning')}, ${formatCount(advice)} advice.`;
}

const INDENT = ' '.repeat(11);

function renderIssue(issue: IssueReport): string {
  const { code, severity, found, expected, remedy } = issue;
  const place = placeInWords(issue);
  const title = `${place === '' ? '' : `${place}: `}${titleOf({ code })}  [${code}]`;
  const rows = Object.entries({ found, expected, remedy });
  return [`  ${severity.padEnd(7)}  ${title}`, ...alignRows(rows, INDENT)].join('\n');
}

/** How many there are beside those of a list, in which one may stand for many. */
export function issuesBeside(
  issueCount: Record<Severity, number>,
  listed: readonly Pick<IssueReport, 'count'>[],
): number {
  const told = listed.reduce((sum, { count = 1 }) => sum + count, 0);
  return Math.max(0, issueCount.error + issueCount.warning + issueCount.advice - told);
}

function notListed(
  { issueCount, issuesFile }: IssueList,
  shown: readonly IssueReport[],
  cut?: Cut,
): string[] {
  const more = issuesBeside(issueCount, shown);
  if (more === 0) return [];
  const where = issuesFile === undefined ? (cut?.rest ?? '') : `they are in ${issuesFile}`;
  return [`... and ${countOf(more, 'more issue')}${where === '' ? '' : `: ${where}`}.`];
}

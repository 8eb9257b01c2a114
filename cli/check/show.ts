import type { TokenStatistics } from '../../shared/core/dataset/statistics.ts';
import { ALL_ISSUES, type IssueReport } from '../../shared/core/issues/catalog.ts';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { planLines } from '../plan/summary.ts';
import type { FolderCheck } from './check-folder.ts';
import { count, table } from './words.ts';

const AT_UPLOAD =
  'Which buckets, accounts, keys, TensorBoards and directories a deployment allows is checked at upload.';

type Statistics = NonNullable<FolderCheck['datasets'][keyof FolderCheck['datasets']]>;

/** The whole check as people read it. */
export function showCheck(checked: FolderCheck): string {
  const sections = [
    ...issueSections(checked.issues),
    moreIssues(checked),
    totals(checked.issueCount),
    section('Data sets', datasetLines(checked)),
    section('Plan', checkPlanLines(checked)),
    [...notesOf(checked), AT_UPLOAD].join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** The issues alone, and how many they are. */
export function showIssues(checked: FolderCheck): string {
  const sections = [...issueSections(checked.issues), moreIssues(checked), totals(checked.issueCount)];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** What could not be looked at. */
export function notesOf({ elsewhere }: Pick<FolderCheck, 'elsewhere'>): string[] {
  return elsewhere.map(({ key, uri }) => `Not checked: ${key}, since ${uri} is not in this folder.`);
}

/** One section a file. */
export function issueSections(issues: IssueReport[]): string[] {
  return [...Map.groupBy(issues, ({ file }) => file)].map(([file, ofFile]) =>
    [file, ...ofFile.map(issueLines)].join('\n\n'),
  );
}

function moreIssues({ issues, issueCount }: FolderCheck): string {
  const more = issueCount.error + issueCount.warning + issueCount.advice - issues.length;
  return more > 0 ? `... and ${count(more, 'more issue')}.` : '';
}

const INDENT = ' '.repeat(11);

function issueLines({ code, severity, line, path, found, expected, remedy }: IssueReport): string {
  const place = [line === undefined ? [] : `line ${line}`, path ?? []].flat().join(', ');
  const rows: [string, string][] = [
    ['found', found],
    ['expected', expected],
    ['remedy', remedy],
  ];
  const title = `${place === '' ? '' : `${place}: `}${ALL_ISSUES[code].title}  [${code}]`;
  return [`  ${severity.padEnd(7)}  ${title}`, ...table(rows, INDENT)].join('\n');
}

/** How many they are, listed or not. */
export function totals({ error, warning, advice }: Record<Severity, number>): string {
  return `${count(error, 'error')}, ${count(warning, 'warning')}, ${advice.toLocaleString('en-US')} advice.`;
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n');
}

function datasetLines({ datasets }: FolderCheck): string[] {
  return table(Object.entries(datasets).map(([key, statistics]) => [key, datasetText(statistics)]));
}

function datasetText(statistics: Statistics): string {
  const { examples, unusableExamples, bytes } = statistics;
  const isText = 'tokens' in statistics;
  const unusable = unusableExamples > 0 ? ` (${unusableExamples.toLocaleString('en-US')} unusable)` : '';
  const parts = [`${count(examples, isText ? 'example' : 'record')}${unusable}`, count(bytes, 'byte')];
  return [...parts, ...(isText ? [tokensText(statistics.tokens)] : [])].join(', ');
}

function tokensText({ total: { low, high } }: TokenStatistics): string {
  return `${low.toLocaleString('en-US')} to ${count(high, 'token')} by estimate`;
}

function checkPlanLines({ plan, isCancel }: FolderCheck): string[] {
  if (isCancel)
    return ['  tune.json asks for its unfinished runs to be cancelled; nothing else in it is read.'];
  return plan ? planLines(plan) : ['  None: tune.json has errors.'];
}

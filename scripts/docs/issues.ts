import { ALL_ISSUES, type Issue, type IssueCode, reportIssue } from '../../shared/core/issues/catalog.ts';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { MANIFEST_ISSUES } from '../../shared/core/issues/manifest.ts';
import { ISSUE_EXAMPLES } from './issue-examples.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

const CODES = Object.keys(ALL_ISSUES) as IssueCode[];

const SEVERITIES: Record<Severity, string> = {
  error: 'The run is refused. Nothing is submitted, nothing is paid.',
  warning: 'The run goes on. It is likely that you meant something else.',
  advice: 'The run goes on. The model could be better.',
};

export function renderIssues(): string {
  return pageText(
    heading('Issues', '`shared/core/issues/`'),
    'What can be wrong with an upload. All issues of an upload are reported at once, with file, line and place: the first ' +
      'in `status.issues`, all of them in `issues.jsonl` ([status-document.md](status-document.md)). A code never changes ' +
      'its meaning. No sentence repeats the text of an example. “Guide” is Google Cloud’s page “Tune text models by using ' +
      'supervised tuning”. A severity is the usual one; an issue itself says how grave it is.',
    markdownTable(
      ['severity', 'what it means'],
      Object.entries(SEVERITIES).map(([severity, meaning]) => [code(severity), meaning]),
    ),
    '## All codes',
    markdownTable(
      ['code', 'severity', 'what it says'],
      CODES.map((issueCode) => {
        const { severity, title } = ALL_ISSUES[issueCode];
        return [`[${code(issueCode)}](#${issueCode})`, severity, title];
      }),
    ),
    '## The manifest and the plan',
    ...CODES.filter((issueCode) => issueCode in MANIFEST_ISSUES).map(section),
    '## Data sets',
    ...CODES.filter((issueCode) => !(issueCode in MANIFEST_ISSUES)).map(section),
  );
}

/** The anchor of a section is its heading: the code. */
function section(issueCode: IssueCode): string {
  const { severity, title, why } = ALL_ISSUES[issueCode];
  const { message, remedy } = reportIssue(exampleOf(issueCode));
  return pageText(
    `### ${issueCode}`,
    `**${title}.** ${SEVERITY_WORDS[severity]}. ${why}`,
    `> ${message}\n>\n> ${remedy}`,
  ).trimEnd();
}

const SEVERITY_WORDS: Record<Severity, string> = { error: 'Error', warning: 'Warning', advice: 'Advice' };

function exampleOf(issueCode: IssueCode): Issue {
  const { severity } = ALL_ISSUES[issueCode];
  return { code: issueCode, severity, at: { uri: '' }, fields: ISSUE_EXAMPLES[issueCode] } as Issue;
}

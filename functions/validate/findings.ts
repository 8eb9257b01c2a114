import { createCatalogLog, type Issue, reportGroup, reportIssue } from '../../shared/core/issues/catalog.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import { forReader, type IssueReport } from '../../shared/core/issues/report.ts';
import type { Findings } from '../../shared/core/run/events.ts';
import { issuesFile } from '../../shared/core/run/files.ts';
import type { Run, RunSpec, RunStatus } from '../../shared/core/run/run.ts';
import type { CheckedData } from '../../shared/flows/check-data.ts';
import { type RunFilesDeps, writeIssuesFile } from '../../shared/flows/run-files.ts';

/** Issues that stand in the document itself, which has to stay readable and below 1 MiB. */
const IN_DOCUMENT = 50;
/** Issues that are written out; past that the file says how many more there are. */
const IN_FILE = 50_000;

/** Where issues.jsonl goes: into the folder of a run in the results bucket. */
export interface IssuesPlace extends RunFilesDeps {
  run: Run;
}

interface MoreFindings {
  spec: Partial<Omit<RunSpec, 'source'>>;
  checked: Pick<CheckedData, 'statistics' | 'linesIn'>;
  cost: RunStatus['cost'];
}

/** Collects every issue of an upload: exact in number, complete in issues.jsonl, one group for each cause in the document. */
export function createFindings(): IssueLog<Issue> {
  return createCatalogLog({ list: IN_FILE });
}

/** Writes issues.jsonl where there are issues, and gives what the document is to say. */
export async function publishFindings(
  findings: IssueLog<Issue>,
  place: IssuesPlace,
  { spec, checked: { statistics, linesIn }, cost }: MoreFindings,
): Promise<Findings> {
  const issuesFile = findings.total > 0 ? await writeIssues(findings, place) : undefined;
  return {
    issues: forReader(
      findings.groups.map((group) => reportGroup(group, linesIn)),
      IN_DOCUMENT,
    ),
    issueCount: findings.bySeverity(),
    issuesFile,
    datasets: Object.keys(statistics).length > 0 ? statistics : undefined,
    ...{ cost, spec },
  };
}

async function writeIssues(findings: IssueLog<Issue>, { run, ...files }: IssuesPlace): Promise<string> {
  await writeIssuesFile(files, { run, body: () => jsonLines(findings) });
  return `${run.status.folder}${issuesFile}`;
}

async function* jsonLines({ listed, total }: IssueLog<Issue>): AsyncGenerator<string> {
  for (const issue of listed) yield `${JSON.stringify(reportIssue(issue) satisfies IssueReport)}\n`;
  if (total > listed.length) yield `${JSON.stringify({ more: total - listed.length })}\n`;
}

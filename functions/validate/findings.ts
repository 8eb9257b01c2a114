import { type Issue, type IssueReport, reportIssue } from '../../shared/core/issues/catalog.ts';
import { createIssueLog } from '../../shared/core/issues/issue-log.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { type Findings, forReader } from '../../shared/core/run/events.ts';
import { runFolder } from '../../shared/core/run/files.ts';
import type { Run, RunSpec, RunStatus } from '../../shared/core/run/run.ts';
import type { ObjectStore } from '../../shared/ports.ts';

/** Issues that stand in the document itself, which has to stay readable and below 1 MiB. */
const IN_DOCUMENT = 50;
/** Issues that are written out; past that the file says how many more there are. */
const IN_FILE = 50_000;

/** Collects every issue of an upload: exact in number, complete in issues.jsonl, the first of each kind in the document. */
export interface FindingsLog {
  add(issue: Issue): void;
  readonly hasErrors: boolean;
  /** Writes issues.jsonl where there are issues, and gives what the document is to say. */
  publish(results: ResultsBucket, run: Run, more: MoreFindings): Promise<Findings>;
}

/** Where issues.jsonl goes. */
export interface ResultsBucket {
  objects: ObjectStore;
  bucket: string;
}

interface MoreFindings {
  spec: Partial<Omit<RunSpec, 'source'>>;
  datasets: NonNullable<RunStatus['datasets']>;
}

export function createFindings(): FindingsLog {
  const lines: Issue[] = [];
  const log = createIssueLog<Issue>({
    onIssue: (issue) => {
      if (lines.length < IN_FILE) lines.push(issue);
    },
  });
  return {
    add: (issue) => log.add(issue),
    get hasErrors() {
      return log.hasErrors;
    },
    async publish(results, run, { spec, datasets }) {
      const issuesFile =
        log.total > 0 ? await writeIssues(results, run, { lines, total: log.total }) : undefined;
      return {
        issues: forReader(log.kept.map(reportIssue), IN_DOCUMENT),
        issueCount: {
          error: log.countOf('error'),
          warning: log.countOf('warning'),
          advice: log.countOf('advice'),
        },
        issuesFile,
        datasets: Object.keys(datasets).length > 0 ? datasets : undefined,
        spec,
      };
    },
  };
}

async function writeIssues(
  { objects, bucket }: ResultsBucket,
  run: Run,
  { lines, total }: { lines: Issue[]; total: number },
): Promise<string> {
  const object = { bucket, name: `${runFolder(run.runId, run.spec.source)}issues.jsonl` };
  await objects.write(object, { body: jsonLines(lines, total), contentType: 'application/jsonl' });
  return gsUri(object);
}

async function* jsonLines(lines: Issue[], total: number): AsyncGenerator<string> {
  for (const issue of lines) yield `${JSON.stringify(reportIssue(issue) satisfies IssueReport)}\n`;
  if (total > lines.length) yield `${JSON.stringify({ more: total - lines.length })}\n`;
}

import type { Issue } from '../../shared/core/issues/catalog.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import type { ParsedManifest } from '../../shared/core/manifest/manifest.ts';
import { runIdOfSwept } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type PlannedManifest, planManifest } from '../../shared/core/tuning/plan-manifest.ts';
import type { CheckedData } from '../../shared/flows/check-data.ts';
import type { ValidateDeps } from './deps.ts';
import type { StagedFile } from './stage.ts';
import { ownCopyUri } from './sweep-files.ts';

interface Gathered {
  staged: StagedFile[];
  checked: CheckedData;
  findings: IssueLog<Issue>;
}

/** The plan of an upload, over the copies that are trained on. */
export function planOfUpload(
  { config: { limits } }: Pick<ValidateDeps, 'config'>,
  { run, parsed }: { run: Run; parsed: ParsedManifest },
  { staged, checked, findings }: Gathered,
): PlannedManifest | undefined {
  const { runId } = run;
  return planManifest({
    ...{ parsed, limits, runId, folderName: folderNameOf(run), trainExamples: checked.trainExamples },
    training: checked.statistics.dataset_uri,
    runIdOf: (index) => runIdOfSwept(runId, index),
    stagedUrisOf: (to) =>
      Object.fromEntries(
        staged.map(({ file, source }) => [file.key, ownCopyUri(source, { from: runId, to })]),
      ),
    onIssue: findings.add,
    isRefused: () => findings.hasErrors,
  });
}

function folderNameOf({ spec: { source } }: Run): string {
  return source.name.split('/').at(-2) ?? source.bucket;
}

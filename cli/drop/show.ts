import { formatBytes } from '../../shared/core/report/text.ts';
import { issuesText, totalsText } from '../command-line/issues.ts';
import { countOf } from '../command-line/text.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import type { FolderCheck } from '../folder/check-folder.ts';
import type { Upload } from '../folder/folder.ts';
import { planLines } from '../plan/summary.ts';
import type { FolderToUpload } from './files.ts';

/** Why a folder is not uploaded, in the words of a check; undefined where nothing is in the way. */
export function refusalOf(checked: FolderCheck, { isStrict }: { isStrict: boolean }): string | undefined {
  const { error, warning } = checked.issueCount;
  if (error === 0 && !(isStrict && warning > 0)) return undefined;
  const because = error > 0 ? 'it has errors' : 'it has warnings, and --strict was asked for';
  return `${issuesText(checked, { rest: 'npx tunedrop check --all shows them' })}\n\nNothing was uploaded: ${because}.\n`;
}

/** What will be uploaded, to where, and what it will cost. */
export function dropSummary(
  checked: FolderCheck,
  { manifest, data }: FolderToUpload,
  { deployment, upload }: { deployment: FoundDeployment; upload: Upload },
): string {
  const { plan, cost, evaluation, hint, sweep, issueCount, isCancel } = checked;
  const isLocal = deployment.local !== undefined;
  const files = [...data.filter(({ isSame }) => !isSame), manifest];
  const there = data.length + 1 - files.length;
  const bytes = files.reduce((sum, { source }) => sum + source.sizeBytes, 0);
  const already = there === 0 ? '' : `; ${countOf(there, 'file')} there already`;
  return [
    `To gs://${upload.bucket}/${upload.prefix} of ${deployment.project}: ${countOf(files.length, 'file')}, ${formatBytes(bytes)}${already}`,
    ...(isCancel ? ['  tune.json asks for its unfinished runs to be cancelled.'] : []),
    ...(plan === undefined ? [] : planLines(plan, { cost, evaluation, hint, sweep, isLocal })),
    `  ${totalsText(issueCount)}`,
    '',
  ].join('\n');
}

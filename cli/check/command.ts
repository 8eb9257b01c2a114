import type { IssueReport } from '../../shared/core/issues/catalog.ts';
import { readCheckArguments } from './arguments.ts';
import { checkFolder, type FolderCheck } from './check-folder.ts';
import { offlineLimits } from './limits.ts';
import { EXIT, misuse, type Outcome } from './outcome.ts';
import { notesOf, showCheck } from './show.ts';

/** `tunedrop check DIR`: everything that is wrong in a folder, before it is uploaded. */
export async function check(args: string[], today: string): Promise<Outcome> {
  const options = readCheckArguments(args);
  if (typeof options === 'string') return misuse(options);
  const { upload, region } = options;
  const limits = offlineLimits({ inboxBucket: upload?.bucket, region });
  const checked = await checkFolder(options, { limits, today });
  const code = checked.issueCount.error > 0 ? EXIT.errors : EXIT.fine;
  if (!options.json) return { code, stdout: showCheck(checked) };
  const notes = notesOf(checked).map((note) => `${note}\n`);
  return { code, stdout: `${JSON.stringify(jsonOf(checked), null, 2)}\n`, stderr: notes.join('') };
}

function jsonOf({ issues, issueCount, datasets }: FolderCheck) {
  return { ok: issueCount.error === 0, issues: issues.map(issueJson), issueCount, datasets };
}

/** These keys and no others: programs are built on them. `message` says what to do, too. */
function issueJson({ code, severity, file, line, path, message, remedy }: IssueReport) {
  return {
    ...{ code, severity, file },
    ...(line === undefined ? {} : { line }),
    ...(path === undefined ? {} : { path }),
    message: `${message} ${remedy}`,
  };
}

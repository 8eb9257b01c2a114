import type { IssueReport } from '../../shared/core/issues/report.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { checkFolder, type FolderCheck, notesOf } from '../folder/check-folder.ts';
import { BUCKET_FLAG, COST_FLAGS, costLimits, FOLDER, JSON_FLAG, REGION_FLAG } from '../folder/flags.ts';
import { offlineLimits } from '../folder/limits.ts';
import { showCheck } from './show.ts';

/** Everything that is wrong in a folder, before it is uploaded. */
export const check = defineCommand({
  call: 'npx tunedrop check',
  summary: 'Says everything that is wrong with DIR/tune.json and its data, offline.',
  operand: FOLDER,
  flags: { json: JSON_FLAG, bucket: BUCKET_FLAG, region: REGION_FLAG, ...COST_FLAGS },
  async carryOut({ operand: dir, flags }, { stdout, stderr, today }) {
    const { bucket, region } = flags;
    const limits = offlineLimits({ inboxBucket: bucket?.bucket, region, ...costLimits(flags) });
    const checked = await checkFolder({ dir, upload: bucket }, { limits, today });
    if (flags.json) {
      stdout.write(`${JSON.stringify(jsonOf(checked), null, 2)}\n`);
      for (const note of notesOf(checked)) stderr.write(`${note}\n`);
    } else {
      stdout.write(showCheck(checked));
    }
    return checked.issueCount.error > 0 ? EXIT.failed : EXIT.ok;
  },
});

function jsonOf({ issues, issueCount, datasets, cost }: FolderCheck) {
  return {
    ok: issueCount.error === 0,
    issues: issues.map(issueJson),
    issueCount,
    datasets,
    cost: cost ?? null,
  };
}

/** These keys and no others: programs are built on them. `message` says what to do, too. */
function issueJson({ code, severity, file, line, path, message, remedy }: IssueReport) {
  return { code, severity, file, line, path, message: `${message} ${remedy}` };
}

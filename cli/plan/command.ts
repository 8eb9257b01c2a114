import { checkFolder } from '../check/check-folder.ts';
import { offlineLimits } from '../check/limits.ts';
import { EXIT, misuse, type Outcome } from '../check/outcome.ts';
import { issueSections, notesOf, showIssues } from '../check/show.ts';
import { readPlanArguments } from './arguments.ts';
import { planFolder } from './plan-folder.ts';
import { showPlan } from './show.ts';

/** `tunedrop plan DIR`: the request that submit would send for a folder. */
export async function plan(args: string[], today: string): Promise<Outcome> {
  const options = readPlanArguments(args);
  if (typeof options === 'string') return misuse(options);
  const limits = offlineLimits({ ...options, inboxBucket: options.upload.bucket });
  const checked = await checkFolder(options, { limits, today });
  if (checked.issueCount.error > 0) return { code: EXIT.errors, stderr: showIssues(checked) };
  if (checked.isCancel) {
    return {
      code: EXIT.errors,
      stderr: 'tune.json asks to cancel: nothing would be sent to create a job.\n',
    };
  }
  const planned = planFolder(checked, limits, options);
  if ('issues' in planned) {
    return { code: EXIT.errors, stderr: `${issueSections(planned.issues).join('\n\n')}\n` };
  }
  const stderr = notesOf(checked)
    .map((note) => `${note}\n`)
    .join('');
  const stdout = options.json ? `${JSON.stringify(planned.request, null, 2)}\n` : showPlan(planned, checked);
  return { code: EXIT.fine, stdout, stderr };
}

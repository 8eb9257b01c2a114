import type { Plan } from '../../shared/core/tuning/plan.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { issuesBeside } from '../command-line/issues.ts';
import { checkFolder, type FolderCheck } from '../folder/check-folder.ts';
import { ALL_FLAG, CHECK_FLAGS, FOLDER, JSON_FLAG, limitsOfCheck } from '../folder/flags.ts';
import { AT_UPLOAD, isRight, notCheckedIn } from '../folder/not-checked.ts';
import { keepHeapSmall } from '../folder/small-heap.ts';
import { showCheck } from './show.ts';

/** Everything that is wrong in a folder, before it is uploaded. */
export const check = defineCommand({
  call: 'npx tunedrop check',
  summary: 'Says all that is wrong with a folder.',
  details:
    'DIR holds tune.json and its data; data in buckets is read there, if you are logged in. Nothing is uploaded.',
  operand: FOLDER,
  flags: { json: JSON_FLAG, all: ALL_FLAG, ...CHECK_FLAGS },
  async carryOut({ operand: dir, flags }, context) {
    keepHeapSmall();
    const { stdout, stderr, today } = context;
    const limits = limitsOfCheck(flags);
    const openBuckets = async () => (await import('../folder/buckets.ts')).openBuckets(undefined, context);
    const checked = await checkFolder({ dir, upload: flags.bucket }, { limits, today, openBuckets });
    const issues = flags.all ? checked.allIssues() : checked.issues;
    if (flags.json) {
      stdout.write(`${JSON.stringify(jsonOf({ ...checked, issues }), null, 2)}\n`);
      for (const { why } of notCheckedIn(checked)) stderr.write(`${why}\n`);
    } else {
      stdout.write(showCheck({ ...checked, issues }, { areAllShown: flags.all }));
    }
    return checked.issueCount.error > 0 ? EXIT.failed : EXIT.ok;
  },
});

/** What the run document would say of the upload, in its own words, and what of it nobody could look at here. */
function jsonOf(checked: FolderCheck) {
  const { issues, issueCount, datasets, converted, split, isCancel, plan, cost, evaluation, sweep } = checked;
  return {
    ok: isRight(checked),
    notChecked: [...notCheckedIn(checked), AT_UPLOAD],
    ...{ issues, issueCount, datasets },
    // More than are listed, of a kind of which there are very many: --all lists them too.
    issuesNotListed: issuesBeside(issueCount, issues),
    conversions: converted,
    split: split && splitJson(split),
    cancel: isCancel,
    plan: plan ? withoutRun(plan) : null,
    cost: cost ?? null,
    sweep: sweep?.map(({ index, settings, plan, cost }) => ({
      index,
      settings,
      plan: withoutRun(plan),
      cost,
    })),
    evaluation: evaluation ?? null,
    // Only a deployment has jobs that have ended.
    expectedDuration: null,
  };
}

function splitJson({ asked, examples, evaluation }: NonNullable<FolderCheck['split']>) {
  const lines = evaluation.map(({ line }) => line);
  return { asked, training: examples - lines.length, evaluation: lines.length, evaluationLines: lines };
}

/** A folder that was not uploaded has no run. */
function withoutRun({ runId: _none, ...plan }: Plan) {
  return plan;
}

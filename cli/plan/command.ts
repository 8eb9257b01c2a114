import { basename, resolve } from 'node:path';
import { isRegion, type Region } from '../../shared/core/models/regions.ts';
import { createCommand } from '../../shared/core/tuning/calls/create.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import type { FlagValues } from '../command-line/flags.ts';
import { issueSections, issuesText } from '../command-line/issues.ts';
import { type FoundDeployment, findDeployment, type Surroundings } from '../deployment/find.ts';
import { checkFolder, type FolderCheck } from '../folder/check-folder.ts';
import { FOLDER, setLimits } from '../folder/flags.ts';
import { offlineLimits } from '../folder/limits.ts';
import { notCheckedIn } from '../folder/not-checked.ts';
import { PLAN_FLAGS } from './flags.ts';
import { type FolderPlan, planFolder } from './plan-folder.ts';
import { showPlan } from './show.ts';

/** What is pasted reads files that nobody has made yet. */
const COPIES =
  'It reads the copies that a run makes of your files, a dry run too; with --staging off it reads the files that the manifest names.\n';

/** Of a sweep the request of each run, with what it costs. */
function jsonOf({ request, sweep }: FolderPlan, { cost, evaluation, sweep: priced = [] }: FolderCheck) {
  const runs = sweep?.map((run, place) => ({ ...run, cost: priced[place]?.cost }));
  return { ...request, cost, evaluation: evaluation ?? null, expectedDuration: null, sweep: runs };
}

/** The request that submit would send for a folder. */
export const plan = defineCommand({
  call: 'npx tunedrop plan',
  summary: 'Shows the job, its cost, and the request for it.',
  details: 'Nothing is uploaded.',
  operand: FOLDER,
  flags: PLAN_FLAGS,
  conflict: ({ json, as }) => (json && as !== undefined ? '--json and --as do not go together' : undefined),
  async carryOut({ operand: dir, flags }, context) {
    const { stdout, stderr, today } = context;
    const deployment = deploymentOf(flags, context);
    const { project, region } = deployment;
    const upload = flags.bucket ?? { bucket: deployment.inbox, prefix: `${basename(resolve(dir))}/` };
    const buckets = { inboxBucket: upload.bucket, resultsBucket: flags.results ?? deployment.results };
    const known = { project, region, serviceAccount: flags['service-account'], ...buckets };
    const limits = offlineLimits({ ...known, ...setLimits(flags) });
    const openBuckets = async () => (await import('../folder/buckets.ts')).openBuckets(project, context);
    const checked = await checkFolder({ dir, upload }, { limits, today, openBuckets });
    if (checked.issueCount.error > 0) {
      stderr.write(`${issuesText(checked)}\n`);
      return EXIT.failed;
    }
    if (checked.isCancel) {
      stderr.write('tune.json asks to cancel: nothing would be sent to create a job.\n');
      return EXIT.failed;
    }
    if (checked.plan === undefined) {
      for (const { why } of notCheckedIn(checked)) stderr.write(`${why}\n`);
      return EXIT.misuse;
    }
    const planned = planFolder(checked, { dir, upload }, { ...flags, limits });
    if ('issues' in planned) {
      stderr.write(`${issueSections(planned.issues).join('\n\n')}\n`);
      return EXIT.failed;
    }
    if (flags.as !== undefined) {
      stdout.write(`${createCommand(flags.as, planned.plan, planned.request)}\n`);
      if (flags.staging) stderr.write(COPIES);
      return EXIT.ok;
    }
    stdout.write(
      flags.json ? `${JSON.stringify(jsonOf(planned, checked), null, 2)}\n` : showPlan(planned, checked),
    );
    for (const { why } of notCheckedIn(checked)) stderr.write(`${why}\n`);
    return EXIT.ok;
  },
});

/** Where the folder would be dropped: as the flags say, else as `tunedrop drop` finds it. */
function deploymentOf(
  { project, region, bucket }: FlagValues<typeof PLAN_FLAGS>,
  surroundings: Surroundings,
): FoundDeployment & { region: Region } {
  const flags = { project, region, bucket: bucket?.bucket, database: undefined };
  const found = findDeployment(flags, surroundings);
  return { ...found, region: isRegion(found.region) ? found.region : 'us-central1' };
}

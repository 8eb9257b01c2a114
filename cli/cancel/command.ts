import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { RUN } from '../deployment/target.ts';
import { JSON_FLAG } from '../folder/flags.ts';

/** The end of the runs of a manifest, asked for as anybody does: with `"cancel": true` in it. */
export const cancel = defineCommand({
  call: 'npx tunedrop cancel',
  summary: 'Cancels a run, and waits until it has ended.',
  details: 'It uploads the manifest with "cancel": true, which ends all unfinished runs of its path.',
  operand: RUN,
  flags: {
    'no-wait': { help: 'ends once the request is uploaded' },
    json: { ...JSON_FLAG, help: 'the document at the end and nothing else' },
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { requestCancel, unfinishedRuns } = await import('./request.ts');
    const { followAndShow } = await import('../follow/show.ts');
    const open = openDeployment(flags, context);
    const run = await open.runs.find(operand);
    const { stdout, stderr } = context;
    const output = flags.json ? stderr : stdout;
    const { uri } = run.spec.source;
    const unfinished = await unfinishedRuns(open, uri);
    if (unfinished.length === 0) {
      stderr.write(
        `Nothing is to be cancelled: run ${run.runId} of ${uri} has ended as ${run.status.state}.\n`,
      );
      return EXIT.failed;
    }
    await requestCancel(open, run.spec.source);
    output.write(`Asked for the end of ${unfinished.join(', ')} with "cancel": true in ${uri}.\n`);
    output.write('Upload the manifest without it to start a run again.\n');
    const followed = unfinished.includes(run.runId) ? run.runId : (unfinished[0] ?? run.runId);
    if (flags['no-wait']) {
      if (flags.json) stdout.write(`${JSON.stringify({ manifest: uri, cancels: unfinished }, null, 2)}\n`);
      return EXIT.ok;
    }
    const { code, run: ended } = await followAndShow(open, followed, { context, json: flags.json });
    if (ended === undefined) return code;
    return ended.status.state === 'CANCELLED' ? EXIT.ok : EXIT.failed;
  },
});

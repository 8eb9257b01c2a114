import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { RUN } from '../deployment/target.ts';
import { JSON_FLAG } from '../folder/flags.ts';

/** What there is to look at of a run. */
export const open = defineCommand({
  call: 'npx tunedrop open',
  summary: 'Opens the report of a run in the browser.',
  details: 'Of the embedded cloud the live page of the run, while it runs.',
  operand: RUN,
  flags: {
    'no-browser': { help: 'says the address and opens nothing' },
    json: JSON_FLAG,
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { openInBrowser } = await import('./browser.ts');
    const { addressOf } = await import('./report.ts');
    const deployment = openDeployment(flags, context);
    const run = await deployment.runs.find(operand);
    const address = await addressOf(run, deployment);
    const { stdout, stderr, environment } = context;
    if (address === undefined) {
      stderr.write(
        `There is no report yet: run ${run.runId} is ${run.status.state}, and it is written when a run ends.\n`,
      );
      return EXIT.failed;
    }
    const isOpened = !flags['no-browser'] && (await openInBrowser(address, environment));
    stdout.write(
      flags.json
        ? `${JSON.stringify({ runId: run.runId, report: run.status.report ?? null, address, isOpened }, null, 2)}\n`
        : `${address}\n`,
    );
    if (!isOpened && !flags['no-browser'])
      stderr.write('No browser was found here: open the address yourself.\n');
    return EXIT.ok;
  },
});

import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { RUN } from '../deployment/target.ts';
import { JSON_FLAG } from '../folder/flags.ts';

/** Of a terminal that does not say how wide it is. */
const COLUMNS = 100;

/** Everything about one run. */
export const status = defineCommand({
  call: 'npx tunedrop status',
  summary: 'Says everything about a run: state, plan, issues, cost, what to do.',
  details: 'RUN is its id or the beginning of it; PATH is its manifest in the inbox, or the folder of it.',
  operand: RUN,
  flags: {
    json: { ...JSON_FLAG, help: 'the whole document and nothing else' },
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { statusText } = await import('../run/status.ts');
    const { deployment, runs } = openDeployment(flags, context);
    const run = await runs.find(operand);
    const { stdout } = context;
    const { page, local } = deployment;
    stdout.write(
      flags.json
        ? `${JSON.stringify(run, null, 2)}\n`
        : statusText(run, { isLocal: local !== undefined, columns: stdout.columns ?? COLUMNS, page }),
    );
    return EXIT.ok;
  },
});

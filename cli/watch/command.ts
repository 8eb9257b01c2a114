import { defineCommand } from '../command-line/command.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { RUN } from '../deployment/target.ts';
import { JSON_FLAG } from '../folder/flags.ts';

/** A run, followed until it has ended. */
export const watch = defineCommand({
  call: 'npx tunedrop watch',
  summary: 'Follows a run until it has ended and its model was evaluated.',
  details: 'Ctrl-C ends the looking, and the run goes on.',
  operand: RUN,
  flags: {
    exec: {
      value: 'CMD',
      help: 'runs CMD at every change of state',
      details:
        'A command for the shell of this machine, at first for the state in which the run is found. Facts of the run are in its environment, below; what it prints goes to standard error.',
    },
    json: { ...JSON_FLAG, help: 'the document at the end and nothing else' },
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { wholeRunId } = await import('../deployment/runs.ts');
    const { followAndShow } = await import('../follow/show.ts');
    const open = openDeployment(flags, context);
    // Right after its upload a run has no document.
    const runId = wholeRunId(operand) ?? (await open.runs.find(operand)).runId;
    const { code } = await followAndShow(open, runId, { context, json: flags.json, exec: flags.exec });
    return code;
  },
});

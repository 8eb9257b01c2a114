import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import type { Operand } from '../command-line/flags.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { RUN } from '../deployment/target.ts';
import { JSON_FLAG } from '../folder/flags.ts';

const LATER: Operand = { value: 'LATER', noun: 'later run or path', isOptional: true };

/** What was changed between two runs, and what became of it. */
export const compare = defineCommand({
  call: 'npx tunedrop compare',
  summary: 'Says what two runs have different: settings, data line by line, measures.',
  details:
    'One run alone is compared with the one before it of the same manifest. Data is compared as it was uploaded: lines are those of your files.',
  operand: RUN,
  secondOperand: LATER,
  flags: {
    all: { help: 'names every line, however many differ' },
    json: JSON_FLAG,
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, secondOperand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { compareInDeployment, pairOf } = await import('./compare.ts');
    const { comparisonJson, showComparison } = await import('./show.ts');
    const open = openDeployment(flags, context);
    const pair = await pairOf(open, { operand, secondOperand });
    const compared = await compareInDeployment(open, pair);
    context.stdout.write(
      flags.json
        ? `${JSON.stringify(comparisonJson(compared), null, 2)}\n`
        : showComparison(compared, { isWhole: flags.all }),
    );
    return EXIT.ok;
  },
});

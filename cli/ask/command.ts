import { text } from 'node:stream/consumers';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { JSON_FLAG } from '../folder/flags.ts';

/** Of a terminal that does not say how wide it is. */
const COLUMNS = 100;

/** One question to a tuned model and to the model that it came from. */
export const ask = defineCommand({
  call: 'npx tunedrop ask',
  summary: 'Asks a tuned model and its base the same.',
  details:
    'MODEL is the name or the id of a tuned model, or a base model; PROMPT may be - for standard input.',
  operand: { value: 'MODEL|RUN', noun: 'model or run' },
  secondOperand: { value: 'PROMPT', noun: 'prompt' },
  flags: {
    plain: {
      help: 'sends the prompt alone',
      details: 'Without it the instruction that all training data has is sent too, as the model learned it.',
    },
    checkpoint: {
      value: 'ID',
      help: 'another checkpoint of the model',
      details: 'The report lists them with what was measured of each.',
      takes: 'the number of a checkpoint',
      read: (typed: string) => (/^\d{1,10}$/.test(typed) ? typed : undefined),
    },
    tokens: {
      value: 'N',
      help: 'the longest answer, in tokens',
      default: '256',
      takes: 'a number from 1 to 8192',
      read: (typed: string) =>
        /^\d{1,4}$/.test(typed) && +typed >= 1 && +typed <= 8192 ? +typed : undefined,
    },
    json: JSON_FLAG,
    ...DEPLOYMENT_FLAGS,
  },
  async carryOut({ operand, secondOperand, flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { findAsked } = await import('./asked.ts');
    const { askAll } = await import('./answers.ts');
    const { showAnswers } = await import('./show.ts');
    const open = openDeployment(flags, context);
    const asked = await findAsked(operand, open, flags.checkpoint);
    const { stdout, stderr } = context;
    if (typeof asked === 'string') {
      stderr.write(`${asked}\n`);
      return EXIT.failed;
    }
    const prompt = secondOperand === '-' ? await text(process.stdin) : secondOperand;
    const answers = await askAll(asked, { prompt, isPlain: flags.plain, tokens: flags.tokens, ...open });
    stdout.write(
      flags.json ? `${JSON.stringify(answers, null, 2)}\n` : showAnswers(answers, stdout.columns ?? COLUMNS),
    );
    return answers.every(({ error }) => error === undefined) ? EXIT.ok : EXIT.failed;
  },
});

import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { SHELLS } from './shells.ts';

const NAMES = Object.keys(SHELLS).join('|');

/** What a shell needs to complete commands and their options. */
export const completion = defineCommand({
  call: 'npx tunedrop completion',
  summary: 'Writes the completion for bash, zsh or fish.',
  details:
    'For bash: source <(npx tunedrop completion bash), for zsh the same; for fish: npx tunedrop completion fish | source. It completes tunedrop, so install the package, or make an alias of that name.',
  operand: {
    value: NAMES,
    noun: 'shell',
    problem: (text) => (Object.hasOwn(SHELLS, text) ? undefined : `is none of ${NAMES}`),
  },
  flags: {},
  async carryOut({ operand }, { stdout, commands = {} }) {
    const loaded = await Promise.all(
      Object.entries(commands).map(async ([name, load]) => ({ name, help: await load() })),
    );
    stdout.write(SHELLS[operand]?.(loaded) ?? '');
    return EXIT.ok;
  },
});

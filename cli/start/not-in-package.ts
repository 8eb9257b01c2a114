import type { Command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';

/** What `start` is in the package: how to get it. Whatever is typed after it, that is the answer. */
export const startNotInPackage: Command = {
  call: 'npx tunedrop start',
  summary: 'Says how to get the embedded cloud.',
  flags: {},
  async run(_args, { stderr }) {
    stderr.write(
      'The embedded cloud is not in this package: it comes with the repository of tunedrop.\n' +
        'In a checkout of it, npm start runs the whole pipeline on this machine, with nothing but Node and npm;\n' +
        'npm start -- --once DIR runs one folder. Without it there are: tunedrop check, plan and models.\n',
    );
    return EXIT.misuse;
  },
};

import { defineCommand } from '../command-line/command.ts';
import { START_FLAGS } from './flags.ts';

/** The whole product on this machine, for a person to watch. */
export const start = defineCommand({
  call: 'npm start --',
  summary: 'Runs the whole product on this machine, to try it.',
  details: 'An embedded cloud and the functions: drops an example and stays up for more.',
  flags: START_FLAGS,
  conflict: ({ json, once }) => (json && once === undefined ? '--json goes with --once DIR' : undefined),
  async carryOut({ flags }, context) {
    // The other commands do without what this one loads.
    const { startAndShow } = await import('./start.ts');
    return startAndShow(flags, context);
  },
});

import type { Commands } from './command-line/command.ts';
import { PACKAGED_COMMANDS } from './packaged-commands.ts';

/** Every command by its name, loaded when it is asked for; each has a folder of its own. */
export const COMMANDS: Commands = {
  ...PACKAGED_COMMANDS,
  start: async () => (await import('./start/command.ts')).start,
};

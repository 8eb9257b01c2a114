import type { Commands } from './command-line/run.ts';
import { OFFLINE_COMMANDS } from './offline-commands.ts';

/** Every command by its name, loaded when it is asked for; each has a folder of its own. */
export const COMMANDS: Commands = {
  ...OFFLINE_COMMANDS,
  start: async () => (await import('./start/command.ts')).start,
};

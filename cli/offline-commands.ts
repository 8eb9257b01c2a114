import type { Commands } from './command-line/run.ts';

/** The commands that need no cloud, which is what the package has. */
export const OFFLINE_COMMANDS: Commands = {
  check: async () => (await import('./check/command.ts')).check,
  fix: async () => (await import('./fix/command.ts')).fix,
  plan: async () => (await import('./plan/command.ts')).plan,
  models: async () => (await import('./models/command.ts')).models,
};

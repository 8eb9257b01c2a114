import type { Command } from './command-line/command.ts';

/** Every command by its name, loaded when it is asked for; each has a folder of its own. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check/command.ts')).check,
  plan: async () => (await import('./plan/command.ts')).plan,
  models: async () => (await import('./models/command.ts')).models,
  start: async () => (await import('./start/command.ts')).start,
};

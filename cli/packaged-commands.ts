import type { Commands } from './command-line/command.ts';

/** The commands of the package: those that need no cloud, and those that ask one for what it has. */
export const PACKAGED_COMMANDS: Commands = {
  init: async () => (await import('./init/command.ts')).init,
  check: async () => (await import('./check/command.ts')).check,
  fix: async () => (await import('./fix/command.ts')).fix,
  plan: async () => (await import('./plan/command.ts')).plan,
  models: async () => (await import('./models/command.ts')).models,
  drop: async () => (await import('./drop/command.ts')).drop,
  list: async () => (await import('./list/command.ts')).list,
  watch: async () => (await import('./watch/command.ts')).watch,
  compare: async () => (await import('./compare/command.ts')).compare,
  cancel: async () => (await import('./cancel/command.ts')).cancel,
  status: async () => (await import('./status/command.ts')).status,
  open: async () => (await import('./open/command.ts')).open,
  doctor: async () => (await import('./doctor/command.ts')).doctor,
  ask: async () => (await import('./ask/command.ts')).ask,
  completion: async () => (await import('./completion/command.ts')).completion,
};

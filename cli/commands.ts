import { check } from './check/command.ts';
import type { Command } from './command-line/command.ts';
import { plan } from './plan/command.ts';
import { start } from './start/command.ts';

/** Every command by its name; each has a folder of its own. */
export const COMMANDS: Readonly<Record<string, Command>> = { check, plan, start };

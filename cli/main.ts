import { askerOf } from './command-line/ask.ts';
import type { Commands } from './command-line/command.ts';
import { runCommandLine } from './command-line/run.ts';
import { endWhenWritten, openTerminals } from './command-line/terminal.ts';

/** Carries out what was typed, and ends the process. */
export async function main(commands: Commands): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  process.exitCode = await runCommandLine(process.argv.slice(2), commands, {
    ...openTerminals(),
    ...{ today, folder: process.cwd(), environment: process.env, ask: askerOf(process) },
  });
  endWhenWritten();
}

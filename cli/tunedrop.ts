import { runCommandLine } from './command-line/run.ts';
import { endWhenWritten, openTerminals } from './command-line/terminal.ts';
import { COMMANDS } from './commands.ts';

const today = new Date().toISOString().slice(0, 10);
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, { ...openTerminals(), today });
endWhenWritten();

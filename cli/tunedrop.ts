import { EXIT } from './command-line/exit.ts';
import { runCommandLine } from './command-line/run.ts';
import { COMMANDS } from './commands.ts';

const { stdout, stderr } = process;

// A reader such as `head` may have seen enough.
stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.exitCode = EXIT.misuse;
});

const today = new Date().toISOString().slice(0, 10);
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS, { stdout, stderr, today });
// What was written goes out first; what a command that failed left open is not waited for.
stdout.write('', () => process.exit());

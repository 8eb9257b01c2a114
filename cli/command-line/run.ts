import type { Command, Context } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { overviewOf } from './help.ts';

/** Carries out the command that the arguments name; what it throws ends it with a sentence and nothing else. */
export async function runCommandLine(
  [name, ...args]: readonly string[],
  commands: Readonly<Record<string, Command>>,
  context: Context,
): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const overview = overviewOf(Object.values(commands));
  if (name === '--help' || name === '-h') {
    stdout.write(overview);
    return EXIT.ok;
  }
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (!command) {
    const calls = Object.values(commands).map(({ call }) => call);
    const problem = name === undefined ? 'a command is missing' : `${name} is not a command`;
    stderr.write(`${problem}; there are: ${calls.join(', ')}\n\n${overview}`);
    return EXIT.misuse;
  }
  try {
    return await command.run(args, context);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.misuse;
  }
}

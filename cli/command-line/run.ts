import type { Command, Context } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { overviewOf } from './help.ts';

/** Commands by their names, loaded when they are asked for. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

/** Carries out the command that the arguments name; what it throws ends it with a sentence and nothing else. */
export async function runCommandLine(
  [name, ...args]: readonly string[],
  commands: Commands,
  context: Context,
): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (!load) {
    const all = await Promise.all(Object.values(commands).map((command) => command()));
    const overview = overviewOf(all);
    if (name === '--help' || name === '-h') {
      stdout.write(overview);
      return EXIT.ok;
    }
    const problem = name === undefined ? 'a command is missing' : `${name} is not a command`;
    stderr.write(`${problem}; there are: ${all.map(({ call }) => call).join(', ')}\n\n${overview}`);
    return EXIT.misuse;
  }
  try {
    return await (await load()).run(args, context);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.misuse;
  }
}

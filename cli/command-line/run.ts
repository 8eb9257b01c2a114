import manifest from '../../package.json' with { type: 'json' };
import { nearest } from '../../shared/core/manifest/suggestions.ts';
import type { Commands, Context } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { overviewOf } from './help.ts';

/** Carries out the command that the arguments name; what it throws ends it with a sentence and nothing else. */
export async function runCommandLine(
  [name, ...args]: readonly string[],
  commands: Commands,
  context: Context,
): Promise<ExitCode> {
  const { stdout, stderr } = context;
  if (name === '--help' || name === '-h' || name === 'help') {
    stdout.write(overviewOf(await Promise.all(Object.values(commands).map((command) => command()))));
    return EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    stdout.write(`tunedrop ${manifest.version}, Node ${process.versions.node}\n`);
    return EXIT.ok;
  }
  const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (!load) {
    stderr.write(`${noCommand(name, Object.keys(commands))}\nWhat each does: npx tunedrop --help\n`);
    return EXIT.misuse;
  }
  try {
    return await (await load()).run(args, { ...context, commands });
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.misuse;
  }
}

function noCommand(name: string | undefined, names: readonly string[]): string {
  const near = nearest(name ?? '', names);
  const meant = near === undefined ? `there are ${names.join(', ')}` : `${near} is probably meant`;
  return `${name === undefined ? 'a command is missing' : `${name} is no command`}: ${meant}`;
}

import { EXIT, type ExitCode } from './exit.ts';
import { type Arguments, type Flags, type FlagValues, readArguments } from './flags.ts';
import { type CommandHelp, helpOf } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Where a command writes: its result to `stdout`, everything else to `stderr`. */
export interface Context {
  stdout: Terminal;
  stderr: Terminal;
  /** ISO 8601 day by which models are judged retired. */
  today: string;
  /** The folder that the person is in. */
  folder: string;
  environment: Record<string, string | undefined>;
  /** Every command, for those that speak of the others. */
  commands?: Commands | undefined;
  /** Asks the person, and resolves with what was typed; undefined where nobody is there to be asked. */
  ask?: ((question: string) => Promise<string>) | undefined;
}

export interface Command extends CommandHelp {
  run(args: readonly string[], context: Context): Promise<ExitCode>;
}

/** Commands by their names, loaded when they are asked for. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

interface Definition<F extends Flags> extends CommandHelp {
  flags: F;
  /** What is wrong with flags that are right by themselves. */
  conflict?: (flags: FlagValues<F>) => string | undefined;
  carryOut: (args: Arguments<F>, context: Context) => Promise<ExitCode>;
}

/** A command that explains itself, reads its arguments, and is carried out when nothing is wrong with them. */
export function defineCommand<const F extends Flags>(definition: Definition<F>): Command {
  const { conflict, carryOut, ...help } = definition;
  return {
    ...help,
    async run(args, context) {
      if (args.some((word) => word === '--help' || word === '-h')) {
        context.stdout.write(helpOf(help));
        return EXIT.ok;
      }
      const read = readArguments(args, definition);
      const problems = 'problems' in read ? read.problems : [conflict?.(read.flags) ?? []].flat();
      if ('problems' in read || problems.length > 0) {
        // Whoever asks for JSON reads nothing else.
        if (args.includes('--json') && Object.hasOwn(definition.flags, 'json'))
          context.stdout.write(`${JSON.stringify({ ok: false, problems }, null, 2)}\n`);
        context.stderr.write(`${problems.join('\n')}\nHow it is called: ${help.call} --help\n`);
        return EXIT.misuse;
      }
      return carryOut(read, context);
    },
  };
}

import { EXIT_MEANINGS } from './exit.ts';
import type { Flag, Flags, Operand } from './flags.ts';
import { wrap } from './wrap.ts';

const WIDTH = 110;
/** Where no line is broken. */
const NO_BREAK_SPACE = '\u00a0';

/** What the help says of a command. */
export interface CommandHelp {
  /** As a person types it: `npx tunedrop check`. */
  call: string;
  /** What it does. */
  summary: string;
  operand?: Operand;
  flags: Flags;
}

/** How one command is called: its arguments, each flag in a row, and how it ends. */
export function helpOf(command: CommandHelp): string {
  const flags = Object.entries<Flag>(command.flags);
  const rows = flags.map(([name, flag]) => [wordOf(name, flag), meaningOf(flag)] as const);
  return [`Usage:\n${usageOf(command)}`, `Options:\n${rowsOf(rows)}`, exitStatus(), ''].join('\n\n');
}

/** How every command is called. */
export function overviewOf(commands: readonly CommandHelp[]): string {
  const usages = commands.map(usageOf).join('\n');
  const more = `Every option: ${commands.map(({ call }) => `${call} --help`).join(', ')}.`;
  return [`Usage:\n${usages}`, wrap(more, WIDTH).join('\n'), exitStatus(), ''].join('\n\n');
}

/** The flags that have to be there come first. */
function usageOf({ call, summary, operand, flags }: CommandHelp): string {
  const words = Object.entries<Flag>(flags)
    .toSorted(([, a], [, b]) => Number(b.isRequired ?? false) - Number(a.isRequired ?? false))
    .map(([name, flag]) => (flag.isRequired ? wordOf(name, flag) : `[${wordOf(name, flag)}]`))
    .map((word) => word.replaceAll(' ', NO_BREAK_SPACE));
  const given = operand?.isOptional ? `[${operand.value}]` : operand?.value;
  const line = [given ?? [], words].flat().join(' ');
  return [rowsOf([[call, line]], ' ').replaceAll(NO_BREAK_SPACE, ' '), rowsOf([['    ', summary]])].join(
    '\n',
  );
}

function wordOf(name: string, { value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function meaningOf({ help, default: preset }: Flag): string {
  return preset === undefined ? help : `${help} (default ${preset})`;
}

function exitStatus(): string {
  return `Exit status:\n${rowsOf(Object.entries(EXIT_MEANINGS))}`;
}

/** Two columns, the second one in as many lines as it needs. */
function rowsOf(rows: readonly (readonly [string, string])[], gap = '  '): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const linesOf = ([name, text]: readonly [string, string]) =>
    wrap(text, WIDTH - 2 - width - gap.length).map(
      (line, index) => `  ${(index === 0 ? name : '').padEnd(width)}${gap}${line}`,
    );
  return rows.flatMap(linesOf).join('\n');
}

import { EXIT_MEANINGS } from './exit.ts';
import type { Flag, Flags, Operand } from './flags.ts';
import { wrap } from './wrap.ts';

/** A screen: nothing that the help says is wider, and the help of no command is longer than 24 lines. */
const WIDTH = 80;

/** What the help says of a command. */
export interface CommandHelp {
  /** As a person types it: `npx tunedrop check`. */
  call: string;
  /** What it does, in a line of the overview. */
  summary: string;
  /** What else its help says. */
  details?: string;
  operand?: Operand;
  secondOperand?: Operand;
  flags: Flags;
}

/** How one command is called: its arguments, each flag in a row, and how it ends. */
export function helpOf(command: CommandHelp): string {
  const flags = Object.entries<Flag>(command.flags);
  const rows = flags.map(([name, flag]) => [flagWord(name, flag), flagMeaning(flag)] as const);
  const [first = '', ...more] = wrap(`Usage: ${callOf(command)}`, WIDTH);
  const about = wrap([command.summary, command.details ?? ''].join(' '), WIDTH - 2);
  const usage = [first, ...[...more, ...about].map((line) => `  ${line}`)];
  const options = rows.length === 0 ? [] : ['', ...rowsOf(rows)];
  return [...usage, ...options, '', ...wrap(exitText(), WIDTH), ''].join('\n');
}

/** Every command in a row, and where the rest is said. */
export function overviewOf(commands: readonly CommandHelp[]): string {
  const rows = commands.map((command) => [shortCallOf(command), command.summary] as const);
  return [
    'Usage: npx tunedrop COMMAND …',
    '',
    ...rowsOf(rows),
    '',
    'npx tunedrop COMMAND --help: its options; --version. More: docs/command-line.md.',
    '',
  ].join('\n');
}

/** `npx tunedrop plan DIR [OPTION …]`: what has to be there, and that more may. */
export function callOf({ call, operand, secondOperand, flags }: CommandHelp): string {
  const mayFollow = Object.keys(flags).length > 0;
  return [call, ...operandWords([operand, secondOperand]), ...(mayFollow ? ['[OPTION …]'] : [])].join(' ');
}

/** `--region REGION`. */
export function flagWord(name: string, { value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** What a flag does, and what holds without it. */
export function flagMeaning({ help, default: preset }: Flag): string {
  return preset === undefined ? help : `${help} (default ${preset})`;
}

const operandWords = (operands: readonly (Operand | undefined)[]) =>
  operands.flatMap((operand) => (operand ? [operand.isOptional ? `[${operand.value}]` : operand.value] : []));

/** As the overview has it: without the program, which is the same for each. */
const shortCallOf = ({ call, operand, secondOperand }: CommandHelp) =>
  [call.replace('npx tunedrop ', ''), ...operandWords([operand, secondOperand])].join(' ');

function exitText(): string {
  const meanings = Object.entries(EXIT_MEANINGS).map(([code, { inShort }]) => `${code} ${inShort}`);
  return `Ends with ${meanings.join('; ')}. More: docs/command-line.md.`;
}

/** Two columns, the second one in as many lines as it needs. */
function rowsOf(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) =>
    wrap(text, WIDTH - width - 4).map(
      (line, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${line}`,
    ),
  );
}

import { parseArgs } from 'node:util';
import { nearest } from '../../shared/core/manifest/suggestions.ts';

/** One flag of a command: what follows it, what holds without it, how it is read and what the help says, in one row. */
export interface Flag<Value = unknown> {
  /** What follows, as the help calls it; a flag without it is a switch. */
  value?: string;
  /** In the help, in few words: it has to fit a screen with the others. */
  help: string;
  /** What the page says besides. */
  details?: string;
  /** As if typed where the flag is not. */
  default?: string;
  /** What it takes, for whoever typed something else. Goes with `read`. */
  takes?: string;
  /** The value of what was typed; undefined when it is nothing that the flag takes. Without it the text is the value. */
  read?: (text: string) => Value | undefined;
  /** Why not, where that is not plain from `takes`. */
  why?: (text: string) => string | undefined;
}

export type Flags = Readonly<Record<string, Flag>>;

/** An argument without a dash that a command takes. */
export interface Operand {
  /** As the help calls it: `DIR`. */
  value: string;
  /** As a sentence calls it: `folder`. */
  noun: string;
  isOptional?: true;
  /** What is wrong with it, after its name; undefined when nothing is. Without it everything is taken. */
  problem?: (text: string) => string | undefined;
}

type ReadValue<F extends Flag> = F extends { read: (text: string) => infer Value }
  ? Exclude<Value, undefined>
  : string;
type FlagValue<F extends Flag> = F extends { value: string }
  ? ReadValue<F> | (F extends { default: string } ? never : undefined)
  : boolean;

/** What was typed, by the names of the flags. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

export interface Arguments<F extends Flags> {
  /** Empty where there is none. */
  operand: string;
  secondOperand: string;
  flags: FlagValues<F>;
}

/** Reads what follows a command's name, or says everything that is wrong with it. */
export function readArguments<F extends Flags>(
  args: readonly string[],
  {
    flags,
    operand,
    secondOperand,
  }: { flags: F; operand?: Operand | undefined; secondOperand?: Operand | undefined },
): Arguments<F> | { problems: string[] } {
  const typed = parse(args, flags);
  if (typeof typed === 'string') return { problems: [typed] };
  const problems = operandProblems(typed.positionals, [operand, secondOperand]);
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries<Flag>(flags)) {
    const text = typed.values[name] ?? flag.default;
    if (typeof text === 'string') {
      const value = flag.read ? flag.read(text) : text;
      if (value === undefined) problems.push(unfit(name, flag, text));
      values[name] = value;
    } else {
      values[name] = flag.value === undefined ? text === true : undefined;
    }
  }
  if (problems.length > 0) return { problems };
  const [first = '', second = ''] = typed.positionals;
  return { operand: first, secondOperand: second, flags: values as FlagValues<F> };
}

function parse(args: readonly string[], flags: Flags) {
  const options = Object.entries(flags).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
  );
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(options) });
  } catch (error) {
    return unparsed(error instanceof Error ? error.message : String(error), Object.keys(flags));
  }
}

/** What Node says of a flag that it does not know, in fewer words and with the flag that was probably meant. */
function unparsed(message: string, names: readonly string[]): string {
  const unknown = /^Unknown option '-{1,2}([^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const near = nearest(unknown, names);
  return `there is no --${unknown}${near === undefined ? '' : `: --${near} is probably meant`}`;
}

function unfit(name: string, { takes, why }: Flag, text: string): string {
  const reason = why?.(text);
  return `--${name} takes ${takes}, not ${text}${reason === undefined ? '' : `: ${reason}`}`;
}

function operandProblems(typed: readonly string[], operands: readonly (Operand | undefined)[]): string[] {
  const expected = operands.filter((operand) => operand !== undefined);
  const last = expected.at(-1);
  if (last === undefined)
    return typed.length === 0 ? [] : [`nothing is expected here, not ${typed.join(' ')}`];
  const problems = expected.flatMap((operand, index) => operandProblem(operand, typed[index]) ?? []);
  const others = typed.slice(expected.length);
  if (problems.length > 0 || others.length === 0) return problems;
  return [`one ${last.noun} at a time, not also ${others.join(' ')}`];
}

function operandProblem({ noun, isOptional, problem }: Operand, typed: string | undefined) {
  if (typed === undefined && isOptional) return undefined;
  if (typed === undefined || typed === '') return `the ${noun} is missing`;
  const found = problem?.(typed);
  return found === undefined ? undefined : `the ${noun} ${typed} ${found}`;
}

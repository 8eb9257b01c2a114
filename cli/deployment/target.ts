import type { Operand } from '../command-line/flags.ts';

/** The run that a command is about. */
export const RUN: Operand = {
  value: 'RUN|PATH',
  noun: 'run or path',
};

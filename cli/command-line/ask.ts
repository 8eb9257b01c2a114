import { createInterface } from 'node:readline/promises';
import { printable } from '../../shared/core/json/printable.ts';
import type { Context } from './command.ts';

/** A question to the person at the terminal; undefined where nobody sits there. */
export function askerOf({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Context['ask'] {
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      return await lines.question(printable(question));
    } finally {
      lines.close();
    }
  };
}

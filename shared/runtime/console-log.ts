import type { Logger } from '../ports.ts';

type Level = 'debug' | 'log' | 'info' | 'warn' | 'error';

/** What a function is asked may stand in it, as in the words of a parser; a stack has its first lines. */
const MAX_CHARACTERS = 2_000;

/**
 * functions-framework, Express and Google's clients write texts to the console, over lines and with what somebody sent in them: a line
 * of a body could pass for a line of ours. Each text becomes one line of our log, and stays under one field.
 */
export function logConsole(
  console: Pick<Console, Level>,
  { info, warn }: Pick<Logger, 'info' | 'warn'>,
): void {
  const into =
    (log: Logger['info']) =>
    (...said: unknown[]) =>
      log('something that tunedrop uses wrote to the console', {
        said: said.map(textOf).join(' ').slice(0, MAX_CHARACTERS),
      });
  Object.assign(console, {
    debug: into(info),
    log: into(info),
    info: into(info),
    warn: into(warn),
    error: into(warn),
  });
}

const textOf = (said: unknown) => String(said instanceof Error ? said.stack : said);

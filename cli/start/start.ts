import type { Context } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { createScreen } from '../run/screen.ts';
import type { StartFlags } from './flags.ts';
import { runOnce } from './once.ts';
import { stayUp } from './stay-up.ts';

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 100;

/** Starts everything and shows what happens; a cloud that does not start has failed as a run does. */
export async function startAndShow(flags: StartFlags, { stdout, stderr }: Context): Promise<ExitCode> {
  const output = flags.json ? stderr : stdout;
  const screen = createScreen({
    write: output.write,
    colour: output.isTTY && process.env.NO_COLOR === undefined,
    columns: output.isTTY ? output.columns || DEFAULT_COLUMNS : undefined,
    isLocal: true,
    now: () => Date.now(),
  });
  try {
    return flags.once === undefined
      ? await stayUp(flags, screen)
      : await runOnce(flags.once, { flags, screen, stdout });
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}

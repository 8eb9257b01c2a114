import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunState } from '../../shared/core/run/states.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { Terminal } from '../command-line/terminal.ts';
import type { Screen } from '../run/screen.ts';
import { interruption } from './ending.ts';
import type { StartFlags } from './flags.ts';
import { dropAndShow, launch } from './launch.ts';
import { forReading, showResult } from './result.ts';

/** With everything dropped at once a missing file will not come any more. */
const ENVIRONMENT = { DATASET_WAIT_SECONDS: '3', ON_SAME_BYTES: 'run' };

/** A dry run without errors did all that it was to do. */
const GOOD_ENDS: readonly RunState[] = ['SUCCEEDED', 'PLANNED'];

interface OnceOptions {
  flags: StartFlags;
  screen: Screen;
  /** For `--json`. */
  stdout: Terminal;
}

/** Runs one folder in a cloud of its own, which is taken down again. */
export async function runOnce(folder: string, { flags, screen, stdout }: OnceOptions): Promise<ExitCode> {
  const { json, document, trainer, 'port-base': portBase, 'data-dir': kept } = flags;
  const stopped = interruption();
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'tunedrop-'));
  try {
    const stack = await launch({ screen, dataDir, portBase, trainer, environment: ENVIRONMENT });
    const runAndShow = async () => {
      const run = await dropAndShow(stack, folder, screen);
      if (json) stdout.write(`${forReading(run)}\n`);
      else
        await showResult(run, { stack, screen, trainer, isKept: kept !== undefined, withDocument: document });
      return GOOD_ENDS.includes(run.status.state) ? EXIT.ok : EXIT.failed;
    };
    try {
      return await Promise.race([runAndShow(), stopped.then(() => EXIT.interrupted)]);
    } finally {
      await stack.close();
    }
  } finally {
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

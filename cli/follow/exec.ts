import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Run } from '../../shared/core/run/run.ts';
import type { Context } from '../command-line/command.ts';
import { variablesOf } from './facts.ts';

/** Hears of a run whenever it has changed. */
type RunListener = (run: Run) => Promise<void>;

/**
 * Runs a command of the person's own at every change of state, one after the other: at first for the state in which the run is found.
 * What it says goes to standard error, so that standard output stays what it is.
 */
export function createExec(
  command: string,
  { environment, stderr }: Pick<Context, 'environment' | 'stderr'>,
): RunListener {
  const seen = new Map<string, number>();
  return async (run) => {
    // What is said besides, such as that somebody asked to cancel, leaves the state as it is.
    const changes = run.status.history.filter(({ from, to }) => from !== to);
    const first = seen.get(run.runId) ?? changes.length - 1;
    seen.set(run.runId, changes.length);
    for (const change of changes.slice(Math.max(0, first))) {
      const code = await carryOut(command, { ...environment, ...variablesOf(run, change) });
      if (code !== 0)
        stderr.write(`The command of --exec ended with ${code} at ${change.to}; the run is followed on.\n`);
    }
  };
}

async function carryOut(command: string, env: Context['environment']): Promise<number | string> {
  const child = spawn(command, { shell: true, env, stdio: ['ignore', 2, 2] });
  const [code, signal] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => [String(error), null]),
  ]);
  return code ?? signal;
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Of a terminal, of a service manager, and of a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LOOK_MS = 500;

/**
 * Resolves when this process is to end, which it no longer does by itself: when somebody asks it to, or when the npm that started
 * it is gone. npm and the shell between pass on no signal or not each of them, and a kill -9 to nobody.
 */
export function interruption(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const starters = environment.npm_lifecycle_event === undefined ? [] : startersOf(process.ppid);
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
    if (starters.length === 0) return;
    const look = setInterval(() => {
      if (process.ppid === starters[0] && starters.every(isAlive)) return;
      clearInterval(look);
      resolve();
    }, LOOK_MS).unref();
  });
}

/** The process that started this one, and where that is a shell, the npm that started the shell. */
function startersOf(parent: number): number[] {
  const { name, ppid } = processOf(parent) ?? {};
  return name !== undefined && ppid !== undefined && /(?:^|\/)\w*sh$/.test(name) ? [parent, ppid] : [parent];
}

/** A process by its number; undefined where neither the system nor `ps` tells. */
function processOf(pid: number): { name: string; ppid: number } | undefined {
  const [, name, ppid] = /^\d+ \((.*)\) \S (\d+)/s.exec(statOf(pid)) ?? psOf(pid) ?? [];
  return name === undefined ? undefined : { name, ppid: Number(ppid) };
}

/** Linux: proc_pid_stat(5). */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function psOf(pid: number): [string, string, string] | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  const [, ppid = '', name = ''] = /^\s*(\d+)\s+(.*\S)/.exec(stdout ?? '') ?? [];
  return name === '' ? undefined : ['', name, ppid];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

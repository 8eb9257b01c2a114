import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../support/condition.ts';
import { ROOT } from '../support/repo-files.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** `npm start` as a person or a service manager starts it: npm, most often a shell, and the stack below it. */
async function npmStart(portBase: number): Promise<{ pid: number | undefined; ended: Promise<unknown> }> {
  const words = ['--trainer', 'stand-in', '--no-example', '--data-dir', temporaryFolder()];
  const npm = spawn('npm', ['start', '--', ...words, '--port-base', String(portBase)], {
    ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'], detached: true },
    // Of the npm that runs this test nothing is meant for another.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  });
  const group = npm.pid ?? 0;
  onTestFinished(() => {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // Ended, as it should.
    }
  });
  const ended = once(npm, 'exit');
  let shown = '';
  npm.stdout?.on('data', (chunk) => {
    shown += chunk;
  });
  await until('the stack is up', () => shown.includes('Ctrl-C'));
  return { pid: npm.pid, ended };
}

/** Whether anybody of the group of processes that npm began still lives. */
function isGroupAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

test.each([
  ['SIGTERM', 'npm', 19_500],
  ['SIGHUP', 'npm', 19_510],
  ['SIGKILL', 'npm', 19_520],
  // As a terminal sends Ctrl-C. A shell that waits for its command keeps the SIGINT of npm alone to itself, and npm goes on.
  ['SIGINT', 'all of them', 19_530],
] as const)('%s to %s ends everything that npm start began', async (signal, receiver, portBase) => {
  const { pid = 0, ...npm } = await npmStart(portBase);
  process.kill(receiver === 'npm' ? pid : -pid, signal);
  await npm.ended;
  await until('nothing is left', () => !isGroupAlive(pid), 60_000);
  await expect(fetch(`http://127.0.0.1:${portBase}/`)).rejects.toThrow();
});

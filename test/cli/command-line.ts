import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Command, Context } from '../../cli/command-line/command.ts';
import { terminalOf } from '../../cli/command-line/terminal.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';

/** What `npx tunedrop` runs. */
export const CLI = join(ROOT, JSON.parse(readRepoFile('package.json')).bin.tunedrop);

/** The day of commands that run in this process; every bison model is retired on it. */
const TODAY = '2026-11-22';

export interface CommandAnswer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line in a process of its own, from the root of the repository. */
export function tunedrop(...args: string[]): CommandAnswer {
  const child = spawnSync(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: child.status, stdout: child.stdout, stderr: child.stderr };
}

/** Carries out a command in this process, where nothing is in the environment: no credentials, and no cloud that runs. */
export function carryOut(command: Command, ...args: string[]): Promise<CommandAnswer> {
  return carryOutIn({}, command, ...args);
}

/** The same where something is: in the environment, in another folder, or with somebody to be asked. */
export async function carryOutIn(
  context: Partial<Context>,
  command: Command,
  ...args: string[]
): Promise<CommandAnswer> {
  const written = { stdout: '', stderr: '' };
  const streamTo = (name: keyof typeof written) =>
    terminalOf({
      write(text: string) {
        written[name] += text;
      },
    });
  const streams = { stdout: streamTo('stdout'), stderr: streamTo('stderr') };
  const code = await command.run(args, {
    ...streams,
    today: TODAY,
    folder: ROOT,
    environment: { XDG_STATE_HOME: join(tmpdir(), 'no-cloud-runs-here') },
    ...context,
  });
  return { code, ...written };
}

/** A folder with these files, for as long as the test runs. Anything but text is written as JSON. */
export function aFolder(files: Record<string, unknown>): string {
  const dir = mkdtempSync(join(tmpdir(), 'tunedrop-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return dir;
}

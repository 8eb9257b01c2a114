import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../cli/command-line/command.ts';
import { COMMANDS } from '../../cli/commands.ts';
import { completion } from '../../cli/completion/command.ts';
import { carryOutIn } from './command-line.ts';

const scriptOf = async (shell: string) =>
  (await carryOutIn({ commands: COMMANDS }, completion, shell)).stdout;
const isThere = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe('the completion of bash', () => {
  test.each([
    { typed: ['ch'], words: ['check'] },
    { typed: ['status', '--js'], words: ['--json'] },
    { typed: ['check', '--unknown-prices', ''], words: ['hold', 'allow'] },
    { typed: ['completion', 'z'], words: ['zsh'] },
    { typed: ['start', 'dir', '--trainer', 'st'], words: ['stand-in'] },
    { typed: ['nothing', '--'], words: [] },
  ])('$typed becomes $words', async ({ typed, words }) => {
    const array = ['tunedrop', ...typed].map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${array}); COMP_CWORD=${typed.length}; _tunedrop; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${await scriptOf('bash')}\n${ask}`], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((word) => word !== '')).toEqual(words);
  });
});

describe.each(['bash', 'zsh', 'fish'])('the completion of %s', (shell) => {
  test('has every command and every option', async () => {
    const script = await scriptOf(shell);
    for (const [name, load] of Object.entries(COMMANDS)) {
      const command: Command = await load();
      expect(script).toContain(name);
      for (const flag of Object.keys(command.flags))
        expect(script).toMatch(new RegExp(`(?:--|-l )${flag}\\b`));
    }
  });

  test.skipIf(!isThere(shell))('is understood by the shell, where it is installed', async () => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: await scriptOf(shell), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test.skipIf(isThere('zsh') && isThere('fish'))('SKIPPED: zsh or fish is not installed here', () => {
  console.log(`SKIPPED: ${['zsh', 'fish'].filter((shell) => !isThere(shell)).join(' and ')}: not installed`);
});

test('a shell that is none of them costs a line', async () => {
  const { code, stderr } = await carryOutIn({ commands: COMMANDS }, completion, 'tcsh');
  expect(code).toBe(2);
  expect(stderr.split('\n')[0]).toBe('the shell tcsh is none of bash|zsh|fish');
});

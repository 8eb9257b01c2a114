import { describe, expect, test } from 'vitest';
import { type Command, defineCommand } from '../../cli/command-line/command.ts';
import { EXIT } from '../../cli/command-line/exit.ts';
import { type Flags, type Operand, readArguments } from '../../cli/command-line/flags.ts';
import { COMMANDS } from '../../cli/commands.ts';
import { readRepoFile } from '../support/repo-files.ts';
import { carryOut, tunedrop } from './command-line.ts';

const FLAGS = {
  quiet: { help: 'says nothing' },
  name: { value: 'NAME', help: 'a name' },
  size: {
    value: 'N',
    help: 'a size',
    default: '3',
    takes: 'digits',
    read: (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined),
    why: (text: string) => (text === '' ? 'it is empty' : undefined),
  },
  colour: { value: 'COLOUR', help: 'a colour' },
} as const satisfies Flags;

const FRUIT: Operand = {
  value: 'FRUIT',
  noun: 'fruit',
  problem: (text) => (text === 'stone' ? 'is no fruit' : undefined),
};

describe('what is typed after a command', () => {
  test.each([
    { typed: ['--name', 'a'], flags: { quiet: false, name: 'a', size: 3, colour: undefined } },
    {
      typed: ['--size=40', '--quiet', '--name=b', '--colour', 'red'],
      flags: { quiet: true, name: 'b', size: 40, colour: 'red' },
    },
    { typed: ['--name', 'a', '--name', 'b'], flags: { quiet: false, name: 'b', size: 3, colour: undefined } },
  ])('$typed is read by the table of flags', ({ typed, flags }) => {
    expect(readArguments(typed, { flags: FLAGS })).toEqual({ operand: '', secondOperand: '', flags });
  });

  test.each([
    {
      name: 'a value that is not taken',
      typed: ['--name', 'a', '--size', 'big'],
      says: ['--size takes digits, not big'],
    },
    {
      name: 'the same, with the reason',
      typed: ['--name', 'a', '--size='],
      says: ['--size takes digits, not : it is empty'],
    },
    {
      name: 'something that no flag asked for',
      typed: ['--name', 'a', 'b', 'c'],
      says: ['nothing is expected here, not b c'],
    },
    {
      name: 'a value after a switch',
      typed: ['--quiet=yes', '--name', 'a'],
      says: [expect.stringContaining("'--quiet' does not take an argument")],
    },
    {
      name: 'an unknown flag',
      typed: ['--nmae', 'a'],
      says: ['there is no --nmae: --name is probably meant'],
    },
  ])('$name is refused, and why is said', ({ typed, says }) => {
    expect(readArguments(typed, { flags: FLAGS })).toEqual({ problems: says });
  });

  test.each([
    { typed: ['apple'], says: [] },
    { typed: [], says: ['the fruit is missing'] },
    { typed: ['apple', 'pear'], says: ['one fruit at a time, not also pear'] },
    { typed: ['stone'], says: ['the fruit stone is no fruit'] },
  ])('$typed as the one argument: $says', ({ typed, says }) => {
    const read = readArguments(typed, { flags: {}, operand: FRUIT });
    expect('problems' in read ? read.problems : []).toEqual(says);
  });

  test('is wrong in several places: all of them are said at once, and nothing is carried out', async () => {
    const carried: string[] = [];
    const command = defineCommand({
      ...{ call: 'npx pick', summary: 'Picks.', operand: FRUIT, flags: FLAGS },
      carryOut: async () => {
        carried.push('picked');
        return EXIT.ok;
      },
    });
    const { code, stderr } = await carryOut(command, 'stone', '--size', 'big');
    expect({ code, carried }).toEqual({ code: EXIT.misuse, carried: [] });
    expect(stderr.split('\n')).toEqual([
      'the fruit stone is no fruit',
      '--size takes digits, not big',
      'How it is called: npx pick --help',
      '',
    ]);
  });
});

describe('a command that is not there', () => {
  test.each([
    { typed: ['chek'], says: 'chek is no command: check is probably meant' },
    { typed: ['mdoels'], says: 'mdoels is no command: models is probably meant' },
    {
      typed: ['everything'],
      says: expect.stringMatching(/^everything is no command: there are init, check, fix, /),
    },
    { typed: [], says: expect.stringMatching(/^a command is missing: there are init, check, /) },
  ])('$typed costs one line and a hint', ({ typed, says }) => {
    const { code, stdout, stderr } = tunedrop(...typed);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([says, 'What each does: npx tunedrop --help', '']);
  });

  test.each(['--version', '-v'])('%s says which version this is', (flag) => {
    const { code, stdout } = tunedrop(flag);
    const { version } = JSON.parse(readRepoFile('package.json'));
    expect(stdout).toBe(`tunedrop ${version}, Node ${process.versions.node}\n`);
    expect(code).toBe(0);
  });

  test('the overview of all of them fits a screen of 80 by 24', () => {
    const { code, stdout } = tunedrop('--help');
    expect(code).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  (?:npm )?${name} `, 'm'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
  });
});

describe.each(Object.entries(COMMANDS))('the help of %s', (_name, load: () => Promise<Command>) => {
  test('has every flag, its default and every exit status, and fits a screen of 80 by 24', async () => {
    const command = await load();
    const { code, stdout, stderr } = await carryOut(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const text = stdout.replace(/\s+/g, ' ');
    for (const [name, flag] of Object.entries(command.flags)) {
      expect(text).toContain(flag.value === undefined ? `--${name} ` : `--${name} ${flag.value}`);
      expect(text).toContain(flag.help);
      if (flag.default !== undefined) expect(text).toContain(`(default ${flag.default})`);
    }
    for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`[ ;]${code} \\w`));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    // The last line of a screen is where the next command is typed.
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
  });
});

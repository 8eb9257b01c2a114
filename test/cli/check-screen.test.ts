import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, CLI, carryOut, tunedrop } from './command-line.ts';

describe('tunedrop check for people', () => {
  test('groups issues by file and says where, what was found, what was expected and what to do', () => {
    const { code, stdout } = tunedrop('check', 'examples/has-mistakes');
    expect(code).toBe(1);
    expect(stdout).toContain('\n\nexamples/has-mistakes/train.jsonl\n\n');
    expect(stdout).toContain(
      [
        '  error    line 6, output_text: A required field is missing  [field_missing]',
        '           found     no "output_text"',
        '           expected  the field "output_text"',
        '           remedy    Add "output_text" to the example.',
      ].join('\n'),
    );
    expect(stdout).toContain('7 errors, 2 warnings, 1 advice.');
    expect(stdout).toContain('Plan\n  None: tune.json has errors.');
  });

  test('shows a fault of many lines once, and each of its lines with --all', async () => {
    const dir = aFolder({
      'tune.json': aManifest(),
      'train.jsonl': '{"input_text": "a"}\n'.repeat(250),
    });
    const { stdout } = await carryOut(check, dir);
    expect(stdout.match(/field_missing/g)).toHaveLength(1);
    expect(stdout).toContain('lines 1, 2, 3 and 247 more (100 % of the file), output_text');
    expect(stdout).toContain('250 errors');
    const all = await carryOut(check, dir, '--all');
    expect(all.stdout.match(/field_missing/g)).toHaveLength(250);
  });

  test('shows a screen of issues, the gravest, and says that there are more', async () => {
    const keys = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`train_steps_${index}`, 1]));
    const dir = aFolder({ 'tune.json': aManifest(keys), 'train.jsonl': examples(120) });
    const { stdout } = await carryOut(check, dir);
    expect(stdout.match(/\[unknown_key\]/g)).toHaveLength(10);
    expect(stdout).toContain('... and 21 more issues: --all shows them.');
    expect((await carryOut(check, dir, '--all')).stdout.match(/\[unknown_key\]/g)).toHaveLength(30);
    const { issues, issuesNotListed } = JSON.parse((await carryOut(check, dir, '--json')).stdout);
    expect({ listed: issues.length, issuesNotListed }).toEqual({ listed: 21, issuesNotListed: 10 });
    const all = JSON.parse((await carryOut(check, dir, '--all', '--json')).stdout);
    expect({ listed: all.issues.length, issuesNotListed: all.issuesNotListed }).toEqual({
      ...{ listed: 31, issuesNotListed: 0 },
    });
  });

  test('shows keys that mean nothing once, and each misspelt one with what it stands for', async () => {
    const nothing = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`zz_${index}`, 1]));
    const misspelt = { lerning_rate_multiplier: 1, epochs: 3, evaluation_intervall: 10 };
    const dir = aFolder({
      'tune.json': aManifest({ ...nothing, ...misspelt }),
      'train.jsonl': examples(120),
    });
    const { stdout } = await carryOut(check, dir);
    expect(stdout.match(/\[unknown_key\]/g)).toHaveLength(4);
    expect(stdout).toMatch(/found +60 of them: "zz_0", .*"zz_49", and 10 more\n/);
    expect(stdout).toMatch(/remedy +Remove them\.\n/);
    expect(stdout).toContain('Write learning_rate_multiplier or remove the key.');
    expect(stdout).toContain('Write evaluation_interval or remove the key.');
    expect(stdout).toContain('Write train_steps: epochs');
  });

  test('ends with the data sets and the plan', () => {
    const { code, stdout, stderr } = tunedrop('check', 'examples/text-bison');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/dataset_uri +100 examples, 36,863 bytes/);
    expect(stdout).toMatch(/training +100 steps, batch size 8, 8 epochs, 5 evaluations/);
    expect(stdout).toMatch(
      /regions +pipeline job us-central1, training us-central1, model upload us-central1/,
    );
    const gemini = tunedrop('check', 'examples/medical-specialty');
    expect(gemini.stdout).toMatch(/training +supervised, 4 epochs, 415 examples, ADAPTER_SIZE_FOUR/);
  });

  test('says of a request to cancel that there is nothing to check', () => {
    const { code, stdout } = tunedrop('check', aFolder({ 'tune.json': '{"cancel": true}' }));
    expect(code).toBe(0);
    expect(stdout).toContain('asks for its unfinished runs to be cancelled');
  });

  test('ends quietly when its reader has seen enough', () => {
    const dir = aFolder({ 'tune.json': aManifest(), 'train.jsonl': '[]\n'.repeat(5_000) });
    const shell = spawnSync('sh', ['-c', `"${process.execPath}" "${CLI}" check "${dir}" | head -c 1`]);
    expect(shell.stderr.toString()).toBe('');
  });
});

describe('a call that cannot be carried out', () => {
  const usage = expect.stringContaining('Usage:');
  const hint = expect.stringContaining(' --help\n');

  test.each([
    { name: 'no command', args: [], says: 'a command is missing' },
    { name: 'an unknown command', args: ['chekc'], says: 'chekc is no command: check is probably meant' },
    { name: 'the embedded cloud', args: ['local'], says: 'there are init, ' },
    { name: 'a folder without tune.json', args: ['check', 'examples'], says: 'holds no tune.json' },
  ])('$name: exit 2, the reason and where to read on, on standard error', ({ args, says }) => {
    const answer = tunedrop(...args);
    expect(answer).toEqual({ code: 2, stdout: '', stderr: hint });
    expect(answer.stderr.split('\n')[0]).toContain(says);
  });

  const example = 'examples/has-mistakes';
  test.each([
    { name: 'no folder', args: [], says: 'the folder is missing' },
    { name: 'two folders', args: [example, 'docs'], says: 'one folder at a time, not also docs' },
    { name: 'a folder that is not there', args: ['no/such'], says: 'the folder no/such does not exist' },
    {
      name: 'a file for a folder',
      args: ['package.json'],
      says: 'the folder package.json is a file: name the folder that it is in',
    },
    {
      name: 'a folder without tune.json',
      args: ['examples'],
      says: 'the folder examples holds no tune.json',
    },
    {
      name: 'an unknown option',
      args: [example, '--jsn'],
      says: 'there is no --jsn: --json is probably meant',
    },
    {
      name: 'no such region',
      args: [example, '--region', 'us-east1'],
      says: '--region takes one of us-central1, ',
    },
    {
      name: 'no such bucket',
      args: [example, '--bucket', 'inbox'],
      says: '--bucket takes gs://BUCKET/FOLDER, not inbox: not a gs:// URI',
    },
  ])('$name is misuse, and why is said', async ({ args, says }) => {
    const answer = await carryOut(check, ...args);
    expect(answer).toEqual({ code: 2, stdout: '', stderr: hint });
    expect(answer.stderr.split('\n')[0]).toContain(says);
  });

  test('a folder with something like a manifest is told so', async () => {
    const { stderr } = await carryOut(check, aFolder({ 'my-tune.json': '{}' }));
    expect(stderr.split('\n\n')[0]).toMatch(
      /holds no tune\.json, but my-tune\.json: .* is called tune\.json/,
    );
  });

  test.each([['--help'], ['check --help']])('%s is no such call: usage, exit 0', (line) => {
    expect(tunedrop(...line.split(' '))).toEqual({ code: 0, stdout: usage, stderr: '' });
  });
});

test('the file that npm links as tunedrop can be executed', () => {
  expect(statSync(CLI).mode & 0o111).toBe(0o111);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { init } from '../../cli/init/command.ts';
import { aFolder, carryOut } from './command-line.ts';

const lines = (records: object[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');
const many = (count: number, record: (n: number) => object) =>
  lines(Array.from({ length: count }, (_, n) => record(n)));
const LABELS = ['radiology', 'urology', 'surgery'];
const manifestIn = (dir: string) => JSON.parse(readFileSync(join(dir, 'tune.json'), 'utf8'));

/** A data file of each kind that people bring, and what is made of it. */
const FILES: [name: string, content: string, manifest: object][] = [
  [
    'labels.jsonl',
    many(120, (n) => ({ input_text: `Which field is note ${n} of?`, output_text: LABELS[n % 3] })),
    { task: 'classification', base_model: expect.stringContaining('gemini') },
  ],
  [
    'chats.jsonl',
    many(120, (n) => ({
      messages: [
        { role: 'user', content: `What is ${n}?` },
        { role: 'assistant', content: `A number like ${n}.` },
        { role: 'user', content: `And ${n + 1}?` },
        { role: 'assistant', content: `The next after ${n}.` },
      ],
    })),
    { task: 'chat' },
  ],
  [
    'spans.csv',
    `question,answer\n${Array.from({ length: 120 }, (_, n) => `"Who is guest ${n}? Guest ${n} is Ada ${n} of Rome.",Ada ${n} of Rome`).join('\n')}\n`,
    { task: 'extractive_qa', dataset_uri: 'spans.csv' },
  ],
  [
    'notes.json',
    JSON.stringify(
      Array.from({ length: 120 }, (_, n) => ({
        prompt: `Note ${n}: ${'the patient walks and sleeps well and wants to go home. '.repeat(10)}`,
        completion: `In short, case ${n} recovers well, needs nothing more, and goes home as soon as it is wanted.`,
      })),
    ),
    { task: 'summarization' },
  ],
  [
    'pairs.jsonl',
    many(120, (n) => ({ prompt: `Say ${n} kindly.`, chosen: `Gladly: ${n}.`, rejected: `${n}!` })),
    { tuning_method: 'preference', base_model: expect.stringContaining('gemini') },
  ],
];

describe('tunedrop init', () => {
  test.each(FILES)('%s becomes a manifest that passes the check', async (name, content, wanted) => {
    const dir = aFolder({ [name]: content });
    const { code, stdout } = await carryOut(init, join(dir, name));
    const manifest = manifestIn(dir);
    expect(manifest).toMatchObject({ dataset_uri: name, ...wanted });
    expect([code, (await carryOut(check, dir)).code]).toEqual([0, 0]);
    expect(stdout).toContain(JSON.stringify(manifest, null, 2));
  });

  test('a file beside it that is for the evaluation is taken for that', async () => {
    const [, content] = FILES[0] ?? ['', ''];
    const evaluation = many(40, (n) => ({ input_text: `Note ${n} of others?`, output_text: LABELS[n % 3] }));
    const dir = aFolder({ 'train.jsonl': content, 'eval.jsonl': evaluation, 'eval.txt': 'x' });
    expect((await carryOut(init, join(dir, 'train.jsonl'))).code).toBe(0);
    expect(manifestIn(dir)).toMatchObject({ evaluation_data_uri: 'eval.jsonl' });
  });

  test('a model that is named is taken', async () => {
    const [name = '', content = ''] = FILES[0] ?? [];
    const dir = aFolder({ [name]: content });
    await carryOut(init, join(dir, name), '--model', 'models/gemma-3-27b-it');
    expect(manifestIn(dir).base_model).toBe('google/gemma3@gemma-3-27b-it');
  });

  test('--json is one object on standard output', async () => {
    const [name = '', content = ''] = FILES[0] ?? [];
    const dir = aFolder({ [name]: content });
    const { stdout, stderr } = await carryOut(init, join(dir, name), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ form: 'input_output', container: 'lines', task: 'classification', issueCount: { error: 0 } },
      manifest: manifestIn(dir),
    });
    expect(stderr).toBe('');
  });

  test('a manifest that is there is not written over, unless --force says so', async () => {
    const [name = '', content = ''] = FILES[0] ?? [];
    const dir = aFolder({ [name]: content, 'tune.json': '{"mine": 1}' });
    const refused = await carryOut(init, join(dir, name));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(manifestIn(dir)).toEqual({ mine: 1 });
    expect((await carryOut(init, join(dir, name), '--force')).code).toBe(0);
    expect(manifestIn(dir)).toHaveProperty('base_model');
  });

  test.each([
    [
      'of another form',
      many(3, () => ({ headline: 'a', section: 'b' })),
      'records with "headline", "section"',
    ],
    [
      'of examples in other objects',
      many(3, () => ({ row: { prompt: 'a', completion: 'b' } })),
      "jq -c '.row'",
    ],
    ['without records', 'once upon a time\n', 'The line is not JSON'],
    [
      'of a table with other columns',
      'text,label\nGood soup.,food\nA long way.,travel\n',
      'with the columns text, label',
    ],
  ])('a file %s is told what was found and what is expected', async (_name, content, found) => {
    const dir = aFolder({ 'data.jsonl': content });
    const { code, stderr } = await carryOut(init, join(dir, 'data.jsonl'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(found)]);
    expect(stderr).toContain('docs/data-forms.md');
    expect(() => manifestIn(dir)).toThrow('ENOENT');
  });

  test('data with mistakes gets its manifest, and the mistakes are counted', async () => {
    const dir = aFolder({ 'data.jsonl': many(20, () => ({ input_text: 'a', output_text: '' })) });
    const { code, stdout } = await carryOut(init, join(dir, 'data.jsonl'));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/npx tunedrop check \S+: \d+ errors?/)]);
  });
});

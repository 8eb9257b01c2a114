import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { fix } from '../../cli/fix/command.ts';
import { aFolder, carryOut } from './command-line.ts';
import { BROKEN_FOLDERS } from './fix-corpus.ts';
import type { BrokenFolder } from './fix-corpus-forms.ts';

/** The folder, in a folder of its own. */
function folderOf({ manifest, files }: BrokenFolder): string {
  const dir = join(aFolder({}), 'reviews');
  mkdirSync(dir);
  const all = { 'tune.json': manifest ?? '', ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    const isContent = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(dir, name), isContent ? content : JSON.stringify(content, null, 2));
  }
  return dir;
}

/** Every file of a folder and what is in it. */
function contentOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), 'latin1'),
    ]),
  );
}

async function fixJson(dir: string, ...args: string[]) {
  const { code, stdout, stderr } = await carryOut(fix, dir, ...args, '--json');
  return { code, stderr, ...JSON.parse(stdout) };
}

async function errorsOf(
  dir: string,
): Promise<{ errors: string[]; datasets: Record<string, { examples: number }> }> {
  const { issues, datasets } = JSON.parse((await carryOut(check, dir, '--json')).stdout);
  const errors = issues.filter(({ severity }: { severity: string }) => severity === 'error');
  return { errors: [...new Set<string>(errors.map(({ code }: { code: string }) => code))], datasets };
}

describe('a folder with', () => {
  test.each(Object.entries(BROKEN_FOLDERS))(
    '%s is clean in its copy, or told why not',
    async (_name, broken) => {
      const { args = [], left = {}, examples } = broken;
      const dir = folderOf(broken);
      const before = contentOf(dir);
      const fixed = await fixJson(dir, ...args);
      expect(contentOf(dir)).toEqual(before);

      const written: string = fixed.out ?? dir;
      const { errors, datasets } = await errorsOf(written);
      expect(errors).toEqual(Object.keys(left));
      expect(fixed.code).toBe(errors.length > 0 ? 1 : 0);
      if (errors.length === 0) expect(fixed.changed).toBe(true);
      if (examples !== undefined && datasets.dataset_uri)
        expect(datasets.dataset_uri.examples).toBe(examples);

      const again = await fixJson(written, ...args);
      expect({ changed: again.changed, out: again.out }).toEqual({ changed: false, out: null });
      expect(existsSync(`${written}-fixed`)).toBe(false);
    },
  );
});

const read = (dir: string, name: string) => readFileSync(join(dir, name), 'utf8');
const rows = (dir: string, name = 'train.jsonl') =>
  read(dir, name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the copy', () => {
  const tune = `{
  "base_model": "gemini-3.1-flash-lite",   "dataset_uri" : "./train.csv",
  "default_context": "Be short.", "dry_run": "True"
}
`;
  const csv = `Question,Answer\r\n${Array.from({ length: 12 }, (_, index) => `"Tea ${index}, or not?",Yes ${index}\r\n`).join('')},\r\n`;

  test('has the manifest as it was but for what was corrected, and the examples with what the manifest gives them', async () => {
    const dir = folderOf({ manifest: tune, files: { 'train.csv': `${csv}"Tea 3, or not?",Yes 3\r\n` } });
    const { code, stdout } = await carryOut(fix, dir);
    expect(code).toBe(0);
    expect(read(`${dir}-fixed`, 'tune.json')).toBe(
      tune
        .replace('./train.csv', 'train.jsonl')
        .replace('"default_context": "Be short.", ', '')
        .replace('"dry_run": "True"', '"dry_run": true'),
    );
    expect(rows(`${dir}-fixed`)).toHaveLength(12);
    expect(rows(`${dir}-fixed`)[0]).toEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'Be short.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Tea 0, or not?' }] },
        { role: 'model', parts: [{ text: 'Yes 0' }] },
      ],
    });
    expect(stdout).toContain('train.csv, now train.jsonl\n');
    expect(read(`${dir}-fixed`, 'tunedrop-fix.log')).toBe(
      [
        `${dir}/tune.json:3: dry_run is true`,
        `${dir}/tune.json:3: default_context taken out: each example has it now`,
        `${dir}/train.csv: one example written on each line: they were in a table with a header`,
        `${dir}/train.csv: written in the form of the model: from {"question", "answer"} to {"contents": [{"role", "parts"}]}, the format of Gemini models`,
        `${dir}/train.csv:14: left out, since it holds no text`,
        `${dir}/train.csv:15: left out, since the same is there before: on line 5`,
        '',
      ].join('\n'),
    );
  });

  test('is written where --out says, and never over anything nor into the folder itself', async () => {
    const dir = folderOf({ manifest: tune, files: { 'train.csv': csv } });
    const before = contentOf(dir);
    const taken = await carryOut(fix, dir, '--out', dirname(dir));
    expect(taken).toMatchObject({ code: 2, stdout: '' });
    expect(taken.stderr).toContain('is there already');
    const inside = await carryOut(fix, dir, '--out', `${dir}/fixed`);
    expect(inside.stderr).toContain('which stays as it is');
    const out = join(dirname(dir), 'sub', 'copy');
    expect((await carryOut(fix, `${dir}/`, '--out', out)).code).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(['train.jsonl', 'tune.json', 'tunedrop-fix.log']);
    expect(contentOf(dir)).toEqual(before);
    expect(readdirSync(dirname(dir))).toEqual(['reviews', 'sub']);
  });

  test('holds data from beside its folder, and files that nothing is wrong with byte for byte', async () => {
    const dir = folderOf({ manifest: '', files: { 'eval.jsonl': '{"contents": [], "x": 1}' } });
    const manifest = {
      base_model: 'gemini-3.1-flash-lite',
      dataset_uri: '../shared/train.jsonl',
      evaluation_data_uri: 'eval.jsonl',
    };
    writeFileSync(join(dir, 'tune.json'), JSON.stringify(manifest));
    mkdirSync(join(dirname(dir), 'shared'));
    writeFileSync(join(dirname(dir), 'shared/train.jsonl'), csv);
    const { out, files } = await fixJson(dir);
    expect(JSON.parse(read(out, 'tune.json')).dataset_uri).toBe('shared/train.jsonl');
    expect(rows(out, 'shared/train.jsonl')).toHaveLength(12);
    expect(read(out, 'eval.jsonl')).toBe('{"contents": [], "x": 1}');
    expect(files[1]).toMatchObject({ key: 'evaluation_data_uri', corrections: [], leftAsItIs: null });
  });

  test('keeps names in a bucket', async () => {
    const files = { 'train.csv': csv };
    const dir = folderOf({
      manifest: { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'gs://inbox/a/train.csv' },
      files,
    });
    const { out } = await fixJson(dir, '--bucket', 'gs://inbox/a');
    expect(JSON.parse(read(out, 'tune.json')).dataset_uri).toBe('gs://inbox/a/train.jsonl');
  });

  test('has its long texts cut at the end of a word, and no others', async () => {
    const long = 'many words of a long answer '.repeat(600);
    const file = Array.from({ length: 12 }, (_, index) =>
      JSON.stringify({ input_text: `Go on ${index}`, output_text: index === 3 ? long : 'Yes.' }),
    );
    const dir = folderOf({
      manifest: { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' },
      files: { 'train.jsonl': `${file.join('\n')}\n` },
    });
    const told = await carryOut(fix, dir);
    expect(told.stdout).toContain('1 row is over the token limit');
    const { out } = await fixJson(dir, '--over-limit', 'cut');
    const cut = rows(out)[3].output_text;
    expect(long.startsWith(`${cut} `)).toBe(true);
    expect(cut.length).toBeGreaterThan(2000);
    expect(
      read(out, 'train.jsonl')
        .split('\n')
        .filter((_line, index) => index !== 3),
    ).toEqual([...file.toSpliced(3, 1), '']);
  });
});

describe('what is left', () => {
  const rows = Array.from({ length: 12 }, (_, index) =>
    JSON.stringify({ input_text: `Go on ${index}`, output_text: 'Yes.' }),
  ).join('\n');
  const manifest = {
    base_model: 'text-bison@002',
    dataset_uri: 'train.jsonl',
    evaluation_data_uri: 'none.jsonl',
  };

  test.each([
    ['of a copy', `\ufeff${rows}\n`, (dir: string) => `${dir}-fixed`],
    ['of a folder that has no copy', `${rows}\n`, (dir: string) => dir],
  ])('%s is told with the paths that people know', async (_name, file, folderOfIssues) => {
    const dir = folderOf({ manifest, files: { 'train.jsonl': file } });
    const { stdout } = await carryOut(fix, dir);
    expect(stdout).toContain(`no object at ${folderOfIssues(dir)}/none.jsonl`);
    expect(stdout).not.toContain('unfinished');
  });

  test('in doubt stays in its form, since the doubt could not be seen in another one', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => ({
      ...{ question: `Tea ${at}?`, choices: ['cup', 'pot', 'pan', 'jug'], answer: 1 + (at % 3) },
    }));
    const manifest = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };
    const file = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const { files, issues } = await fixJson(folderOf({ manifest, files: { 'train.jsonl': file } }));
    expect(files).toMatchObject([{ corrections: [], copy: null }]);
    expect(issues.map(({ code }: { code: string }) => code)).toContain('choices_from_one');
  });

  test('has its lines in the file as it was, where a conversion left some out', async () => {
    const talk = (index: number, more: object = {}) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: `Go on ${index}` },
          { role: 'assistant', content: 'Yes.', ...more },
        ],
      });
    const file = [
      talk(0, { weight: 0 }),
      ...Array.from({ length: 12 }, (_, index) => talk(index + 1)),
      talk(3, { name: 'Bo' }),
    ];
    const dir = folderOf({
      manifest: { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', convert: true },
      files: { 'train.jsonl': `${file.join('\n')}\n` },
    });
    const { out } = await fixJson(dir);
    expect(read(out, 'tunedrop-fix.log')).toContain(
      'train.jsonl:14: left out, since the same is there before: on line 4\n',
    );
  });
});

test.each([
  ['text-bison@002', 'model_retired', ['--retired-models', 'error']],
  ['gemini-2.5-flash', 'cost_over_limit', ['--max-cost-usd', '0.0001']],
])(
  'a deployment is described to fix as to check: %s, %s',
  async (base_model, code, args) => {
    const rows = Array.from({ length: 12 }, (_, index) =>
      JSON.stringify({ input_text: `Go on ${index}`, output_text: 'Yes.' }),
    );
    const dir = folderOf({
      manifest: { base_model, dataset_uri: 'train.jsonl' },
      files: { 'train.jsonl': `${rows.join('\n')}\n` },
    });
    const fixed = await fixJson(dir, ...args);
    const checked = JSON.parse((await carryOut(check, fixed.out ?? dir, ...args, '--json')).stdout);
    expect(fixed.issues).toEqual(checked.issues);
    const errors = fixed.issues.filter(({ severity }: { severity: string }) => severity === 'error');
    expect(errors.map((issue: { code: string }) => issue.code)).toContain(code);
  },
  20_000,
);

test.each([
  [['--over-limit', 'shorten'], '--over-limit takes cut or leave-out, not shorten'],
  [['--encoding', 'klingon'], '--encoding takes the name of an encoding'],
])('%j is told what it takes', async (args, message) => {
  const { code, stderr } = await carryOut(fix, aFolder({ 'tune.json': '{}' }), ...args);
  expect({ code, isTold: stderr.includes(message) }).toEqual({ code: 2, isTold: true });
});

import { describe, expect, test } from 'vitest';
import { type Issue, reportIssue } from '../../shared/core/issues/catalog.ts';
import { type Manifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { checkBytes, issuesOf, lines, textLine } from './dataset-samples.ts';

const file = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const remediesOf = (manifest: object) =>
  parseManifest(Buffer.from(JSON.stringify(manifest)), { uri: 'tune.json' }).issues.map(reportIssue);

const BY_COMMAND = 'Or have it done in a copy: npx tunedrop fix DIR';

describe('what is told to do', () => {
  test.each([
    ['"40" for a number', { train_steps: '40' }, `Write "train_steps": 40, without quotes. ${BY_COMMAND}`],
    [
      '"1_000" for a number',
      { train_steps: '1_000' },
      `Write "train_steps": 1000, without quotes. ${BY_COMMAND}`,
    ],
    [
      'a decimal comma',
      { learning_rate_multiplier: '1,5' },
      'Write "learning_rate_multiplier": 1.5, without quotes, if that is what is meant.',
    ],
    [
      'a comma that may begin decimals or group thousands',
      { max_cost_usd: '1,500' },
      'Write "max_cost_usd": 1500 or 1.5, without quotes, whichever is meant.',
    ],
    [
      'a point that may do so',
      { max_cost_usd: '2.500' },
      'Write "max_cost_usd": 2.5 or 2500, without quotes, whichever is meant.',
    ],
    [
      'points between thousands',
      { train_steps: '1.000' },
      'Write "train_steps": 1 or 1000, without quotes, whichever is meant.',
    ],
    [
      'thousands and decimals as in German',
      { max_cost_usd: '1.234,5' },
      'Write "max_cost_usd": 1234.5, without quotes, if that is what is meant.',
    ],
    [
      'thousands as in English',
      { train_steps: '1,000' },
      `Write "train_steps": 1000, without quotes. ${BY_COMMAND}`,
    ],
    [
      'thousands and decimals as in English',
      { max_cost_usd: '1,234.5' },
      `Write "max_cost_usd": 1234.5, without quotes. ${BY_COMMAND}`,
    ],
    [
      'a small number with its exponent',
      { learning_rate_multiplier: '5e-1' },
      `Write "learning_rate_multiplier": 0.5, without quotes. ${BY_COMMAND}`,
    ],
    ['a whole number with decimals', { train_steps: '40,0' }, 'Write a whole number from 1 to 100000.'],
    ['"True" for true', { dry_run: 'True' }, `Write "dry_run": true, without quotes. ${BY_COMMAND}`],
    ['a number for a text', { model_display_name: 5 }, `Write "model_display_name": "5". ${BY_COMMAND}`],
    ['a list of one', { accelerator_type: ['gpu'] }, `Write "accelerator_type": "GPU". ${BY_COMMAND}`],
    ['what no spelling repairs', { train_steps: -4 }, 'Write a whole number from 1 to 100000.'],
  ])('%s in a manifest', (_name, over, remedy) => {
    const manifest = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl', ...over };
    expect(remediesOf(manifest).map((issue) => issue.remedy)).toEqual([remedy]);
  });

  test('a label with a wrong key and a wrong value is told of both', () => {
    const labels = { Team: 'My Team' };
    const found = remediesOf({ base_model: 'text-bison@002', dataset_uri: 'train.jsonl', labels });
    expect(found.map(({ remedy }) => remedy)).toEqual([
      'Write the label as "team".',
      'Write the value as "my-team".',
    ]);
  });

  test.each(['training_data', 'dataset_uri'])(
    '%s of an embedding model leads to the keys that it has, and is told alone',
    (key) => {
      const found = remediesOf({ base_model: 'text-embedding-005', [key]: 'train.jsonl' });
      const errors = found.filter(({ severity }) => severity === 'error');
      expect(errors).toHaveLength(1);
      expect(`${errors[0]?.expected} ${errors[0]?.remedy}`).toContain(
        'queries_path, corpus_path and train_label_path (one file of {"query", "pos", "neg"} in all three)',
      );
      expect(errors[0]?.remedy).toContain('ame the data ');
    },
  );

  test('with some of its keys there the others are missing, whatever else is there', () => {
    const content = { base_model: 'text-embedding-005', corpus_path: 'c.jsonl', dataset_uri: 'train.jsonl' };
    const errors = remediesOf(content).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(['missing_key', 'missing_key', 'key_not_for_model']);
    expect(errors.at(-1)?.remedy).toBe('Remove dataset_uri.');
  });

  test.each([
    ['null', null, 'remove the example'],
    ['a list', ['a', 'b'], 'Join what is in the list'],
    ['an object', { text: 'a' }, 'as one text'],
    ['a number', 5, 'double quotes'],
  ])('%s in the place of a text', (_name, value, remedy) => {
    const { issues } = checkBytes(file([{ input_text: 'a', output_text: value }]));
    const [issue] = issues.listed.filter(({ code }) => code === 'field_wrong_type');
    expect(issue && reportIssue(issue).remedy).toContain(remedy);
  });

  test('a line of dots is an ellipsis', () => {
    const [issue] = checkBytes(`${textLine(1)}\n...\n`).issues.listed;
    expect(issue && reportIssue(issue)).toMatchObject({ line: 2, found: 'an ellipsis at column 1' });
  });
});

describe('inputs', () => {
  test('that share a short instruction lack none, though their contents begin alike', () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({
      input_text: `Classify.\n${index % 3 === 0 ? 'Clinical text of a patient' : 'Special'} ${index}`,
      output_text: ['a', 'b'][index % 2],
    }));
    expect(issuesOf(checkBytes(file(rows)))).toEqual([]);
  });

  test.each([
    ['placeholder', 'nan'],
    ['placeholder', 'None'],
    ['mojibake', 'donâ€™t'],
    ['mojibake', 'cafÃ©'],
    ['replacement', 'caf\ufffd'],
    ['html_entity', 'Tom &amp; Jerry'],
    ['literal_newline', 'one\\ntwo'],
    ['thought', '<think>Hm.</think>Yes.'],
    ['thought', '<|begin_of_thought|>Hm.<|end_of_thought|>Yes.'],
    ['template_mark', 'Yes.<|endoftext|>'],
    ['template_mark', '[INST] Is it hot? [/INST]'],
    ['template_mark', '\n\nHuman: Is it hot?\n\nAssistant:'],
    ['template_mark', '### Instruction:\nName it.\n\n### Response:\nTea'],
  ])('and outputs with a %s such as %s get advice with their lines', (kind, output) => {
    const odd = JSON.stringify({ input_text: 'What?', output_text: output });
    const { issues } = checkBytes(lines(120, textLine, { 7: odd, 9: odd.replace('What', 'Who') }).join('\n'));
    expect(issues.listed.map(({ code, at, fields }) => ({ code, line: at.line, fields }))).toEqual([
      { code: 'text_looks_spoilt', line: 7, fields: { kind } },
      { code: 'text_looks_spoilt', line: 9, fields: { kind } },
    ]);
  });

  test.each([
    'Tom & Jerry',
    'one\ntwo',
    'a "None" of it',
    'naïve café',
    'C:\\new\nand more',
    'a <| b |> c',
    'Human: who?',
  ])('and outputs such as %j get none', (output) => {
    const row = JSON.stringify({ input_text: 'What?', output_text: output });
    expect(issuesOf(checkBytes(lines(120, textLine, { 7: row }).join('\n')))).toEqual([]);
  });
});

async function together(
  files: Record<string, string>,
  base_model: Manifest['base_model'] = 'gemini-3.1-flash-lite',
) {
  const issues: Issue[] = [];
  async function* chunks(text: string) {
    yield Buffer.from(text);
  }
  await checkData(
    { base_model },
    Object.entries(files).map(([key, text]) => ({
      key: key as 'dataset_uri',
      uri: key,
      chunks: chunks(text),
    })),
    { onIssue: (issue) => issues.push(issue) },
  );
  return issues;
}

test('evaluation data that is the training data is one warning', async () => {
  const same = lines(250, textLine).join('\n');
  const issues = await together({ dataset_uri: same, evaluation_data_uri: same });
  expect(issues.filter(({ severity }) => severity === 'warning')).toMatchObject([
    { code: 'evaluation_is_training', fields: { examples: 250 } },
  ]);
});

test.each([
  ['capitals', 'q1', 'Q1', 'capitals'],
  ['Unicode', 'é1'.normalize('NFC'), 'é1'.normalize('NFD'), 'Unicode'],
])('an id that differs in %s alone is told so', async (_name, id, written, hint) => {
  const records = (first: string) =>
    file(
      Array.from({ length: 12 }, (_, index) => ({
        _id: index === 0 ? first : `x${index}`,
        text: `text ${index}`,
      })),
    );
  const labels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => `x${index}\tx${index}\t1\n`).join('');
  const issues = await together(
    {
      queries_path: records(id),
      corpus_path: records('d0'),
      train_label_path: `query-id\tcorpus-id\tscore\n${written}\tx1\t1\n${labels}`,
    },
    'text-embedding-005',
  );
  const [unknown] = issues.filter(({ code }) => code === 'labels_query_unknown');
  expect(unknown && reportIssue(unknown).remedy).toContain(hint);
});

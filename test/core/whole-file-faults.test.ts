import { describe, expect, test } from 'vitest';
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { LINES as IN_LINES } from '../../shared/core/dataset/containers/container.ts';
import { containerOf } from '../../shared/core/dataset/containers/recognise.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { targetOf } from '../../shared/core/dataset/forms/target.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { WHOLE_FILE_FAULTS, type WholeFileFault } from '../../shared/core/issues/whole-file-faults.ts';
import { tarOf } from './archive-samples.ts';
import { checkBytes, issuesOf, lines, textLine } from './dataset-samples.ts';
import { asPythonText, intentsOf, RASA, squadOf } from './export-samples.ts';
import { followRemedy } from './follow-remedy.ts';

const LINES = lines(120, textLine);
const objects = LINES.map((line) => JSON.parse(line) as { input_text: string; output_text: string });
const whole = `${LINES.join('\n')}\n`;
const pretty = objects.map((object) => JSON.stringify(object, null, 2));
const table = (delimiter: string) =>
  [
    'input_text,output_text',
    ...objects.map(({ input_text, output_text }) => `"${input_text}",${output_text}`),
  ]
    .map((line) => `${line.replaceAll(',', delimiter)}\r\n`)
    .join('');
/** Every character of these files is one of UTF-16. */
const utf32 = (text: string) => Buffer.from(Uint32Array.from([...text], (one) => one.charCodeAt(0)).buffer);
const bytes = (...codes: number[]) => Buffer.from(codes);

/** A file with the fault, and who follows its remedy: a machine, which runs the command, or a person and why. */
type Sample = { file: string | Buffer; person?: string; options?: Partial<DatasetCheckOptions> };

const talks = objects.map(({ input_text, output_text }) => [
  { role: 'user', content: input_text },
  { role: 'assistant', content: output_text },
]);
const written = (one: (input: string, output: string) => string) =>
  objects.map(({ input_text, output_text }) => one(input_text, output_text)).join('');
const OPEN = { format: 'chat_messages' } as const;

const ASKED = { format: 'question_answer', target: targetOf('gemini-3.1-flash-lite', undefined) } as const;
const pairs = objects.map(({ input_text, output_text }) => [input_text, output_text]);

const telegramOf = (all: readonly string[][]) =>
  all.flatMap(([asked, answered], at) => [
    {
      id: 2 * at,
      type: 'message',
      date: '2026-01-01T10:00:00',
      from: 'Anna',
      text: asked,
      text_entities: [],
    },
    { id: 2 * at + 1, type: 'message', from: 'Ben', text: [answered, { type: 'link', text: '!' }] },
  ]);

const NO_PANDAS = 'needs pandas, which is not everywhere';
const SAMPLES: Record<WholeFileFault, Sample> = {
  parquet: { file: Buffer.concat([Buffer.from('PAR1'), bytes(0x15, 0, 0x15)]), person: NO_PANDAS },
  arrow: { file: Buffer.concat([Buffer.from('ARROW1'), bytes(0, 0)]), person: NO_PANDAS },
  xlsx: { file: Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'latin1'), person: NO_PANDAS },
  pdf: { file: '%PDF-1.7\n%\n1 0 obj', person: 'what is an example in it, a person says' },
  sqlite: { file: 'SQLite format 3\0\x10\0', person: 'which table holds the examples, a person says' },
  tar: { file: tarOf(whole) },
  binary: { file: bytes(1, 2, 3, 0, 7, 0x41, 0x0a, 2), person: 'what it is, a person knows' },
  lfs_pointer: {
    file: 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 12345\n',
    person: 'the data lies in a store that asks for an account',
  },
  html: { file: '<!DOCTYPE html><html><body>404</body></html>', person: 'the data lies elsewhere' },
  xml: {
    file: '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
    person: 'the data lies elsewhere',
  },
  markdown_fence: { file: `Here are the examples:\n\n\`\`\`jsonl\n${whole}\`\`\`\n` },
  merge_conflict: {
    file: `${LINES.slice(0, 60).join('\n')}\n<<<<<<< HEAD\n${LINES.slice(60, 70).join('\n')}\n=======\n${LINES.slice(70).join('\n')}\n>>>>>>> more\n`,
  },
  server_sent_events: { file: `${LINES.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n` },
  csv: { file: table(',') },
  csv_semicolon: { file: table(';') },
  csv_pipe: { file: table('|') },
  tsv: { file: table('\t') },
  table_of_returns: { file: table(',').replaceAll('\r\n', '\r') },
  double_encoded: { file: LINES.map((line) => `${JSON.stringify(line)}\n`).join('') },
  turns_alone: { file: talks.map((talk) => `${JSON.stringify(talk)}\n`).join(''), options: OPEN },
  turns_in_list: { file: JSON.stringify(talks, null, 2), options: OPEN },
  rich_text: {
    file: `{\\rtf1\\ansi\\ansicpg1252\n\\f0\\fs24 \\cf0 \\{"input_text": "a"\\}\\\n}`,
    person: 'the program that wrote it writes plain text, too',
  },
  code_list: {
    file: `const data = [\n${LINES.join(',\n')}\n];\n`,
    person: 'the list that is left is read as it is; followed in nameless-texts.test.ts',
  },
  lists_as_text: {
    file: talks.map((talk) => `${JSON.stringify({ messages: JSON.stringify(talk) })}\n`).join(''),
    options: OPEN,
  },
  lists_as_python: { file: talks.map(asPythonText).join(''), options: OPEN },
  yaml_object: { file: RASA, person: 'what of it is an example, nobody knows' },
  intents: { file: intentsOf(LINES.length), options: ASKED },
  squad: { file: squadOf(LINES.length), options: { ...ASKED, format: 'squad' } },
  error_answer: {
    file: JSON.stringify({ error: { code: 403, message: 'No permission', status: 'PERMISSION_DENIED' } }),
    person: 'nobody but the service has the data',
  },
  objects_in_table: {
    file: `data\n${LINES.map((line) => `"${line.replaceAll('"', '""')}"\n`).join('')}`,
  },
  comma_after_line: { file: LINES.join(',\n') },
  numbered_lines: { file: LINES.map((line, index) => `${index + 1}. ${line}\n`).join('') },
  commas_between_objects: { file: `${pretty.join(',\n')}\n` },
  log_lines: { file: LINES.map((line, index) => `2026-11-30 10:00:${index % 60} INFO ${line}\n`).join('') },
  python_literals: { file: written((a, b) => `{'input_text': '${a}', "output_text": '${b}'}\n`) },
  python_list: { file: `[${written((a, b) => `{'input_text': '${a}',\n 'output_text': '${b}'},\n`)}]` },
  dialogue: {
    file: written((a, b) => `Q: ${a}\n\nA: ${b}\n\n`),
    person: 'whether each question begins a dialogue, a person says; followed in plain-dialogues.test.ts',
  },
  plain_text: {
    file: written((a, b) => `${a} And so on.\n${b}\n`),
    person: 'what is asked and what is answered, a person writes',
  },
  yaml: {
    file: written((a, b) => `- input_text: ${JSON.stringify(a)}\n  output_text: ${JSON.stringify(b)}\n`),
    person: 'needs a reader of YAML, which Python does not bring',
  },
  html_table: {
    file: `<table>\n${written((a, b) => `<tr><td>${a}</td><td>${b}</td></tr>\n`)}</table>\n`,
    person: 'a browser shows it as a table',
  },
  sql: {
    file: `-- dump\nCREATE TABLE a (b int);\n${written((a, b) => `INSERT INTO a VALUES ('${a}', '${b}');\n`)}`,
    person: 'the data base itself writes tables',
  },
  latex: {
    file: `\\begin{tabular}{ll}\n${written((a, b) => `${a} & ${b} \\\\\n`)}\\end{tabular}\n`,
    person: 'what is asked and what is answered, a person knows',
  },
  bibtex: {
    file: written((a, b) => `@misc{key${b},\n  title = {${a}},\n  note = {${b}}\n}\n`),
    person: 'what is asked and what is answered, a person knows',
  },
  toml: {
    file: written(
      (a, b) => `[[row]]\ninput_text = ${JSON.stringify(a)}\noutput_text = ${JSON.stringify(b)}\n\n`,
    ),
  },
  ini: {
    file: objects
      .map(
        (row, index) => `[row ${index}]\ninput_text = ${row.input_text}\noutput_text: ${row.output_text}\n`,
      )
      .join('\n'),
  },
  fasttext: { file: written((a, b) => `__label__${b} ${a}\n`), options: ASKED },
  chat_log: {
    file: written((a, b) => `[01/12/2025, 10:00:00] Anna: ${a}\n[01/12/2025, 10:01:00] Ben: ${b}\n`),
    person: 'who asks and who answers, a person says; followed below',
  },
  xml_data: {
    file: `<rows>\n${written((a, b) => `<row><input_text>${a}</input_text><output_text>${b}</output_text></row>\n`)}</rows>\n`,
  },
  arff: {
    file: `% made by hand\n@relation tea\n\n@attribute input_text string\n@ATTRIBUTE 'output_text'\t{a, b}\n\n@data\n${written((a, b) => `'${a}', ${b}\n`)}`,
  },
  anki: {
    file: `#separator:tab\n#html:false\n#tags column:1\n${written((a, b) => `x\t"${a}"\t${b}\n`)}`,
    options: ASKED,
  },
  telegram: {
    file: JSON.stringify({ type: 'personal_chat', messages: telegramOf(pairs) }, null, 1),
    person: 'who asks, a person says; followed below',
  },
  comments: {
    file: `[\n// made by hand\n${LINES.join(',\n')} /* the last */\n]\n`,
    person: 'the list that is left is read as it is; followed in code-texts.test.ts',
  },
  columns: {
    file: JSON.stringify({
      input_text: objects.map((row) => row.input_text),
      output_text: objects.map((row) => row.output_text),
    }),
  },
  split_table: {
    file: JSON.stringify({
      ...{ columns: ['input_text', 'output_text'], index: objects.map((_, index) => index) },
      data: objects.map(({ input_text, output_text }) => [input_text, output_text]),
    }),
  },
  keyed_texts: { file: JSON.stringify(Object.fromEntries(pairs)), options: ASKED },
  lists_in_list: { file: JSON.stringify(pairs, null, 1), options: ASKED },
  lists_on_lines: { file: pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''), options: ASKED },
  keyed_rows: { file: JSON.stringify({ ...objects }) },
  wrapped_list: { file: JSON.stringify({ version: 1, data: objects }) },
  typed_values: {
    file: objects
      .map((row) => ({ Item: { input_text: { S: row.input_text }, output_text: { S: row.output_text } } }))
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  },
  cut_rows: {
    file: JSON.stringify({
      features: [],
      rows: [
        { row_idx: 0, row: { ...objects[0], output_text: 'c' }, truncated_cells: ['output_text'] },
        ...objects.map((row, at) => ({ row_idx: at + 1, row, truncated_cells: [] })),
      ],
    }),
  },
};

const typed = (row: object, type: string) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { [type]: value }]));

const remedyOf = (file: string | Buffer, options?: Partial<DatasetCheckOptions>) => {
  const [issue] = checkBytes(file, options).issues.listed;
  if (!issue) throw new Error('nothing was found');
  return reportIssue(issue);
};

const containerIn = (text: string) =>
  containerOf(Buffer.from(text), (record) => formOfRecord(record) !== undefined);

describe('a file that is something else throughout', () => {
  test.each(Object.entries(SAMPLES))(
    '%s is told once, by its name, and nothing besides',
    (fault, { file, options }) => {
      const checked = checkBytes(file, options);
      expect(issuesOf(checked)).toEqual(['error dataset_not_lines']);
      expect(checked.issues.listed[0]?.fields).toEqual({ fault });
    },
  );

  const byMachine = Object.entries(SAMPLES).filter(([, { person }]) => person === undefined);
  test.each(byMachine)('%s is sound once its remedy was carried out', (_fault, { file, options }) => {
    const report = remedyOf(file, options);
    const fixed = checkBytes(followRemedy(report.remedy, file), options);
    expect(fixed.issues.listed.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(fixed.statistics.examples).toBe(120);
  });

  const numbered = (texts: readonly string[]) => ({ ...texts });
  const columns = {
    input_text: numbered(objects.map((row) => row.input_text)),
    output_text: numbered(objects.map((row) => row.output_text)),
  };
  test.each([
    ['columns whose cells are numbered', JSON.stringify(columns)],
    ['columns that are laid out', JSON.stringify(columns, null, 2)],
    ['examples under their numbers that are laid out', JSON.stringify({ ...objects }, null, 2)],
    [
      'typed values without anything around them',
      objects.map((row) => `${JSON.stringify(typed(row, 'S'))}\n`).join(''),
    ],
    [
      'typed values in the pages of a data base, laid out',
      JSON.stringify(
        {
          documents: objects.map((row) => ({
            name: 'd',
            fields: typed(row, 'stringValue'),
            createTime: 't',
          })),
        },
        null,
        1,
      ),
    ],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${whole}`, 'utf16le')],
    ['UTF-16', Buffer.from(whole, 'utf16le')],
    ['big-endian UTF-16 with a mark', Buffer.from(`\ufeff${whole}`, 'utf16le').swap16()],
    ['big-endian UTF-16', Buffer.from(whole, 'utf16le').swap16()],
    ['UTF-32', utf32(whole)],
    ['UTF-32 with a mark', utf32(`\ufeff${whole}`)],
    ['big-endian UTF-32', utf32(whole).swap32()],
    ['big-endian UTF-32 with a mark', utf32(`\ufeff${whole}`).swap32()],
  ])('%s is told once, and sound once the remedy was carried out', (_name, file) => {
    const container = typeof file === 'string' ? containerOf(Buffer.from(file), () => false) : IN_LINES;
    const checked = checkBytes(file, { container });
    expect(checked.issues.listed).toHaveLength(1);
    const report = remedyOf(file, { container });
    const fixed = checkBytes(followRemedy(report.remedy, file));
    expect(fixed.issues.listed.filter(({ severity }) => severity !== 'advice')).toEqual([]);
    expect(fixed.statistics.examples).toBe(120);
  });

  test('only a person follows the others, for a reason', () => {
    const others = Object.entries(SAMPLES).filter(([, { person }]) => person !== undefined);
    expect(others.length + byMachine.length).toBe(Object.keys(WHOLE_FILE_FAULTS).length);
  });

  test.each([
    ['an indented example of Gemini', JSON.stringify({ contents: [{ role: 'user', parts: [] }] }, null, 2)],
    [
      'an indented conversation',
      JSON.stringify({ messages: [{ role: 'user', content: 'a' }, { role: 'x' }] }, null, 1),
    ],
    [
      'examples that speak of conflicts',
      LINES.map((line) => line.replace('What', '<<<<<<< HEAD')).join('\n'),
    ],
    ['an empty file', ''],
    ['examples with a comma too many', LINES.map((line) => line.replace(/\}$/, ',}')).join('\n')],
    ['examples that have an error in them', '{"question": "a", "answer": "b", "error": "c"}\n'.repeat(3)],
    [
      'one example whose fields are lists',
      JSON.stringify({ contents: [{ role: 'user' }], tools: [{ a: 1 }] }),
    ],
    [
      'lines that hold lists of objects',
      '{"q": "a", "passages": [{"x": 1}]}\n{"q": "b", "passages": [{"x": 1}]}\n',
    ],
    ['one line cut off', '{"input_text": "a, b", "output'],
    ['prose', 'All happy families are alike.\nEach unhappy one is so in its way.\n'],
  ])('%s is none of these', (_name, file) => {
    expect(issuesOf(checkBytes(file))).not.toContain('error dataset_not_lines');
  });
});

describe('texts around objects, and of other programs', () => {
  test.each([
    ['a request in braces', (row: string) => `2026-01-01 INFO {req-1} ${row} done`],
    ['what grep writes', (row: string) => `data/train.jsonl:12:${row}`],
    ['a container', (row: string) => `app_1  | ${row}`],
    ['a call', (row: string) => `add(${row}`],
    ['text behind alone', (row: string) => `${row} # checked`],
  ])('%s: told once, and the remedy leads out', (_name, write) => {
    const file = `${LINES.map(write).join('\n')}\n`;
    expect(checkBytes(file).issues.listed).toMatchObject([
      { code: 'dataset_not_lines', fields: { fault: 'log_lines' } },
    ]);
    expect(followRemedy(remedyOf(file).remedy, file).toString()).toBe(whole);
  });

  test.each([
    ['objects in a list of Python', (row: string) => `['a', ${row}]`],
    ['a text of SQL, whose quotes are written twice', (row: string) => `INSERT INTO a VALUES ('${row}');`],
    ['a cell behind others', (row: string) => `1,good,${row}`],
    ['a member of an object', (row: string) => `{'row': ${row}}`],
  ])('%s is no such text', (_name, write) => {
    const { issues } = checkBytes(`${LINES.map(write).join('\n')}\n`);
    expect(issues.listed.map(({ fields }) => fields)).not.toContainEqual({ fault: 'log_lines' });
  });

  test.each([
    ['mappings under names', written((a, b) => `row-${b}:\n  input_text: ${a}\n  output_text: ${b}\n`)],
    ['a list under a name', `rows:\n${written((a, b) => `  - input_text: ${a}\n    output_text: ${b}\n`)}`],
    ['documents', written((a, b) => `---\ninput_text: ${a}\noutput_text: ${b}\n`)],
    ['a comment first', `# rows\n- input_text: a\n  output_text: b\n`],
    ['dashes alone', `-\n  input_text: a\n  output_text: b\n`],
  ])('YAML with %s is told as that', (_name, file) => {
    expect(checkBytes(file).issues.listed).toMatchObject([{ fields: { fault: 'yaml' } }]);
  });

  test('a chat of Telegram is questions and answers once its remedy was carried out with the name in it', () => {
    const { file } = SAMPLES.telegram;
    for (const text of [file, JSON.stringify({ chats: { list: [JSON.parse(String(file))] } })]) {
      const remedy = remedyOf(text).remedy.replace('"ASKS"', '"Anna"');
      const [first = '', ...more] = followRemedy(remedy, text).toString().trimEnd().split('\n');
      expect(JSON.parse(first)).toEqual({
        question: objects[0]?.input_text,
        answer: `${objects[0]?.output_text}!`,
      });
      expect(more).toHaveLength(119);
    }
  });

  test('a chat is a file of dialogues once its remedy was carried out with the names in it', () => {
    const { file } = SAMPLES.chat_log;
    const remedy = remedyOf(file).remedy.replace('^ASKS', '^Anna').replace('^ANSWERS', '^Ben');
    const dialogues = followRemedy(remedy, file).toString();
    expect(dialogues.split('\n').slice(0, 4)).toEqual([
      `User: ${objects[0]?.input_text}`,
      `Assistant: ${objects[0]?.output_text}`,
      '',
      `User: ${objects[1]?.input_text}`,
    ]);
    expect(containerIn(dialogues)).toEqual({ kind: 'paragraphs' });
  });
});

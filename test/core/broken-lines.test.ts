import { describe, expect, test } from 'vitest';
import { containerOf } from '../../shared/core/dataset/containers/recognise.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkBytes, lines, textLine } from './dataset-samples.ts';
import { corrected } from './fix-samples.ts';

const SOUND = lines(20, textLine);
const file = (...all: string[]) => `${[...SOUND, ...all].join('\n')}\n`;
const toldOf = (text: string, options = {}) =>
  checkBytes(text, options)
    .issues.listed.filter(({ code }) => code !== 'dataset_few_examples')
    .map(reportIssue);
const BY_COMMAND = /npx tunedrop fix DIR$/;

describe('a line feed inside of a text', () => {
  const written = (text: string) => `{"input_text": "Three lines?", "output_text": "${text}"}`;

  test.each([
    ['one', 'Yes,\nit is.', 1],
    ['several', 'Yes,\nit "is"\n{"a": 1}.'.replaceAll('"', '\\"'), 2],
    ['a blank line', 'Yes,\n\nit is.', 2],
    ['the end of a line of Windows', 'Yes,\r\nit is.', 1],
    ['a line feed behind a long line', `${'word '.repeat(20_000)}\nit is.`, 1],
    ['a line feed between two long lines', `Yes:\n${'word '.repeat(20_000)}\nit is.`, 2],
    ['a bracket at the end of the line', 'Yes {a}\nit is.', 1],
  ])('is told once, at the first line, and corrected: %s', async (_name, text, feeds) => {
    const broken = file(written(text), ...lines(3, (n) => textLine(n + 50)));
    const [issue, ...others] = toldOf(broken);
    expect(issue).toMatchObject({
      code: 'line_not_json',
      line: 21,
      remedy: expect.stringMatching(BY_COMMAND),
    });
    expect(issue?.found).toContain('a text that goes on over the next lines');
    expect(others).toEqual([]);
    const { text: copy, corrections } = await corrected(broken);
    expect(corrections).toContain('line_feed_inside 21');
    expect(corrections).not.toContain('blank_line 22');
    const output: string = JSON.parse(copy.split('\n')[20] ?? '').output_text;
    expect(output.split('\n')).toHaveLength(feeds + 1);
    expect(copy.trimEnd().split('\n')).toHaveLength(24);
    expect((await corrected(copy)).corrections).toEqual([]);
    expect(checkBytes(broken).statistics.examples).toBe(24);
  });

  test.each([
    ['a quote that is missing', '{"input_text": "a, "output_text": "b"}'],
    ['a text that does not end', '{"input_text": "a'],
    ['an object that goes on outside of its texts', '{"input_text": "a\nb"\n"output_text": "c"}'],
  ])('is not seen in %s: the lines below are read as they are', async (_name, line) => {
    const broken = file(line, textLine(90), textLine(91));
    const told = toldOf(broken);
    expect(told.some(({ found }) => found.includes('goes on over'))).toBe(false);
    expect(told.length).toBeGreaterThan(0);
    expect(checkBytes(broken).statistics.examples).toBe(22 + line.split('\n').length);
    expect((await corrected(broken)).text).toBe(broken);
  });
});

describe('a file that was cut short', () => {
  const cut = file().slice(0, -20);
  const array = `[\n${SOUND.join(',\n')}`;

  test.each([
    ['within its last line', cut, {}, 'within an example'],
    ['within the last element', array.slice(0, -20), { container: { kind: 'array' } }, 'within an example'],
    ['behind its last element', array, { container: { kind: 'array' } }, 'before the end of the list'],
    ['behind a comma', `${array},\n`, { container: { kind: 'array' } }, 'before the end of the list'],
    [
      'in an object',
      `{"a": ${array}`,
      { container: { kind: 'list', name: 'a' } },
      'before the end of the list',
    ],
  ])('is told once, as that: %s', async (_name, text, options, found) => {
    const [issue, ...others] = toldOf(text, options);
    expect(issue).toMatchObject({ code: 'line_not_json', found: expect.stringContaining(found) });
    expect(issue?.remedy).toContain('Download or export the file again');
    expect(others).toEqual([]);
  });

  test('is none where another line follows', () => {
    const told = toldOf(file('{"input_text": "a', textLine(90)));
    expect(told.map(({ found }) => found)).toEqual(['a text without its closing quote at column 18']);
  });
});

test.each([
  ['two examples', `${textLine(91)}${textLine(92)}`],
  ['two with a comma', `${textLine(91)}, ${textLine(92)}`],
  ['an object of Python', "{'input_text': 'a', 'output_text': 'b'}"],
  ['an object of JavaScript', "{input_text: 'a', output_text: `b`, /* sure */}"],
  ['a comma too many', '{"input_text": "a", "output_text": "b",}'],
  ['JSON of JSON', JSON.stringify(textLine(91))],
])('%s among lines: the remedy names the command, which corrects it', async (_name, line) => {
  const broken = file(line);
  const [issue, ...others] = toldOf(broken);
  expect(issue).toMatchObject({ line: 21, remedy: expect.stringMatching(BY_COMMAND) });
  expect(others).toEqual([]);
  expect(toldOf((await corrected(broken)).text)).toEqual([]);
});

test.each([
  ['a path in a text of JSON', '{"input_text": "C:\\temp\\0", "output_text": "b"}'],
  ['half an object', '{"input_text": "a", "output_text": }'],
  ['code in an object', '{input_text: "a" + "b", output_text: call()}'],
  ['a text with something put in', `{input_text: "a", output_text: \`b $\{c}\`}`],
])('%s: the remedy names no command', (_name, line) => {
  expect(toldOf(file(line))[0]?.remedy).not.toMatch(BY_COMMAND);
});

describe('what is around examples', () => {
  const rows = SOUND.map((line) => JSON.parse(line) as { input_text: string; output_text: string });
  const isKnown = (record: object) => 'input_text' in record;
  const read = (text: string) => {
    const container = containerOf(Buffer.from(text), isKnown);
    return { container, told: toldOf(text, { container }), fixed: corrected(text) };
  };
  const table = (...above: string[]) =>
    [...above, 'input_text,output_text', ...rows.map((row) => `"${row.input_text}",${row.output_text}`)].join(
      '\n',
    );
  const whole = `${SOUND.join('\n')}\n`;
  const asJson = (text = '') =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  test.each([
    ['a title', table('Questions of 2026', '', 'Made by hand'), ['table_above_header'], 'above_header'],
    ['a title with empty cells', table('Questions of 2026,', ','), ['table_above_header'], 'above_header'],
    [
      'names of columns again',
      `${table()}\ninput_text,output_text\n`,
      ['table_header_again'],
      'header_again 22',
    ],
    [
      'names for examples',
      JSON.stringify(Object.fromEntries(rows.map((row, at) => [`q${at}`, row]))),
      [],
      'container',
    ],
    ['numbers for examples', JSON.stringify({ ...rows }, null, 2), [], 'container'],
    [
      'notes beside examples',
      JSON.stringify({ version: 1, ...rows }),
      ['dataset_beside_list'],
      'beside_list',
    ],
  ])('%s: it is read, what is left out is said, and fix writes lines', async (_name, text, codes, kind) => {
    const { told, fixed } = read(text.replace('input_text,output_text', 'Input_Text,output_text'));
    expect(told.map(({ code }) => code)).toEqual(codes);
    const { text: copy, corrections } = await fixed;
    expect(corrections).toContain(kind);
    expect(asJson(copy)).toEqual(rows);
  });

  test('two rows of names are no example', async () => {
    const text = ['Input,Output', 'question,answer', 'Hot?,Yes', 'Cold?,No'].join('\n');
    const { text: copy, corrections } = await corrected(text);
    expect(asJson(copy)).toEqual([
      { input: 'Hot?', output: 'Yes' },
      { input: 'Cold?', output: 'No' },
    ]);
    expect(corrections).toContain('header_again 2');
  });

  test('a table of Markdown without bars around it has no example in its rule', async () => {
    const text = ['question | answer', '--- | ---', 'Hot? | Yes', 'Cold? | No'].join('\n');
    const { text: copy } = await corrected(text, {});
    expect(asJson(copy)).toEqual([
      { question: 'Hot?', answer: 'Yes' },
      { question: 'Cold?', answer: 'No' },
    ]);
  });

  test.each([
    ['another array', `${JSON.stringify(rows, null, 1)}\n${JSON.stringify(rows, null, 1)}`],
    ['a line', `${JSON.stringify(rows, null, 1)}\n${textLine(99)}\n`],
    ['words', `${JSON.stringify({ data: rows }, null, 1)}\nThe end.\n`],
  ])('%s behind a list is no part of it, and never left out without a word', async (_name, text) => {
    const { told, fixed } = read(text);
    expect(told.map(({ found }) => found)).toEqual([expect.stringContaining('behind the end of the list')]);
    expect((await fixed).why).toContain('behind the end of the list');
  });

  test.each([
    [
      'columns',
      { input_text: rows.map((row) => row.input_text), output_text: rows.map((row) => row.output_text) },
    ],
    [
      'rows without names',
      { columns: ['input_text', 'output_text'], data: rows.map((row) => [row.input_text, row.output_text]) },
    ],
  ])('%s are written as lines', async (_name, value) => {
    expect((await corrected(JSON.stringify(value))).text).toBe(
      whole.replaceAll('": ', '":').replaceAll(', "', ',"'),
    );
  });

  test('long columns are told by their beginning, and columns of different lengths stay as they are', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `Is tea number ${at} hot?`);
    const text = JSON.stringify({ input_text: many, output_text: many });
    expect(toldOf(text).map(({ found }) => found)).toEqual([expect.stringContaining('columns')]);
    expect((await corrected(text)).text.split('\n')).toHaveLength(20_001);
    const uneven = JSON.stringify({ input_text: ['a', 'b'], output_text: ['c'] });
    expect((await corrected(uneven)).text).toBe(`${uneven}\n`);
  });

  test.each([
    ['const data = [', '];'],
    ['module.exports = [', '];'],
    ['data = [', ']'],
    ['export const data: Example[] = [', '] as const;'],
  ])('a list in code is written as lines: %s', async (begin, end) => {
    const text = `${begin}\n${rows.map((row) => `  { input_text: ${JSON.stringify(row.input_text)}, output_text: '${row.output_text}' },`).join('\n')}\n${end}\n`;
    expect(asJson((await corrected(text)).text)).toEqual(rows);
  });
});

import { describe, expect, test } from 'vitest';
import { toldOf } from './told.ts';

const ROWS = Array.from(
  { length: 120 },
  (_, index) => [`Is tea ${index} hot?`, `Cup ${index}, yes`] as const,
);
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const table = (header: string, row: (asked: string, answered: string, index: number) => string) =>
  [header, ...ROWS.map(([asked, answered], index) => row(asked, answered, index))]
    .map((line) => `${line}\r\n`)
    .join('');
const talk = (asked: string, answered: string) => [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
];
const inCell = (value: unknown) => quoted(JSON.stringify(value));

describe('a table as programs write it', () => {
  test.each([
    [
      'the separator of Excel above it',
      `sep=;\r\n${table('prompt;completion', (asked, answered) => `${asked};${answered}`)}`,
      'prompt_completion',
    ],
    [
      'empty columns behind the others',
      table('prompt,completion,,', (asked, answered) => `${asked},${quoted(answered)},,`),
      'prompt_completion',
    ],
    [
      'the index of pandas',
      table(',prompt,completion', (asked, answered, index) => `${index},${asked},${quoted(answered)}`),
      'prompt_completion',
    ],
    [
      'the index of pandas, read and written once more',
      table(
        'Unnamed: 0,prompt,completion',
        (asked, answered, index) => `${index},${asked},${quoted(answered)}`,
      ),
      'prompt_completion',
    ],
    [
      'messages in its cells',
      table('messages', (...said) => inCell(talk(said[0], said[1]))),
      'chat_messages',
    ],
    [
      'messages in its cells, beside an id',
      table('id,messages', (asked, answered, index) => `${index},${inCell(talk(asked, answered))}`),
      'chat_messages',
    ],
    [
      'messages as Python shows them in its cells',
      table('id,messages', (asked, answered, index) =>
        [
          index,
          quoted(
            `[{'role': 'user', 'content': "${asked}"}, {'role': 'assistant', 'content': '${answered}', 'x': None}]`,
          ),
        ].join(','),
      ),
      'chat_messages',
    ],
    [
      'contents in its cells',
      table('contents', (asked, answered) =>
        inCell([
          { role: 'user', parts: [{ text: asked }] },
          { role: 'model', parts: [{ text: answered }] },
        ]),
      ),
      'contents',
    ],
  ])('is read: %s', async (_name, text, form) => {
    const { issues, conversions, statistics } = await toldOf(text);
    expect(issues.filter(({ severity }) => severity !== 'advice')).toEqual([]);
    expect(conversions.dataset_uri).toMatchObject({ from: form, losses: [] });
    expect(statistics.dataset_uri).toMatchObject({ examples: 120 });
  });

  test('of Markdown has no white space around its texts', async () => {
    const markdown = table(
      '| prompt | completion |\n| --- | --- |',
      (asked, answered) => `| ${asked} | ${answered} |`,
    );
    const plain = table('prompt|completion', (asked, answered) => `${asked}|${answered}`);
    const [one, other] = [await toldOf(markdown), await toldOf(plain)];
    expect(one.statistics.dataset_uri).toMatchObject({
      inputCharacters: other.statistics.dataset_uri?.inputCharacters,
      outputCharacters: other.statistics.dataset_uri?.outputCharacters,
    });
  });

  test('takes no turns out of what is no JSON', async () => {
    const { codes } = await toldOf(
      table('id,messages', (_asked, _answered, index) => `${index},"[{'role': 'user'}]"`),
    );
    expect(codes).toEqual(['table_columns_unknown']);
  });

  test('names what stands in a column without a name as a field that would be lost', async () => {
    const { issues } = await toldOf(table('prompt,completion,', (asked) => `${asked},Yes,seen`));
    const [lost] = issues.filter(({ severity }) => severity === 'error');
    expect(lost).toMatchObject({ code: 'conversion_loses', found: expect.stringContaining('column_3') });
  });
});

describe('a table without a header', () => {
  test.each([
    ['commas', ROWS.map(([asked, answered]) => `${asked},${quoted(answered)}\r\n`).join('')],
    ['tabs', ROWS.map(([asked, answered]) => `${asked}\t${answered}\n`).join('')],
  ])('is told once what belongs above it: %s', async (_name, text) => {
    const { issues } = await toldOf(text);
    expect(issues).toMatchObject([
      {
        ...{ code: 'table_columns_unknown', found: 'a table with the columns number 1, number 2' },
        remedy: expect.stringContaining(
          'Where the first row is an example and not the names, put them above it',
        ),
      },
    ]);
    const followed = await toldOf(`prompt${text.includes('\t') ? '\t' : ','}completion\n${text}`);
    expect(followed.codes).toEqual(['dataset_converted']);
  });

  test('has perhaps a title in its place, which is left out', async () => {
    const { codes } = await toldOf(
      `Tea of 2024,\r\n${table('prompt,completion', (asked) => `${asked},Yes`)}`,
    );
    expect(codes).toContain('table_above_header');
    expect(codes).not.toContain('table_columns_unknown');
  });

  test('is not seen in prose', async () => {
    const prose =
      'All happy families are alike, they say.\nEach unhappy one is so in its way.\nNone is here.\n';
    expect((await toldOf(prose)).codes).not.toContain('table_columns_unknown');
  });
});

import { describe, expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';
import { toldOf } from './told-of-data.ts';

const RECORDS = Array.from({ length: 120 }, (_, at) => ({
  messages: [
    { role: 'user', content: `How much is ${at} and one?` },
    { role: 'assistant', content: `It is ${at + 1}.` },
  ],
}));
const withBroken = (write: (record: object) => string, broken: string) => RECORDS.map(write).with(60, broken);

const LISTS = [
  {
    name: 'an array of a line each',
    text: `[\n${withBroken((one) => JSON.stringify(one), '{"messages": [}').join(',\n')}\n]\n`,
    line: 62,
  },
  {
    name: 'a list in an object',
    text: `{"data": [\n${withBroken((one) => JSON.stringify(one), '{"messages": [}').join(',\n')}\n]}\n`,
    line: 62,
  },
  {
    name: 'records laid out over lines',
    text: withBroken((one) => JSON.stringify(one, null, 1), '{\n "messages": [}').join('\n'),
    line: JSON.stringify(RECORDS[0], null, 1).split('\n').length * 60 + 2,
  },
];

describe.each(LISTS)('a broken record in the midst of $name', ({ text, line }) => {
  test('is told at its line, and nothing that follows from it', async () => {
    expect((await toldOf(text)).codes).toEqual([`line_not_json ${line}`]);
  });

  test('is told by the correction in the words of the check', async () => {
    const [issue] = (await toldOf(text)).issues;
    const fixed = await corrected(text);
    expect(fixed).toMatchObject({ why: `Line ${line}: ${issue?.message} ${issue?.remedy}` });
  });
});

test('of a list that was cut off between two records, that is told', async () => {
  const text = `[\n${RECORDS.map((one) => JSON.stringify(one)).join(',\n')},\n`;
  expect((await toldOf(text)).errors).toEqual(['line_not_json 122']);
});

/** What may be wrong with a record so that its brackets do not close, or close too early. */
const BREAKS: readonly [string, (record: string) => string][] = [
  ['a brace that is missing', (record) => record.slice(0, -1)],
  ['a brace too many', (record) => `${record}}`],
  ['a quote within a text', (record) => record.replace('It is', 'It "is')],
  ['a text without its end', (record) => record.replace('."', '.')],
  ['a text without its beginning', (record) => record.replace('"It', 'It')],
  ['a bracket that is missing', (record) => record.replace(']', '')],
];

const AROUND: readonly [string, (records: string[]) => string][] = [
  ['an array', (records) => `[\n${records.join(',\n')}\n]\n`],
  ['an array with white space before each', (records) => `[\n  ${records.join(',\n  ')}\n]\n`],
  ['a list in an object', (records) => `{"n": 1, "data": [\n${records.join(',\n')}\n]}\n`],
];

describe.each(BREAKS)('a record with %s', (_name, broken) => {
  test.each(AROUND)(
    'in the midst of %s ends the reading of itself alone, in chunks of any size',
    async (_name, write) => {
      const pair = (at: number) => ({ question: [`How much is ${at} and one?`], answer: `It is ${at + 1}.` });
      const rows = Array.from({ length: 120 }, (_, at) =>
        JSON.stringify({ ...pair(at), question: `${at} and one?` }),
      );
      const talks = RECORDS.map((one) => JSON.stringify(one));
      for (const all of [rows, talks]) {
        const breaks = (at: number) => broken(all[at] ?? '') !== all[at] && [30, 60, 61].includes(at);
        const text = write(all.map((one, at) => (breaks(at) ? broken(one) : one)));
        const { errors, statistics } = await toldOf(text);
        const expected = all.flatMap((_, at) => (breaks(at) ? [`line_not_json ${at + 2}`] : []));
        expect(errors).toEqual(expected);
        expect(statistics.dataset_uri?.examples).toBeGreaterThanOrEqual(120);
        expect((await toldOf(text, undefined, 7)).errors).toEqual(expected);
      }
    },
  );
});

test('records whose objects stand at the beginning of lines are sound', async () => {
  const talk = RECORDS.map(
    ({ messages }) => `{"messages": [\n${messages.map((one) => JSON.stringify(one)).join(',\n')}\n]}`,
  );
  const nested = RECORDS.map(
    (_, at) => `{"question": "${at}", "answer": "b", "more": [\n{"question": "c"},\n{"question": "d"}\n]}`,
  );
  expect((await toldOf(`[\n${talk.join(',\n')}\n]`)).errors).toEqual([]);
  const { statistics, codes } = await toldOf(`[\n${nested.join(',\n')}\n]`);
  expect(codes.filter((code) => code.startsWith('line_not_json'))).toEqual([]);
  expect(statistics.dataset_uri?.examples).toBe(120);
});

test('where the next record is not to be found, it is said how many were read', async () => {
  const rows = RECORDS.map((one) => JSON.stringify(one)).with(60, '{"messages": [{"a": "b}]}');
  const { issues } = await toldOf(`[${rows.join(', ')}]`);
  expect(issues).toMatchObject([
    { found: expect.stringContaining('60 records could be read, and nothing behind it') },
  ]);
  const [first = ''] = rows;
  expect((await toldOf(`[${first}, ${first.slice(0, -20)}`)).issues[0]?.found).not.toContain('behind it');
});

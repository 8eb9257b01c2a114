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

import { describe, expect, test } from 'vitest';
import { dataReadOf } from '../../shared/core/tuning/data-read.ts';
import { checkData } from '../../shared/flows/check-data.ts';

/** Vertex AI names these examples of what the job reads. */
const NAMED = [2, 7, 9];
const STATS = { truncatedSample: NAMED, droppedSample: [], droppedReasons: [] };

const row = (index: number) => ({ question: `What is ${index}?`, answer: `It is ${index}.` });
const ROWS = Array.from({ length: 12 }, (_, index) => row(index + 1));
const jsonOf = (rows: readonly object[]) => rows.map((one) => JSON.stringify(one));

/** What the document says of them. */
async function readOf(text: string) {
  const chunks = (async function* () {
    yield Buffer.from(text);
  })();
  const file = { key: 'dataset_uri', uri: 'train', chunks } as const;
  const draft = { base_model: 'gemini-2.5-flash', convert: true } as const;
  const { statistics } = await checkData(draft, [file], { onIssue: () => {} });
  return dataReadOf(STATS, statistics.dataset_uri);
}

/** The line of a text that has these words. */
const lineWith = (text: string, words: string) => text.slice(0, text.indexOf(words)).split('\n').length;

describe('an example that Vertex AI names by its number is told with the line of the upload where it begins', () => {
  const cells = ROWS.map(({ question, answer }) => `"${question}\n?",${answer}`);
  test.each<[what: string, text: string, before: number]>([
    ['of lines', jsonOf(ROWS).join('\n'), 0],
    ['of lines with blank ones', `\n${jsonOf(ROWS).join('\n\n')}\n`, 0],
    ['of an array with a record a line', `[${jsonOf(ROWS).join(',\n')}\n]`, 0],
    ['of an array with brackets of their own', `[\n${jsonOf(ROWS).join(',\n')}\n]\n`, 0],
    ['of an array that is laid out', JSON.stringify(ROWS, null, 2), 1],
    ['of a list in an object', JSON.stringify({ name: 'x', data: ROWS }, null, 2), 1],
    ['of a table with quoted line feeds', ['question,answer', ...cells].join('\n'), 0],
  ])('%s', async (_, text, before) => {
    const expected = NAMED.map((example) => lineWith(text, `What is ${example}?`) - before);
    expect(await readOf(text)).toMatchObject({ sampleLines: expected, sampleExamples: undefined });
  });

  test('where the conversion leaves examples out', async () => {
    const call = { role: 'assistant', tool_calls: [{ function: { name: 'brew', arguments: '{}' } }] };
    const leftOut = { messages: [{ role: 'user', content: 'Tea' }, call] };
    const chats = ROWS.map(({ question, answer }) => ({
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: answer },
      ],
    }));
    const text = jsonOf(chats.flatMap((chat, index) => (index % 3 === 0 ? [leftOut, chat] : [chat]))).join(
      '\n',
    );
    const expected = NAMED.map((example) => lineWith(text, `What is ${example}?`));
    expect(await readOf(text)).toMatchObject({ sampleLines: expected });
  });
});

test.each([
  ['one line', JSON.stringify(ROWS)],
  [
    'two records a line',
    `[${jsonOf(ROWS)
      .join(',')
      .replaceAll(/(\},.*?\}),/g, '$1,\n')}]`,
  ],
  ['two records on the first line alone', `[${jsonOf(ROWS).join(',\n').replace('\n', '')}\n\n]`],
])('of an array on %s their numbers are told', async (_, text) => {
  expect(await readOf(text)).toMatchObject({ sampleLines: undefined, sampleExamples: NAMED });
});

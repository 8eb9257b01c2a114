import { describe, expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

const unknownIn = async (file: string) => {
  const errors = (await toldOf(file)).issues.filter(({ severity }) => severity === 'error');
  expect(errors).toMatchObject([{ code: 'dataset_unknown_form' }]);
  return errors[0]?.remedy ?? '';
};
const linesOf = (bytes: Buffer) =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('conversations of a desk for tickets', () => {
  const talk = (at: number) => ({
    conversation: [
      { role: 'user', content: `Is tea ${at} hot?\nWell?` },
      { role: 'assistant', content: `Yes ${at}` },
    ],
  });

  test.each<[string, (at: number) => object]>([
    [
      'Zendesk',
      (at) => ({
        ...{ id: at, subject: 'Tea', description: `Is tea ${at} hot?`, requester_id: 1 },
        comments: [
          { author_id: 1, body: `Is tea ${at} hot?`, public: true },
          { author_id: 2, body: 'He asks again', public: false },
          { author_id: 1, body: 'Well?', public: true },
          { author_id: 2, body: `Yes ${at}`, public: true },
          { author_id: 1, body: 'Thanks', public: true },
        ],
      }),
    ],
    [
      'Intercom',
      (at) => ({
        ...{ type: 'conversation', id: `${at}` },
        source: { type: 'conversation', body: `<p>Is tea ${at} hot?</p>`, author: { type: 'user' } },
        conversation_parts: {
          conversation_parts: [
            { part_type: 'comment', body: '<p>Well?</p>', author: { type: 'lead' } },
            { part_type: 'note', body: '<p>He asks again</p>', author: { type: 'admin' } },
            { part_type: 'assignment', body: null, author: { type: 'admin' } },
            { part_type: 'comment', body: `<p>Yes ${at}</p>`, author: { type: 'admin' } },
          ],
        },
      }),
    ],
  ])('%s: the command writes them as conversations', async (_name, row) => {
    const file = rowsOf(120, row);
    const fixed = followRemedy(await unknownIn(file), file);
    expect(linesOf(fixed)).toEqual(Array.from({ length: 120 }, (_, at) => talk(at)));
    expect((await toldOf(fixed)).codes).toEqual(['dataset_converted']);
  });
});

test('a chat of Discord is questions and answers once its remedy was carried out with the name in it', async () => {
  const said = (name: string, content: string) => ({ id: '1', type: 'Default', content, author: { name } });
  const messages = [said('Anna', 'Hot?'), said('Ben', 'Yes'), said('Ben', 'very'), said('Anna', 'Thanks')];
  const file = JSON.stringify({ guild: { id: '1' }, channel: { id: '2' }, messages, messageCount: 4 });
  const remedy = (await unknownIn(file)).replace('"ASKS"', '"Anna"');
  expect(linesOf(followRemedy(remedy, file))).toEqual([{ question: 'Hot?', answer: 'Yes\nvery' }]);
});

test.each([
  ['completions', 'scores', [0.1, 0.9]],
  ['completions', 'rewards', [-1, 0]],
  ['responses', 'ranks', [2, 1]],
])('of several answers in %s the best by %s is kept', async (answers, beside, marks) => {
  const file = rowsOf(120, (at) => ({
    prompt: `Hot ${at}?`,
    [answers]: ['no', `yes ${at}`],
    [beside]: marks,
  }));
  const fixed = followRemedy(await unknownIn(file), file);
  expect(linesOf(fixed)[5]).toEqual({ question: 'Hot 5?', answer: 'yes 5' });
  expect((await toldOf(fixed)).codes).toEqual(['dataset_converted']);
});

test.each([
  ['spans', [[0, 3, 'ORG']]],
  ['judgements of steps', [true, false]],
])('%s are not said to be what is answered', async (_name, label) => {
  expect(await unknownIn(rowsOf(120, (at) => ({ text: `Tea ${at}`, label })))).not.toContain(
    'answer: ."label"',
  );
});

test('anchors and positives are for an embedding model', async () => {
  const file = rowsOf(120, (at) => ({ anchor: `Hot ${at}?`, positive: `Yes ${at}`, negative: 'No' }));
  expect(await unknownIn(file)).toContain('"base_model": "text-embedding-005"');
});

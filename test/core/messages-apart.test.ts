import { describe, expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

const said = (role: string, content: string) => ({ role, content });
const talk = (at: number) => [said('user', `How warm is tea ${at}?`), said('assistant', `hot ${at}`)];

/** Messages of 120 conversations, each a record, with the fields of its place. */
const apart = (more: (at: number, turn: number) => object, roles = ['user', 'assistant'], text = 'content') =>
  Array.from({ length: 120 }, (_, at) =>
    talk(at).map(({ content }, turn) => ({ role: roles[turn], [text]: content, ...more(at, turn) })),
  ).flat();

const thread = (value: string) => [{ type: 'text', text: { value, annotations: [] } }];

const KINDS: [name: string, records: object[]][] = [
  [
    'a tree, as oasst has it',
    apart(
      (at, turn) => ({
        ...{ message_id: `${turn}-${at}`, parent_id: turn === 0 ? null : `0-${at}`, lang: 'en' },
        ...{ message_tree_id: `0-${at}`, rank: turn === 0 ? null : 0, deleted: false },
      }),
      ['prompter', 'assistant'],
      'text',
    ).flatMap((one) =>
      one.role === 'assistant' ? [one, { ...one, message_id: 'other', text: 'No', rank: 1 }] : one,
    ),
  ],
  [
    'threads of OpenAI',
    apart((at, turn) => ({
      ...{ id: `m${at}-${turn}`, object: 'thread.message', thread_id: `t${at}`, created_at: 5 - turn },
      content: thread(talk(at)[1 - turn]?.content ?? ''),
      role: ['assistant', 'user'][turn],
    })),
  ],
  [
    'Slack',
    apart(
      (at, turn) => ({
        ...{ type: 'message', role: undefined, user: `U${turn}` },
        ...{ ts: `${1_700_000_000 + at * 2 + turn}.0`, thread_ts: `${1_700_000_000 + at * 2}.0` },
      }),
      [],
      'text',
    ),
  ],
  ['rows of a data base', apart((at) => ({ conversation_id: at }))],
  [
    'rows of a data base by their numbers',
    apart((at, turn) => ({ session_id: `s${at}`, turn })).toReversed(),
  ],
  ['rows that begin with who asks', apart(() => ({}))],
];

const errorsIn = async (text: string | Buffer) => {
  const { issues, conversions } = await toldOf(text);
  return { errors: issues.filter(({ severity }) => severity === 'error'), conversions };
};

describe.each(KINDS)('messages one a record: %s', (_name, records) => {
  test.each([
    ['lines', rowsOf(records.length, (at) => records[at])],
    ['an array', JSON.stringify(records, null, 2)],
  ])('in %s are told once, and the command puts the conversations together', async (_way, file) => {
    const { errors } = await errorsIn(file);
    expect(errors).toMatchObject([{ code: 'dataset_messages_apart' }]);
    const [told] = errors;
    const followed = followRemedy(told?.remedy ?? '', file);
    const rows = followed
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(120);
    expect(rows).toContainEqual({
      conversation: talk(7).map(({ role, content }) => ({
        role: role === 'user' ? expect.stringMatching(/^(?:user|prompter)$/) : role,
        content,
      })),
    });
    const after = await errorsIn(followed);
    expect(after.errors).toEqual([]);
    expect(after.conversions.dataset_uri).toMatchObject({ from: 'conversation', losses: [] });
  });
});

test('questions at the end that nobody answers are left out, as the remedy says', async () => {
  const file = rowsOf(30, (at) => ({
    thread_id: Math.floor(at / 3),
    ...said(at % 3 === 1 ? 'assistant' : 'user', `${at}`),
  }));
  const { errors } = await errorsIn(file);
  const [told = { remedy: '' }] = errors;
  expect(told.remedy).toContain('that nobody answers are left out');
  expect(followRemedy(told.remedy, file).toString().split('\n')[0]).toBe(
    '{"conversation":[{"role":"user","content":"0"},{"role":"assistant","content":"1"}]}',
  );
});

test.each([
  ['one speaker alone', (at: number) => ({ role: 'user', text: `${at}` })],
  ['an answer beside it', (at: number) => ({ role: at % 2 ? 'user' : 'bot', text: `${at}`, label: 'a' })],
  ['a conversation each', (at: number) => ({ session_id: at, role: at % 2 ? 'a' : 'b', text: `${at}` })],
])('records with %s are no such messages', async (_name, row) => {
  const { errors } = await errorsIn(rowsOf(30, row));
  expect(errors.map(({ code }) => code)).not.toContain('dataset_messages_apart');
});

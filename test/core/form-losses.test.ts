import { describe, expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

/** What the conversion of 120 such records would lose, in words; undefined where it loses nothing. */
async function lostOf(row: (index: number) => object) {
  const { issues } = await toldOf(rowsOf(120, row));
  return issues.find(({ code }) => code === 'conversion_loses')?.found;
}

const asked = (index: number) => ({ role: 'user', content: `Is tea ${index} hot?` });
const answered = (index: number) => ({ role: 'assistant', content: `Yes, ${index}.` });
const instruction = { role: 'system', content: 'Be short.' };

test('fields inside of turns are lost by their names', async () => {
  const messages = (index: number) => [asked(index), { ...answered(index), mood_of_answer: 'Tea is hot.' }];
  expect(await lostOf((index) => ({ messages: messages(index) }))).toContain(': messages[].mood_of_answer (');
  const strange = (index: number) => [asked(index), { ...answered(index), 'a secret text': 'x' }];
  expect(await lostOf((index) => ({ messages: strange(index) }))).toContain(': messages[].(a key) (');
});

describe('a system instruction', () => {
  const conversation = (...turns: { role: string; content: string }[]) => ({
    conversations: turns.map(({ role, content }) => ({ from: role, value: content })),
  });
  const moved = 'a system instruction between the turns (120 examples, first on line 1)';

  test('before the turns is no loss', async () => {
    expect(await lostOf((at) => ({ messages: [instruction, asked(at), answered(at)] }))).toBeUndefined();
    expect(await lostOf((at) => conversation(instruction, asked(at), answered(at)))).toBeUndefined();
  });

  test('between them does not go before them without a word', async () => {
    expect(await lostOf((at) => ({ messages: [asked(at), instruction, answered(at)] }))).toContain(moved);
    expect(await lostOf((at) => conversation(asked(at), instruction, answered(at)))).toContain(moved);
  });

  test('that says nothing between them is no loss', async () => {
    const empty = { role: 'system', content: '' };
    expect(await lostOf((at) => ({ messages: [asked(at), empty, answered(at)] }))).toBeUndefined();
  });
});

test('what a model has thought is lost by its name, and is no part of the answer', async () => {
  const rows = rowsOf(120, (index) => ({
    request: { contents: [{ role: 'user', parts: [{ text: `Is tea ${index} hot?` }] }] },
    response: {
      candidates: [
        { content: { role: 'model', parts: [{ text: 'Tea?', thought: true }, { text: `Yes, ${index}.` }] } },
      ],
    },
  }));
  const { issues, statistics } = await toldOf(rows);
  expect(issues.find(({ code }) => code === 'conversion_loses')?.found).toContain(
    ': what the model thought before it answered (120 examples, first on line 1)',
  );
  expect(statistics.dataset_uri?.outputCharacters?.max).toBe('Yes, 119.'.length);
});

describe('thoughts in examples that the model takes as they are', () => {
  const thought = { text: 'Tea?', thought: true };
  const row = (at: number, ...before: object[]) => ({
    contents: [
      { role: 'user', parts: [{ text: `Is tea ${at} hot?` }] },
      { role: 'model', parts: [...before, { text: `Yes, ${at}.` }] },
    ],
  });
  const errorsOf = async (rows: string, manifest: object = {}) =>
    (await toldOf(rows, { manifest })).issues.filter(({ severity }) => severity === 'error');

  test('are lost by the word of the manifest', async () => {
    const rows = rowsOf(120, (at) => row(at, thought));
    expect(await errorsOf(rows)).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('what the model thought') },
    ]);
    const { statistics, issues } = await toldOf(rows, { manifest: { convert: true } });
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(statistics.dataset_uri?.outputCharacters?.max).toBe('Yes, 119.'.length);
  });

  test('are told in a preference, with a command that takes them out', async () => {
    const completion = (score: number, ...parts: object[]) => ({
      score,
      completion: { role: 'model', parts },
    });
    const rows = rowsOf(30, (at) => ({
      contents: [{ role: 'user', parts: [{ text: `Is tea ${at} hot?` }] }],
      completions: [completion(1, thought, { text: `Yes ${at}` }), completion(0, { text: 'No' })],
    }));
    const manifest = { tuning_method: 'preference', base_model: 'gemini-2.5-flash' };
    const [told, ...more] = await errorsOf(rows, manifest);
    expect(more).toEqual([]);
    const path = 'completions[].completion.parts[]';
    expect(told).toMatchObject({ code: 'part_thought', count: 30, path });
    expect(await errorsOf(followRemedy(told?.remedy ?? '', rows).toString(), manifest)).toEqual([]);
  });

  test('their signatures are named as fields that nobody uses', async () => {
    const signed = { text: 'So.', thoughtSignature: 'abc' };
    const { issues } = await toldOf(rowsOf(120, (at) => row(at, signed)));
    expect(issues.find(({ code }) => code === 'dataset_extra_fields')?.found).toBe(
      'contents[].parts[].thoughtSignature in 120 examples',
    );
  });
});

describe('answers of which a label says whether they are good', () => {
  const row = (index: number, label: unknown) => ({
    prompt: `Is tea ${index} hot?`,
    completion: `Yes, ${index}.`,
    label,
  });
  const bad =
    'answers that a field marks as bad, as for KTO (unpaired preferences): label (60 examples, first on line 2)';

  test('are not trained on where they are bad', async () => {
    expect(await lostOf((index) => row(index, index % 2 === 0))).toContain(bad);
    const talk = (index: number) => ({ ...row(index, index % 2 === 0), prompt: [asked(index)] });
    expect(await lostOf(talk)).toContain(bad);
    const { conversions } = await toldOf(
      rowsOf(120, (index) => row(index, index % 2 === 0)),
      {
        manifest: { base_model: 'qwen/qwen3@qwen3-4b' },
      },
    );
    expect(conversions.dataset_uri?.losses).toMatchObject([{ loss: 'unwanted', examples: 60 }]);
  });

  test('lose nothing where all are good', async () => {
    expect(await lostOf((index) => row(index, true))).toBeUndefined();
    expect(await lostOf((index) => row(index, 'tea'))).toContain(': label (');
  });
});

test('rounds before a question are its turns, and anything else by that name is a field', async () => {
  const row = (index: number, history: unknown) => ({
    query: `Is tea ${index} hot?`,
    response: 'Yes.',
    history,
  });
  expect(await lostOf((index) => row(index, [['Tea?', 'Which?']]))).toBeUndefined();
  expect(await lostOf((index) => row(index, []))).toBeUndefined();
  expect(await lostOf((index) => row(index, 'Tea?'))).toContain(': history (');
});

describe('a file beside the texts', () => {
  const left = { manifest: { convert: true } };

  test.each([
    ['image', 'coco/1.jpg'],
    ['image', { bytes: 'iVBORw0', path: 'x.png' }],
    ['images', ['mm/1.jpg']],
    ['audio_path', 'a/1.wav'],
  ])('%s: %j is no field to leave out, but what the example is about', async (field, value) => {
    const rows: ((at: number) => object)[] = [
      (at) => ({ question: `What is ${at}?`, answer: `It ${at}` }),
      (at) => ({ messages: [asked(at), answered(at)] }),
      (at) => ({
        conversations: [
          { from: 'human', value: `<image>\nWhat is ${at}?` },
          { from: 'gpt', value: `It ${at}` },
        ],
      }),
      (at) => ({ question: `What is ${at}?`, choices: ['tea', 'milk'], answer: at % 2 }),
    ];
    for (const row of rows) {
      const file = rowsOf(120, (at) => ({ ...row(at), [field]: at % 2 === 0 ? value : null }));
      expect((await toldOf(file)).issues.find(({ code }) => code === 'conversion_loses')?.found).toContain(
        `or a step of a tool that is no call: ${field} (60 examples, first on line 1)`,
      );
      const { conversions } = await toldOf(file, left);
      expect(conversions.dataset_uri).toMatchObject({ losses: [{ loss: 'unread', examples: 60 }] });
    }
  });

  test('of an open model, too, and a word is none', async () => {
    const open = { manifest: { base_model: 'qwen/qwen3@qwen3-4b' } } as const;
    const row = (image: string) => rowsOf(120, (at) => ({ messages: [asked(at), answered(at)], image }));
    expect((await toldOf(row('a/b.png'), open)).codes).toContain('conversion_loses');
    expect(await lostOf((at) => ({ question: `What ${at}?`, answer: `It ${at}`, image: 'none' }))).toContain(
      'fields that no example of this form has: image',
    );
  });
});

test.each([{}, { manifest: { base_model: 'qwen/qwen3@qwen3-4b' } }] as const)(
  'the channel of an analysis has thoughts, and the final one the answer: %j',
  async (more) => {
    const file = rowsOf(120, (at) => ({
      messages: [
        asked(at),
        { role: 'assistant', channel: 'analysis', content: 'They ask for tea.' },
        { ...answered(at), channel: 'final' },
      ],
    }));
    const { issues } = await toldOf(file, more);
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'conversion_loses' }]);
    expect(errors[0]?.found).toContain(': what the model thought before it answered (120 examples');
  },
);

import { describe, expect, test } from 'vitest';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { rowsOf, toldOf } from './told.ts';

/** What a record is in Gemini's form, and what is told on the way. */
function asGemini(form: FormName, record: Record<string, unknown>) {
  const told: unknown[] = [];
  const note = (...said: unknown[]) => void told.push(said);
  const onUnused = (field: string, place: string) => note(place + field);
  const example = FORMS[form].read(record, { report: note, onUnused });
  const written = example && FORMS.contents.write?.(example);
  return { written: written && JSON.parse(JSON.stringify(written)), told };
}

const turn = (role: string, ...parts: object[]) => ({ role, parts });

describe('contents whose parts are no list of parts', () => {
  const sound = { contents: [turn('user', { text: 'Hot?' }), turn('model', { text: 'Yes' })] };
  const contents = (asked: unknown) => [{ role: 'user', parts: asked }, turn('model', { text: 'Yes' })];
  test.each([
    ['a text', { contents: contents('Hot?') }, sound],
    ['a list of texts', { contents: contents(['Hot?']) }, sound],
    [
      'the content of a message',
      { contents: [{ role: 'user', content: 'Hot?' }, turn('model', { text: 'Yes' })] },
      sound,
    ],
    ['one part', { contents: contents({ text: 'Hot?' }) }, sound],
    [
      'a text as the system instruction',
      { ...sound, systemInstruction: 'Be short.' },
      { systemInstruction: turn('system', { text: 'Be short.' }), ...sound },
    ],
    ['an empty one', { ...sound, system_instruction: '' }, sound],
  ])('are read as what they are: %s', async (_name, record, written) => {
    expect(asGemini('contents', record)).toEqual({ written, told: [] });
    expect(FORMS.contents.isForeign?.(record)).toBe(true);
    const rows = rowsOf(120, (index) => JSON.parse(JSON.stringify(record).replace('Hot?', `Hot ${index}?`)));
    expect((await toldOf(rows)).codes).toEqual(['dataset_no_instructions', 'dataset_converted']);
  });

  test('are foreign in no example that Gemini reads', () => {
    expect(FORMS.contents.isForeign?.(sound)).toBe(false);
    expect(FORMS.contents.isForeign?.({ ...sound, systemInstruction: { parts: [{ text: 'a' }] } })).toBe(
      false,
    );
  });

  test('are told where they hold nothing', () => {
    expect(asGemini('contents', { contents: contents([]) }).told).not.toEqual([]);
    expect(asGemini('contents', { contents: contents(5) }).told).not.toEqual([]);
    const twice = [{ role: 'user', parts: 'Hot?', content: 'Cold?' }, turn('model', { text: 'Yes' })];
    expect(asGemini('contents', { contents: twice }).told).toEqual([['contents[].content']]);
  });
});

describe('parts that Anthropic has', () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'brew', input: { cups: 2 } };
  const result = (content: unknown) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content });
  const messages = (answer: unknown) => [
    { role: 'user', content: 'Two teas' },
    { role: 'assistant', content: [{ type: 'text', text: 'At once.' }, call] },
    { role: 'user', content: [result(answer)] },
    { role: 'assistant', content: 'Here.' },
  ];
  const contents = (response: object) => [
    turn('user', { text: 'Two teas' }),
    turn('model', { text: 'At once.' }, { functionCall: { name: 'brew', args: { cups: 2 } } }),
    turn('user', { functionResponse: { name: 'brew', response } }),
    turn('model', { text: 'Here.' }),
  ];
  const tools = [
    { name: 'brew', description: 'Makes tea', input_schema: { type: 'object', properties: {} } },
  ];

  test.each([
    ['{"done": true}', { done: true }],
    [[{ type: 'text', text: 'done' }], { output: 'done' }],
    [undefined, { output: '' }],
  ])('are calls of functions and their answers: %j', (answer, response) => {
    const { written, told } = asGemini('chat_messages', { messages: messages(answer), tools });
    expect(told).toEqual([]);
    expect(written.contents).toEqual(contents(response));
    expect(written.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'brew', description: 'Makes tea', parameters: { type: 'OBJECT', properties: {} } },
        ],
      },
    ]);
  });

  test('belong to each other by their ids', () => {
    const calls = ['brew', 'pour'].map((name) => ({ ...call, id: name, name }));
    const answers = ['pour', 'brew'].map((id) => ({ ...result(id), tool_use_id: id }));
    const { written } = asGemini('chat_messages', {
      messages: [
        { role: 'user', content: 'Tea' },
        { role: 'assistant', content: calls },
        { role: 'user', content: answers },
        { role: 'assistant', content: 'Here.' },
      ],
    });
    expect(written.contents[2].parts).toMatchObject([
      { functionResponse: { name: 'pour', response: { output: 'pour' } } },
      { functionResponse: { name: 'brew', response: { output: 'brew' } } },
    ]);
  });

  test.each([
    ['an answer with an image', messages([{ type: 'image', source: {} }])],
    ['a call of the user', [{ role: 'user', content: [call] }]],
    ['a call without a name', [{ role: 'assistant', content: [{ ...call, name: undefined }] }]],
    ['a call with other arguments', [{ role: 'assistant', content: [{ ...call, input: 5 }] }]],
  ])('are told where they are none: %s', (_name, list) => {
    const { written, told } = asGemini('chat_messages', { messages: list });
    expect(written).toBeUndefined();
    expect(told).toHaveLength(1);
  });

  test('are written for an open model, which loses them by the word of the manifest alone', async () => {
    const rows = rowsOf(30, (index) => ({
      messages: [...messages('done').slice(0, 3), { role: 'assistant', content: `Here, ${index}.` }],
    }));
    const { issues } = await toldOf(rows, { manifest: { base_model: 'qwen/qwen3@qwen3-4b' } });
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('calls of functions') },
    ]);
  });
});

describe('lists of what was said', () => {
  const hot = [turn('user', { text: 'Hot?' }), turn('model', { text: 'Yes' })];
  const said = (sender: string, text: string) => ({ sender, text, content: [{ type: 'text', text }] });

  test.each([
    ['a text beside its parts', { chat_messages: [said('human', 'Hot?'), said('assistant', 'Yes')] }],
    [
      'parts alone',
      {
        messages: [
          { type: 'human', content: 'Hot?' },
          { type: 'ai', content: [{ type: 'text', text: 'Yes' }] },
        ],
      },
    ],
  ])('have %s', (_name, record) => {
    expect(asGemini('conversation', record)).toEqual({ written: { contents: hot }, told: [] });
  });

  test('are told where a part is no text, or one of several', () => {
    const parts = (content: unknown) => ({
      messages: [
        { type: 'human', content: 'Hot?' },
        { type: 'ai', content },
      ],
    });
    for (const content of [
      [{ type: 'image' }],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      [],
    ])
      expect(asGemini('conversation', parts(content)).told).toMatchObject([['field_wrong_type', {}, {}]]);
  });

  test('that are called turns may be the questions of a benchmark', async () => {
    const rows = rowsOf(120, (index) => ({ turns: [`Is tea ${index} hot?`, 'And coffee?'] }));
    expect((await toldOf(rows)).codes).toEqual(['dataset_unknown_form']);
  });
});

describe('calls in a list of what was said', () => {
  const call = { name: 'brew', args: { cups: 2 }, id: 'c1' };
  const written = {
    contents: [
      turn('user', { text: 'Tea' }),
      turn('model', { functionCall: { name: 'brew', args: { cups: 2 } } }),
      turn('user', { functionResponse: { name: 'brew', response: { output: 'done' } } }),
      turn('model', { text: 'Here.' }),
    ],
  };
  const inside = { function: { name: 'brew', arguments: '{"cups":2}' }, id: 'c1', type: 'function' };
  const messages = (ai: object) => ({
    messages: [
      { type: 'human', content: 'Tea' },
      { type: 'ai', ...ai },
      { type: 'tool', content: 'done', tool_call_id: 'c1' },
      { type: 'AIMessage', content: 'Here.' },
    ],
  });
  test.each([
    ['beside an empty text', { content: '', tool_calls: [call] }],
    ['without a text', { tool_calls: [call], content: null }],
    ['in the words of OpenAI', { content: '', additional_kwargs: { tool_calls: [inside], refusal: null } }],
    ['told twice', { content: '', tool_calls: [call], additional_kwargs: { tool_calls: [inside] } }],
    [
      'in the text’s list, too',
      { content: [{ type: 'tool_use', id: 'c1', name: 'brew', input: { cups: 2 } }], tool_calls: [call] },
    ],
  ])('are read %s', (_name, ai) => {
    expect(asGemini('conversation', messages(ai))).toEqual({ written, told: [] });
  });

  test('may be several in one text of ShareGPT', () => {
    const said = (from: string, value: unknown) => ({
      from,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    });
    const two = [call, { ...call, name: 'pour' }];
    const list = [
      said('human', 'Tea'),
      said('function_call', two),
      said('observation', 'a'),
      said('observation', 'b'),
      said('gpt', 'Here.'),
    ];
    const { written: record, told } = asGemini('sharegpt', { conversations: list });
    expect(told).toEqual([]);
    expect(record.contents[2].parts.map((part: Record<string, unknown>) => part.functionResponse)).toEqual([
      { name: 'brew', response: { output: 'a' } },
      { name: 'pour', response: { output: 'b' } },
    ]);
  });

  test('are told once where they are none, and a message with neither is told as before', () => {
    expect(asGemini('conversation', messages({ content: '', tool_calls: [{ id: 'c1' }] })).told).toHaveLength(
      1,
    );
    expect(asGemini('conversation', messages({ content: '', tool_calls: [] })).told).toMatchObject([
      ['field_empty', {}, { path: 'messages[1].content' }],
    ]);
  });
});

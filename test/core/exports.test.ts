import { describe, expect, test } from 'vitest';
import { chooseFormOf } from '../../shared/core/dataset/forms/choose.ts';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { FORM_SAMPLES } from './form-samples.ts';
import { rowsOf, toldOf } from './told.ts';

/** What a record says by turns, and what is told on the way. */
function read(form: FormName, record: Record<string, unknown>) {
  const told: unknown[] = [];
  const onUnused = (field: string, place: string) => void told.push(place + field);
  const example = FORMS[form].read(record, { report: (code) => void told.push(code), onUnused });
  const said = example?.turns.map(({ role, parts }) => [
    role,
    ...parts.map((part) => (part.kind === 'text' ? part.text : part.kind)),
  ]);
  return { said, told, system: example?.system, hasThoughts: example?.hasThoughts };
}

type Node = [id: string, parent: string | null, role: string, content: object, more?: object];

/** A conversation as ChatGPT exports it. */
function exported(current: string, ...nodes: Node[]) {
  const mapping = Object.fromEntries(
    nodes.map(([id, parent, role, content, more]) => [
      id,
      { id, parent, children: [], message: { author: { role }, content, recipient: 'all', ...more } },
    ]),
  );
  return { title: 'Tea', create_time: 1, mapping, current_node: current };
}
const text = (said: string) => ({ content_type: 'text', parts: [said] });

describe('a conversation that ChatGPT exported', () => {
  test('is the branch that was looked at last, and the others are named', () => {
    const record = exported(
      'a2',
      ['s', null, 'system', text('')],
      ['u', 's', 'user', text('Hot?')],
      ['a1', 'u', 'assistant', text('No')],
      ['a2', 'u', 'assistant', text('Yes')],
    );
    expect(read('chatgpt_export', record)).toMatchObject({
      said: [
        ['user', 'Hot?'],
        ['model', 'Yes'],
      ],
      told: ['mapping.branches'],
    });
    expect(read('chatgpt_export', { ...record, current_node: 'a1' }).said).toContainEqual(['model', 'No']);
  });

  test('tells of thoughts, of what ChatGPT knows of the user, and of steps of its tools', () => {
    const record = exported(
      'a',
      ['c', null, 'user', { content_type: 'user_editable_context', user_profile: 'I like tea' }],
      ['u', 'c', 'user', text('Hot?')],
      ['t', 'u', 'assistant', { content_type: 'thoughts', thoughts: [] }],
      ['x', 't', 'assistant', { content_type: 'code', text: 'measure()' }, { recipient: 'python' }],
      ['r', 'x', 'tool', { content_type: 'execution_output', text: '90' }],
      ['a', 'r', 'assistant', text('Yes')],
    );
    expect(read('chatgpt_export', record)).toMatchObject({
      said: [
        ['user', 'Hot?'],
        ['model', 'unread', 'unread', 'Yes'],
      ],
      told: ['mapping.user_editable_context'],
      hasThoughts: true,
    });
  });

  test('ends where a branch leads in a circle, and is told where nothing is said', () => {
    const circle = exported('b', ['a', 'b', 'user', text('Hot?')], ['b', 'a', 'assistant', text('Yes')]);
    expect(read('chatgpt_export', circle).said).toHaveLength(2);
    expect(read('chatgpt_export', exported('s', ['s', null, 'system', text('')])).told).toEqual([
      'messages_empty',
    ]);
  });
});

test('a prompt of Google AI Studio tells of files and of what the model thought', () => {
  const chunks = [
    { role: 'user', driveImage: { id: 'x' } },
    { role: 'user', text: 'Hot?' },
    { role: 'model', text: 'Let me see.', isThought: true },
    { role: 'model', text: 'Yes', tokenCount: 1 },
  ];
  expect(read('ai_studio', { systemInstruction: {}, chunkedPrompt: { chunks } })).toMatchObject({
    said: [
      ['user', 'unread', 'Hot?'],
      ['model', 'Yes'],
    ],
    ...{ told: [], hasThoughts: true },
  });
});

test('the chunks of a stream are one answer', () => {
  const part = (one: string) => ({ candidates: [{ content: { role: 'model', parts: [{ text: one }] } }] });
  const request = { contents: [{ role: 'user', parts: [{ text: 'Hot?' }] }] };
  expect(read('vertex_batch', { request, response: [part('Ye'), part('s')] }).said).toEqual([
    ['user', 'Hot?'],
    ['model', 'Yes'],
  ]);
});

test.each<[string, object, object]>([
  [
    'OpenAI',
    { messages: [{ role: 'user', content: 'Hot?' }] },
    { choices: [{ message: { role: 'assistant', content: 'Yes' } }] },
  ],
  [
    'Anthropic',
    { messages: [{ role: 'user', content: 'Hot?' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'Yes' }] },
  ],
  [
    'Amazon',
    { messages: [{ role: 'user', content: [{ text: 'Hot?' }] }] },
    { output: { message: { role: 'assistant', content: [{ text: 'Yes' }] } } },
  ],
])('a log of calls has the answer as %s gives it', (_name, request, response) => {
  const turns = [
    ['user', 'Hot?'],
    ['model', 'Yes'],
  ];
  expect(read('openai_batch', { request, response })).toMatchObject({ said: turns, told: [] });
  const logged = { timestamp: 't', input: { inputBodyJson: request }, output: { outputBodyJson: response } };
  expect(read('openai_batch', logged)).toMatchObject({ said: turns, told: [] });
});

const ASKED = [{ role: 'user', content: 'Hot?' }];
const COMPLETION = { choices: [{ index: 0, message: { role: 'assistant', content: 'Yes' } }] };

test.each<[string, FormName, Record<string, unknown>]>([
  ['LiteLLM', 'openai_batch', { model: 'm', messages: ASKED, response: COMPLETION }],
  ['LangSmith', 'openai_batch', { inputs: { messages: ASKED }, outputs: COMPLETION }],
  [
    'LangSmith, with one message',
    'openai_batch',
    { inputs: { messages: ASKED }, outputs: { message: { role: 'assistant', content: 'Yes' } } },
  ],
  ['OpenAI’s store of completions', 'openai_batch', { input: ASKED, ...COMPLETION }],
  ['a task with what is expected', 'openai_batch', { messages: ASKED, reference_answer: 'Yes' }],
  ['OpenAI’s evaluations', 'input_ideal', { input: ASKED, ideal: 'Yes' }],
  [
    'OpenAI’s responses',
    'plain_pair',
    {
      input: ASKED,
      output: [
        { type: 'reasoning', summary: [] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes' }] },
      ],
    },
  ],
])('messages with the answer in another field, as %s has them', (_name, form, record) => {
  expect(formOfRecord(record)).toBe(form);
  expect(read(form, record)).toMatchObject({
    said: [
      ['user', 'Hot?'],
      ['model', 'Yes'],
    ],
    told: [],
  });
});

test('what the model says last is the answer, whatever stands beside it', () => {
  const messages = [...ASKED, { role: 'assistant', content: 'Yes' }];
  expect(formOfRecord({ messages, answer: 'No' })).toBe('chat_messages');
  expect(formOfRecord({ messages: ASKED, reference_answer: { grade: 1 } })).toBe('chat_messages');
});

test.each<[FormName, (rows: object[]) => string]>([
  ['chatgpt_export', (rows) => JSON.stringify(rows)],
  ['ai_studio', (rows) => JSON.stringify(rows[0], null, 2)],
  ['rounds', (rows) => JSON.stringify(rows, null, 2)],
])('a file of %s is converted as it comes', async (form, file) => {
  const rows = Array.from({ length: 120 }, (_, index) => FORM_SAMPLES[form](index));
  const { issues, conversions } = await toldOf(file(rows));
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(conversions.dataset_uri).toMatchObject({ from: form, losses: [] });
});

const errorsOf = async (text: string, manifest: object = {}) =>
  (await toldOf(text, { manifest })).issues.filter(({ severity }) => severity === 'error');

describe('exports that are no examples', () => {
  const many = (one: (index: number) => object) => Array.from({ length: 30 }, (_, index) => one(index));
  test.each<[string, object]>([
    [
      'Intercom',
      {
        type: 'conversation.list',
        conversations: many((id) => ({ id, source: { body: 'Hot?' }, conversation_parts: {} })),
      },
    ],
    [
      'Discord',
      { guild: { id: '1' }, messages: many((id) => ({ id, content: 'Hot?', author: { name: 'Anna' } })) },
    ],
  ])('are told once, and no field of them is asked for: %s', async (_name, file) => {
    for (const text of [JSON.stringify(file), JSON.stringify(file, null, 2)]) {
      const [told, ...more] = await errorsOf(text);
      expect(more).toEqual([]);
      expect(told).toMatchObject({
        code: 'dataset_unknown_form',
        remedy: expect.stringContaining('Write what'),
      });
    }
  });

  test('of preferences are told with the form of those', async () => {
    const rows = rowsOf(30, (index) => ({
      instruction: `Tea ${index}?`,
      completions: [{ response: 'Yes', overall_score: 5 }],
    }));
    const manifest = { tuning_method: 'preference', base_model: 'gemini-2.5-flash' };
    expect(await errorsOf(rows, manifest)).toMatchObject([
      { code: 'dataset_unknown_form', remedy: expect.stringContaining('chosen: ."BETTER"') },
    ]);
  });

  test('of Rasa are YAML, and told with what makes examples of them', async () => {
    const intents = ['greet', 'bye'].map(
      (intent) =>
        `- intent: ${intent}\n  examples: |\n${rowsOf(60, (at) => at).replaceAll(/^(\d+)/gm, `    - ${intent} $1`)}`,
    );
    const [told, ...more] = await errorsOf(`version: "3.1"\nnlu:\n${intents.join('')}`);
    expect(more).toEqual([]);
    expect(told?.found).toContain('YAML');
    expect(told?.remedy).toContain('Rasa');
  });

  test('of a messenger are told as a chat', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => `[01/12/2026, 10:${at + 10}:00] Anna: tea ${at}\n`);
    expect((await errorsOf(rows.join('')))[0]?.found).toContain('an exported chat');
  });
});

describe('rows of those who tune open models', () => {
  const said = (from: string, value: string) => ({ from, value });
  test('have a preference beside a conversation', async () => {
    const rows = rowsOf(30, (at) => ({
      conversations: [said('human', `Tea ${at}?`)],
      ...{ chosen: said('gpt', 'Yes'), rejected: said('gpt', 'No') },
    }));
    const manifest = { tuning_method: 'preference', base_model: 'gemini-2.5-flash' };
    expect(await errorsOf(rows, manifest)).toEqual([]);
  });

  test.each([
    ['label', (at: number) => ({ conversations: [said('human', `Tea ${at}?`), said('gpt', 'Yes')] })],
    ['kto_tag', (at: number) => ({ instruction: `Tea ${at}?`, input: '', output: 'Yes' })],
    [
      'label',
      (at: number) => ({
        messages: [
          { role: 'user', content: `Tea ${at}?` },
          { role: 'assistant', content: 'Yes' },
        ],
      }),
    ],
  ])('say of an answer whether it is a good one: %s %#', async (field, row) => {
    const rows = rowsOf(120, (at) => ({ ...row(at), [field]: at % 2 === 0 }));
    expect(await errorsOf(rows)).toMatchObject([
      {
        code: 'conversion_loses',
        found: expect.stringContaining(`(unpaired preferences): ${field} (60 examples`),
      },
    ]);
  });

  test('are written without those that are judged as bad', async () => {
    const chosen = chooseFormOf(
      Buffer.from(JSON.stringify({ prompt: 'Hot?', completion: 'Yes', label: true })),
      ['contents'],
      { form: 'contents', takes: new Set() },
    );
    const convert = createConverter(chosen.format, { form: 'contents', takes: new Set() }, {});
    expect(convert({ prompt: 'Hot?', completion: 'Yes', label: true })).toHaveProperty('contents');
    expect(convert({ prompt: 'Hot?', completion: 'No', label: false })).toBeUndefined();
  });

  test('have a message alone on one side', () => {
    const record = {
      input: [{ role: 'user', content: 'Hot?' }],
      expected_output: { role: 'assistant', content: 'Yes' },
    };
    expect(read('input_expected_output', record)).toMatchObject({
      said: [
        ['user', 'Hot?'],
        ['model', 'Yes'],
      ],
      told: [],
    });
  });
});

test('a question of SQuAD is asked with its text, and further answers are told', () => {
  const row = (...text: string[]) => ({ context: 'Tea is hot.', question: 'How is tea?', answers: { text } });
  expect(read('squad', row('hot', 'hot')).said).toEqual([
    ['user', 'Tea is hot.', 'How is tea?'],
    ['model', 'hot'],
  ]);
  expect(
    FORMS.squad.read(row('hot', 'warm'), { report: () => {}, onUnused: () => {} })?.hasOtherAnswers,
  ).toBe(true);
  expect(read('squad', row()).told).toEqual(['field_empty']);
});

test('sides of a preference that were made texts are told, and not learnt as they stand', async () => {
  const talk = (said: string) => JSON.stringify([{ role: 'assistant', content: said }]);
  const row = (at: number) => ({ prompt: `Tea ${at}?`, chosen: talk('Yes'), rejected: talk('No') });
  const manifest = { tuning_method: 'preference', base_model: 'gemini-2.5-flash' } as const;
  expect(await errorsOf(rowsOf(30, row), manifest)).toMatchObject([
    { code: 'dataset_not_lines', found: expect.stringContaining('made a text') },
  ]);
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const table = Array.from({ length: 30 }, (_, at) => `Tea ${at}?,${cell(talk('Yes'))},${cell(talk('No'))}`);
  const { issues, statistics } = await toldOf(['prompt,chosen,rejected', ...table].join('\n'), { manifest });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(statistics.dataset_uri?.outputCharacters?.max).toBe('YesNo'.length);
});

test('what Anthropic’s model thought is lost by its name', async () => {
  const rows = rowsOf(30, (at) => ({
    messages: [
      { role: 'user', content: `Tea ${at}?` },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: `Yes ${at}` },
        ],
      },
    ],
  }));
  expect(await errorsOf(rows)).toMatchObject([
    { code: 'conversion_loses', found: expect.stringContaining('what the model thought') },
  ]);
});

test('utterances with a word for who speaks before each are no turns', async () => {
  const rows = rowsOf(30, (at) => ({ utterances: [`patient: it hurts ${at}`, 'doctor: take tea'] }));
  expect((await errorsOf(rows)).map(({ code }) => code)).toEqual(['dataset_unknown_form']);
});

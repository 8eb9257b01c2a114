import { describe, expect, test } from 'vitest';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { FORM_SAMPLES } from './form-samples.ts';
import { toldOf } from './told.ts';

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

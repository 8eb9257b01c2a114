import { describe, expect, test } from 'vitest';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { rowsOf, toldOf } from './told.ts';

/** What is read of a record, and what is told on the way. */
function read(form: FormName, record: Record<string, unknown>) {
  const told: unknown[] = [];
  const onUnused = (field: string, place: string) => void told.push(place + field);
  const example = FORMS[form].read(record, { report: (code) => void told.push(code), onUnused });
  return { ...example, told };
}

const calls = [{ name: 'measure', arguments: { cup: 1 } }];
const tools = [
  { name: 'measure', description: 'of tea', parameters: { cup: { type: 'int', description: 'which' } } },
];

describe('a question that is answered by calls', () => {
  const asked = { role: 'user', parts: [{ kind: 'text', text: 'How warm?' }] };
  const called = { role: 'model', parts: [{ kind: 'call', name: 'measure', args: { cup: 1 } }] };
  test.each<[string, Record<string, unknown>]>([
    ['lists', { query: 'How warm?', answers: calls, tools }],
    ['their JSON', { query: 'How warm?', answers: JSON.stringify(calls), tools: JSON.stringify(tools) }],
    ['other names', { question: 'How warm?', tool_calls: calls, functions: tools }],
    ['calls as OpenAI has them', { query: 'How warm?', answers: [{ function: calls[0] }], tools }],
  ])('is read from %s', (_name, record) => {
    expect(formOfRecord(record)).toBe('query_calls');
    expect(read('query_calls', record)).toMatchObject({ turns: [asked, called], told: [] });
  });

  test('has functions with the schema of an object', () => {
    const parameters = {
      cup: { type: 'int, optional', description: 'which', default: 1 },
      teas: { type: 'List[str]', required: true },
      other: { type: 'Callable' },
    };
    const declared = [{ name: 'measure', parameters }];
    expect(read('query_calls', { query: 'How warm?', answers: calls, tools: declared })).toMatchObject({
      tools: [
        {
          name: 'measure',
          parameters: {
            type: 'object',
            properties: {
              cup: { type: 'integer', description: 'which', default: 1 },
              teas: { type: 'array', items: { type: 'string' } },
              other: {},
            },
            required: ['teas'],
          },
        },
      ],
      told: ['tools[].parameters.type'],
    });
  });

  test('without a call, or with one that has no name, is told', () => {
    expect(read('query_calls', { query: 'How warm?', answers: '[]', tools }).told).toEqual(['field_empty']);
    expect(read('query_calls', { query: 'How warm?', answers: [{ arguments: {} }], tools }).told).toEqual([
      'field_missing',
    ]);
  });

  test('is lost by its name where the model takes no functions', async () => {
    const rows = rowsOf(30, (at) => ({ query: `How warm is ${at}?`, answers: calls, tools }));
    const { issues } = await toldOf(rows, { manifest: { base_model: 'gemini-2.5-flash' } });
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('calls of functions') },
    ]);
  });
});

test('calls in the texts of a conversation stay there, and so does what they gave', () => {
  const said = (from: string, value: string) => ({ from, value });
  const conversations = [
    said('human', 'How warm?'),
    said('gpt', '<tool_call>{"name": "measure"}</tool_call>'),
    said('tool', '<tool_response>{"celsius": 90}</tool_response>'),
    said('gpt', 'Hot.'),
  ];
  const { turns } = read('sharegpt', { conversations });
  expect(turns?.map(({ role, parts }) => [role, parts.map(({ kind }) => kind)])).toEqual([
    ['user', ['text']],
    ['model', ['text']],
    ['user', ['text']],
    ['model', ['text']],
  ]);
});

test('functions in a system text beside a dialogue in one text stay in it, as Glaive has them', async () => {
  const row = (at: number) => ({
    system: 'SYSTEM: You have these functions: {"name": "measure"}',
    chat: `USER: How warm is ${at}?\n\n\nASSISTANT: <functioncall> {"name": "measure"} <|endoftext|>\n\n\nFUNCTION RESPONSE: {"celsius": 90}\n\n\nASSISTANT: Hot. <|endoftext|>\n\n\n`,
  });
  expect(read('text_vicuna', row(1))).toMatchObject({
    system: [row(1).system],
    turns: [
      { role: 'user' },
      { role: 'model', parts: [{ text: '<functioncall> {"name": "measure"}' }] },
      { role: 'user', parts: [{ text: 'FUNCTION RESPONSE: {"celsius": 90}' }] },
      { role: 'model', parts: [{ text: 'Hot.' }] },
    ],
    told: [],
  });
  const { issues } = await toldOf(rowsOf(120, row));
  expect(issues.map(({ severity }) => severity)).not.toContain('error');
});

describe('a dialogue by the template of gpt-oss', () => {
  const said = (role: string, text: string) => `<|start|>${role}<|message|>${text}<|end|>`;
  test('has what the model thought, which is told and not learnt', () => {
    const text = [
      said('system', 'Be brief.'),
      said('developer', 'You sell tea.'),
      said('user', 'Hot?'),
      said('assistant<|channel|>analysis', 'Hm.'),
      said('assistant<|channel|>final', 'Yes'),
    ].join('');
    expect(read('text_harmony', { text })).toMatchObject({
      system: ['Be brief.', 'You sell tea.'],
      turns: [{ parts: [{ text: 'Hot?' }] }, { parts: [{ text: 'Yes' }] }],
      hasThoughts: true,
    });
  });

  test('with a call of a function is told, since its marks are no words', () => {
    const call = '<|start|>assistant<|channel|>commentary to=functions.measure<|message|>{}<|call|>';
    const text = `${said('user', 'Hot?')}${call}${said('assistant', 'Yes')}`;
    expect(read('text_harmony', { text }).told).toEqual(['text_off_template']);
  });
});

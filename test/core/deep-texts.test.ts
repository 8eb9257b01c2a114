import { describe, expect, test } from 'vitest';
import { rowsOf, toldOf } from './told.ts';

const DEEP = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
const DEEP_LIST = `${'['.repeat(5000)}${']'.repeat(5000)}`;
const MANY = `{"a":[${'0,'.repeat(60_000)}0]}`;

const asked = { role: 'user', content: 'Hot?' };
const answer = { role: 'assistant', content: 'Yes.' };
const calling = (args: string) => ({
  messages: [
    asked,
    { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: args } }] },
  ],
});
const said = (from: string, value: string) => ({ from, value });

describe('JSON in a text that has too much in it', () => {
  test.each<[string, object, string]>([
    ['arguments, nested', calling(DEEP), 'line_too_deep'],
    ['arguments with too many values', calling(MANY), 'line_too_many_members'],
    ['tools, nested', { messages: [asked, answer], tools: DEEP_LIST }, 'line_too_deep'],
    [
      'a call of ShareGPT, nested',
      { conversations: [said('human', 'Hot?'), said('function_call', DEEP), said('gpt', 'Yes.')] },
      'line_too_deep',
    ],
  ])('in %s is told, and read no further', async (_name, row, code) => {
    const { codes } = await toldOf(rowsOf(20, () => row));
    expect(codes).toContain(code);
  });

  test('as the result of a function is a text', async () => {
    const rows = rowsOf(20, () => ({
      messages: [
        ...[asked, ...calling('{}').messages.slice(1)],
        ...[{ role: 'tool', tool_call_id: 'a', content: DEEP }, answer],
      ],
    }));
    const { issues } = await toldOf(rows);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each<[string, object]>([
    ['a list of messages', { messages: DEEP_LIST }],
    ['a list of messages with something nested', { messages: `[{"role":"user","content":${DEEP}}]` }],
    ['a line of a log', { log: DEEP, time: '2026-01-01' }],
    ['a request', { full_request: DEEP, full_response: DEEP }],
    ['calls', { query: 'Hot?', answers: DEEP_LIST, tools: '[]' }],
    ['a cell', { input_text: DEEP, output_text: DEEP_LIST }],
    ['a wrapped text', { body: `{"messages":${DEEP_LIST}}` }],
    ['Python', { messages: DEEP.replaceAll('"', "'") }],
  ])('in %s ends no check', async (_name, row) => {
    expect(await toldOf(rowsOf(20, () => row))).toBeDefined();
  });
});

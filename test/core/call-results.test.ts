import { describe, expect, test } from 'vitest';
import { rowsOf, toldOf } from './told.ts';

const call = (name: string, id: string | undefined, args: unknown = '{}') => ({
  ...{ id, type: 'function' },
  function: { name, arguments: args },
});
const calling = (...calls: object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
const result = (content: string, more: object) => ({ role: 'tool', content, ...more });
const row = (messages: object[]) => (index: number) => ({
  messages: [{ role: 'user', content: `Is tea ${index} hot?` }, ...messages],
});
const answer = { role: 'assistant', content: 'Yes.' };
const BOTH = calling(call('first', 'a'), call('second', 'b'));

/** What is told of 120 such conversations, but that they are converted. */
async function told(messages: object[]) {
  const { issues } = await toldOf(rowsOf(120, row(messages)));
  return issues.filter(({ code }) => code !== 'dataset_converted' && code !== 'dataset_no_instructions');
}

describe('the result of a function', () => {
  test.each<[string, object[]]>([
    ['its id, in any order', [result('2', { tool_call_id: 'b' }), result('1', { tool_call_id: 'a' })]],
    ['its name', [result('2', { name: 'second' }), result('1', { name: 'first', tool_call_id: 'x' })]],
    ['its place, where nothing else is said', [result('1', {}), result('2', {})]],
  ])('is of the call that has %s', async (_name, results) => {
    expect(await told([BOTH, ...results, answer])).toEqual([]);
  });

  test('is of the oldest call where calls have no ids', async () => {
    const results = [result('1', { tool_call_id: 'x' }), result('2', { tool_call_id: 'y' })];
    expect(await told([calling(call('first', undefined), call('second', '')), ...results, answer])).toEqual(
      [],
    );
  });

  test.each<[string, object[], string]>([
    [
      'an id in other letters',
      [result('2', { tool_call_id: 'B' }), result('1', { tool_call_id: 'A' })],
      'waiting: messages[1].tool_calls[0], messages[1].tool_calls[1]',
    ],
    [
      'an id that has its result already',
      [result('1', { tool_call_id: 'a' }), result('2', { tool_call_id: 'a' })],
      'waiting: messages[1].tool_calls[1]',
    ],
    [
      'an id where no call waits',
      [...['a', 'b', 'c'].map((id) => result(id, { tool_call_id: id }))],
      'none waits for one',
    ],
  ])('of %s is refused, and told once', async (_name, results, found) => {
    expect(await told([BOTH, ...results, answer])).toMatchObject([
      { code: 'call_result_unknown', severity: 'error', found: expect.stringContaining(found) },
    ]);
  });

  test('of Anthropic’s with an id of no call is refused', async () => {
    const used = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] };
    const given = (id: string) => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: '1' }],
    });
    expect(await told([used, given('a'), answer])).toEqual([]);
    expect(await told([used, given('A'), answer])).toMatchObject([{ code: 'call_result_unknown' }]);
  });

  test('of ShareGPT’s with an id of no call is refused', async () => {
    const conversations = (id: string) => [
      { from: 'human', value: 'Hot?' },
      { from: 'gpt', value: '', tool_calls: [call('f', 'a')] },
      { from: 'tool', value: '1', tool_call_id: id },
      { from: 'gpt', value: 'Yes.' },
    ];
    const codes = async (id: string) =>
      (await toldOf(rowsOf(120, () => ({ conversations: conversations(id) })))).codes;
    expect(await codes('a')).not.toContain('call_result_unknown');
    expect(await codes('A')).toContain('call_result_unknown');
  });
});

describe('a call without a result', () => {
  test('in the middle is told, with how many examples have one', async () => {
    expect(await told([BOTH, result('1', { tool_call_id: 'a' }), answer])).toMatchObject([
      {
        ...{ code: 'call_unanswered', severity: 'advice', line: 1 },
        found: '120 examples with a call in the middle that has no result, first on line 1',
      },
    ]);
  });

  test('at the end is none', async () => {
    expect(await told([BOTH])).toEqual([]);
  });

  test('that has a fault is told as that fault alone', async () => {
    const broken = calling(call('first', 'a', '{broken'));
    expect(await told([broken, result('1', { tool_call_id: 'a' }), answer])).toMatchObject([
      {
        ...{ code: 'field_wrong_type', path: 'messages[].tool_calls[].function.arguments' },
        ...{ found: 'a text that is no JSON', expected: 'an object, or its JSON in a text' },
      },
    ]);
    expect(await told([calling(call('first', 'a', '[1]')), answer])).toMatchObject([
      { found: 'the JSON of an array' },
    ]);
  });
});

describe('a log', () => {
  const asked = (index: number) => [{ role: 'user', parts: [{ text: `Is tea ${index} hot?` }] }];
  const candidate = (text: string, more: object = {}) => ({
    content: { role: 'model', parts: [{ text }] },
    ...more,
  });
  const gemini = (response: unknown) => (index: number) => ({
    request: { contents: asked(index) },
    response,
  });
  const openai =
    (...choices: object[]) =>
    (index: number) => ({
      request: { messages: [{ role: 'user', content: `Is tea ${index} hot?` }] },
      response: { choices },
    });
  const message = { role: 'assistant', content: 'Yes.' };

  test.each<[string, (index: number) => object]>([
    ['candidates', gemini({ candidates: [candidate('Yes.'), candidate('No.')] })],
    [
      'candidates over the chunks of a stream',
      gemini([
        { candidates: [candidate('Ye', { index: 0 })] },
        { candidates: [candidate('No.', { index: 1 })] },
        { candidates: [candidate('s.', { index: 0 })] },
      ]),
    ],
    ['choices', openai({ message }, { message: { ...message, content: 'No.' } })],
  ])('with two %s loses the second one, and says so', async (_name, one) => {
    const refused = await toldOf(rowsOf(120, one));
    expect(refused.issues).toContainEqual(
      expect.objectContaining({
        ...{ code: 'conversion_loses', severity: 'error' },
        found: expect.stringContaining('further answers to the same question (120 examples'),
      }),
    );
    const accepted = await toldOf(rowsOf(120, one), { manifest: { convert: true } });
    expect(accepted.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(accepted.statistics.dataset_uri?.outputCharacters?.max).toBe('Yes.'.length);
  });

  test.each<[string, (index: number) => object]>([
    ['Gemini', gemini({ candidates: [candidate('Ye', { finishReason: 'MAX_TOKENS' })] })],
    ['OpenAI', openai({ message, finish_reason: 'length' })],
    [
      'Anthropic',
      (index) => ({
        request: openai()(index).request,
        response: { role: 'assistant', content: [{ type: 'text', text: 'Ye' }], stop_reason: 'max_tokens' },
      }),
    ],
  ])('of %s with cut answers says how many', async (_name, one) => {
    const { issues } = await toldOf(rowsOf(120, one));
    expect(issues).toContainEqual(
      expect.objectContaining({
        ...{ code: 'answer_cut', severity: 'advice' },
        found: '120 answers that ended at the limit of tokens, first on line 1',
      }),
    );
  });

  test.each([
    ['Gemini', gemini({ candidates: [candidate('Yes.', { finishReason: 'STOP' })] })],
    ['OpenAI', openai({ message, finish_reason: 'tool_calls' })],
  ])('of %s with one whole answer says nothing', async (_name, one) => {
    const { codes } = await toldOf(rowsOf(120, one));
    expect(codes.filter((code) => code === 'answer_cut' || code === 'conversion_loses')).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { toldOf } from './told-of-data.ts';

const FORMS = {
  'the guide’s texts': (n: number) => ({ input_text: `How much is ${n}?`, output_text: `It is ${n}.` }),
  OpenAI: (n: number) => ({
    messages: [
      { role: 'user', content: `How much is ${n}?` },
      { role: 'assistant', content: `It is ${n}.` },
    ],
  }),
  Gemini: (n: number) => ({
    contents: [
      { role: 'user', parts: [{ text: `How much is ${n}?` }] },
      { role: 'model', parts: [{ text: `It is ${n}.` }] },
    ],
  }),
  Alpaca: (n: number) => ({ instruction: `How much is ${n}?`, input: '', output: `It is ${n}.` }),
  preferences: (n: number) => ({ prompt: `How much is ${n}?`, chosen: `It is ${n}.`, rejected: 'No idea.' }),
  'texts to embed': (n: number) => ({ _id: `q${n}`, text: `How much is ${n}?` }),
  'a form that nobody knows': (n: number) => ({ left: `How much is ${n}?`, right: `It is ${n}.` }),
};

const told = async (text: string) => {
  const { codes, conversions } = await toldOf(text, {});
  expect(conversions).toEqual({});
  return codes;
};

const linesOf = (example: (n: number) => object, count: number) =>
  Array.from({ length: count }, (_, at) => JSON.stringify(example(at)));

describe.each(Object.entries(FORMS))('of %s, while the model is not known,', (_name, example) => {
  test('neither the form nor the number is a fault', async () => {
    for (const count of [1, 5, 1500]) expect(await told(linesOf(example, count).join('\n'))).toEqual([]);
    expect(await told(`[${linesOf(example, 5)}]`)).toEqual([]);
  });

  test('a line that is no JSON is told', async () => {
    const [first = '', ...others] = linesOf(example, 30);
    const codes = await told([first, '{"messages" "broken"}', ...others].join('\n'));
    expect(codes).toEqual(['line_not_json 2']);
  });
});

test('a fault of an example is told in the form that its file is in', async () => {
  const lines = linesOf(FORMS.OpenAI, 30);
  lines[3] = JSON.stringify({ messages: [{ role: 'robot', content: 'Hello' }] });
  expect(await told(lines.join('\n'))).toEqual(['role_unknown 4']);
});

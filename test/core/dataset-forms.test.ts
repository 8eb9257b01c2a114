import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertLines } from '../../shared/core/dataset/forms/convert-lines.ts';
import { formOfFile, formOfModel } from '../../shared/core/dataset/forms/recognise.ts';
import { findModel } from '../../shared/core/models/models.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function converted(text: string, convert: (example: Record<string, unknown>) => object, cut = 7) {
  async function* chunks() {
    const all = bytes(text);
    for (let at = 0; at < all.length; at += cut) yield all.subarray(at, at + cut);
  }
  let written = '';
  for await (const piece of convertLines(chunks(), convert)) written += piece;
  return written;
}

describe('the form of a file', () => {
  test.each([
    ['bison text', '{"input_text":"a","output_text":"b"}', 'contents', 'input_output'],
    ['bison chat', '{"messages":[{"author":"user","content":"a"}]}', 'contents', 'messages'],
    ['OpenAI chat', '{"messages":[{"role":"user","content":"a"}]}', 'contents', 'chat_messages'],
    ['Gemini', '{"contents":[]}', 'contents', 'contents'],
    ['bison text for an open model', '{"input_text":"a","output_text":"b"}', 'chat_messages', 'input_output'],
    ['a form that does not convert', '{"prompt":"a","completion":"b"}', 'contents', 'contents'],
    ['preferences, where none are wanted', '{"contents":[],"completions":[]}', 'contents', 'contents'],
    ['text where preferences are wanted', '{"input_text":"a","output_text":"b"}', 'preference', 'preference'],
    ['nothing', '', 'contents', 'contents'],
  ] as const)('%s is known by its first line', (_name, line, wanted, form) => {
    expect(formOfFile(bytes(`${line}\n${line}\n`), wanted)).toBe(form);
  });

  it('is known by the first line that can be read', () => {
    const text = '\n{"broken\n{"input_text":"a","output_text":"b"}\n';
    expect(formOfFile(bytes(text), 'contents')).toBe('input_output');
  });
});

test.each([
  ['gemini-3.1-flash-lite', undefined, 'contents'],
  ['gemini-2.5-flash', 'preference', 'preference'],
  ['qwen/qwen3@qwen3-4b', undefined, 'chat_messages'],
  ['chat-bison@002', undefined, 'messages'],
  ['text-embedding-005', undefined, undefined],
] as const)('%s takes its own form', (reference, method, form) => {
  expect(formOfModel(findModel(reference), method)).toBe(form);
});

describe('a converted example', () => {
  const into = (
    from: 'input_output' | 'messages' | 'chat_messages',
    to: 'contents' | 'chat_messages',
    defaultContext?: string,
  ) => {
    const convert = createConverter(from, to, { defaultContext });
    if (!convert) throw new Error('nothing converts this');
    return (example: Record<string, unknown>) => JSON.parse(JSON.stringify(convert(example)));
  };
  const turn = (role: string, text: string) => ({ role, parts: [{ text }] });

  it('of a text is a turn of the user and one of the model', () => {
    expect(into('input_output', 'contents')({ input_text: 'a', output_text: 'b', more: 1 })).toEqual({
      contents: [turn('user', 'a'), turn('model', 'b')],
    });
  });

  it('of a conversation has its context as the system instruction, else the manifest’s, and none where it is empty', () => {
    const messages = [
      { author: 'user', content: 'a' },
      { author: 'assistant', content: 'b' },
    ];
    const contents = [turn('user', 'a'), turn('model', 'b')];
    const convert = into('messages', 'contents', 'default');
    expect(convert({ context: 'own', messages })).toEqual({
      systemInstruction: turn('system', 'own'),
      contents,
    });
    expect(convert({ messages })).toEqual({ systemInstruction: turn('system', 'default'), contents });
    expect(convert({ context: '', messages })).toEqual({ contents });
  });

  it('of OpenAI’s form has its system messages as the system instruction', () => {
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ];
    expect(into('chat_messages', 'contents')({ messages })).toEqual({
      systemInstruction: turn('system', 's'),
      contents: [turn('user', 'a'), turn('model', 'b')],
    });
  });

  it('of a text for an open model is a conversation', () => {
    expect(into('input_output', 'chat_messages')({ input_text: 'a', output_text: 'b' })).toEqual({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
    });
  });

  it('loses no text, however the file is cut, and blank lines are left out', async () => {
    const convert = into('input_output', 'contents');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 40 }),
        async (pairs, cut) => {
          const text = pairs
            .map(([input_text, output_text]) => `${JSON.stringify({ input_text, output_text })}\n\n`)
            .join('');
          const lines = (await converted(text, convert, cut)).split('\n').slice(0, -1);
          expect(lines.map((line) => JSON.parse(line))).toEqual(
            pairs.map(([input, output]) => ({ contents: [turn('user', input), turn('model', output)] })),
          );
        },
      ),
    );
  });
});

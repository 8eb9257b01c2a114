import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LINES } from '../../shared/core/dataset/containers/container.ts';
import { chooseFormOf } from '../../shared/core/dataset/forms/choose.ts';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertRecords } from '../../shared/core/dataset/forms/convert-records.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { formsOfModel, targetOf } from '../../shared/core/dataset/forms/target.ts';
import type { ExampleFormat } from '../../shared/core/dataset/limits.ts';
import { findModel } from '../../shared/core/models/models.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function converted(
  text: string,
  { from, convert }: { from: FormName; convert: (example: Record<string, unknown>) => object | undefined },
  cut = 7,
) {
  async function* chunks() {
    const all = bytes(text);
    for (let at = 0; at < all.length; at += cut) yield all.subarray(at, at + cut);
  }
  let written = '';
  for await (const piece of convertRecords(chunks(), { container: LINES, from, convert })) written += piece;
  return written;
}

describe('the form of a file', () => {
  const formOfFile = (file: Uint8Array, forms: ExampleFormat[]) =>
    chooseFormOf(file, forms, { form: 'contents', takes: new Set() }).format;

  test.each([
    ['bison text', '{"input_text":"a","output_text":"b"}', 'contents', 'input_output'],
    ['bison chat', '{"messages":[{"author":"user","content":"a"}]}', 'contents', 'messages'],
    ['OpenAI chat', '{"messages":[{"role":"user","content":"a"}]}', 'contents', 'chat_messages'],
    ['Gemini', '{"contents":[]}', 'contents', 'contents'],
    ['bison text for an open model', '{"input_text":"a","output_text":"b"}', 'chat_messages', 'input_output'],
    ['a prompt and its completion', '{"prompt":"a","completion":"b"}', 'contents', 'prompt_completion'],
    ['Gemini for an open model', '{"contents":[]}', 'chat_messages', 'contents'],
    ['Alpaca', '{"instruction":"a","output":"b"}', 'contents', 'alpaca'],
    ['a form that nobody knows', '{"left":"a","right":"b"}', 'contents', 'contents'],
    ['preferences, where none are wanted', '{"contents":[],"completions":[]}', 'contents', 'preference'],
    [
      'preferences where they are wanted',
      '{"prompt":"a","chosen":"b","rejected":"c"}',
      'preference',
      'chosen_rejected',
    ],
    ['text where preferences are wanted', '{"input_text":"a","output_text":"b"}', 'preference', 'preference'],
    ['nothing', '', 'contents', 'contents'],
  ] as const)('%s is known by its first line', (_name, line, wanted, form) => {
    expect(formOfFile(bytes(`${line}\n${line}\n`), [wanted])).toBe(form);
  });

  it('is known by the first line that can be read', () => {
    const text = '\n{"broken\n{"input_text":"a","output_text":"b"}\n';
    expect(formOfFile(bytes(text), ['contents'])).toBe('input_output');
  });
});

test.each([
  ['gemini-3.1-flash-lite', undefined, ['contents']],
  ['gemini-2.5-flash', 'preference', ['preference']],
  ['qwen/qwen3@qwen3-4b', undefined, ['chat_messages', 'prompt_completion']],
  ['chat-bison@002', undefined, ['messages']],
  ['text-embedding-005', undefined, []],
] as const)('%s takes its own forms', (reference, method, forms) => {
  expect(formsOfModel(findModel(reference), method)).toEqual(forms);
});

describe('a converted example', () => {
  const models = { contents: 'gemini-3.1-flash-lite', chat_messages: 'qwen/qwen3@qwen3-4b' };
  const into = (from: FormName, to: 'contents' | 'chat_messages', defaultContext?: string) => {
    const target = targetOf(models[to], undefined);
    if (!target) throw new Error('nothing is known of the model');
    const convert = createConverter(from, target, { defaultContext });
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

  it('keeps the paragraphs of a content as parts, both ways', () => {
    const parts = (...texts: string[]) => texts.map((text) => ({ type: 'text', text }));
    const messages = [
      { role: 'system', content: parts('s', 't') },
      { role: 'user', content: parts('a', 'b') },
      { role: 'assistant', content: 'c' },
    ];
    const contents = {
      systemInstruction: { role: 'system', parts: [{ text: 's' }, { text: 't' }] },
      contents: [{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }] }, turn('model', 'c')],
    };
    expect(into('chat_messages', 'contents')({ messages })).toEqual(contents);
    expect(into('contents', 'chat_messages')(contents)).toEqual({ messages });
  });

  it('of Gemini for an open model has the name that it has for the model', () => {
    const { system_instruction, ...rest } = {
      system_instruction: { parts: [{ text: 's' }] },
      contents: [turn('user', 'a'), turn('model', 'b'), turn('user', 'c'), turn('assistant', 'd')],
    };
    const { messages } = into('contents', 'chat_messages')({ system_instruction, ...rest });
    expect(messages.map(({ role, content }: Record<string, string>) => `${role} ${content}`)).toEqual([
      ...['system s', 'user a', 'assistant b', 'user c', 'assistant d'],
    ]);
  });

  it('of a prompt and its completion has the context of the manifest', () => {
    expect(into('prompt_completion', 'contents', 'default')({ prompt: 'a', completion: 'b' })).toEqual({
      systemInstruction: turn('system', 'default'),
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

  const words = fc.string({ unit: 'grapheme', minLength: 1 });

  it('loses no text, however the file is cut, and blank lines are left out', async () => {
    const convert = into('input_output', 'contents');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(words, words), {
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 40 }),
        async (pairs, cut) => {
          const text = pairs
            .map(([input_text, output_text]) => `${JSON.stringify({ input_text, output_text })}\n\n`)
            .join('');
          const lines = (await converted(text, { from: 'input_output', convert }, cut))
            .split('\n')
            .slice(0, -1);
          expect(lines.map((line) => JSON.parse(line))).toEqual(
            pairs.map(([input, output]) => ({ contents: [turn('user', input), turn('model', output)] })),
          );
        },
      ),
    );
  });
});

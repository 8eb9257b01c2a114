import { describe, expect, it, test } from 'vitest';
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { checkBytes } from './dataset-samples.ts';

const INSTRUCTION = 'Classify the following text into one of: [good, bad]. Text: ';
const WORDS = 'apple bread crane dwarf eagle flame grape house igloo jelly kite lemon'.split(' ');

const sharedOf = (
  example: (word: string) => object,
  over: Partial<DatasetCheckOptions> & { count?: number } = {},
) => {
  const text = WORDS.slice(0, over.count ?? WORDS.length)
    .map((word) => JSON.stringify(example(word)))
    .join('\n');
  return checkBytes(text, over).statistics.sharedInstruction;
};
const pair = (before: string) => (word: string) => ({ input_text: `${before}${word}`, output_text: 'good' });

describe('what all examples say before their own input', () => {
  it('is the beginning of every input', () => {
    expect(sharedOf(pair(INSTRUCTION))).toEqual({ promptBeginning: INSTRUCTION });
  });

  it('ends before a word or half a character that inputs begin with by chance', () => {
    expect(sharedOf(pair(`${INSTRUCTION}super`))?.promptBeginning).toBe(INSTRUCTION);
    // Each is two UTF-16 units, of which all have the first.
    const fruit = (word: string) => String.fromCodePoint(0x1f300 + word.charCodeAt(0));
    expect(sharedOf((word) => pair(INSTRUCTION)(fruit(word)))?.promptBeginning).toBe(INSTRUCTION);
  });

  it('is nothing where inputs begin with a common word, or with nothing', () => {
    expect(sharedOf(pair('Question number '))).toBeUndefined();
    expect(sharedOf(pair(''))).toBeUndefined();
  });

  it('is not told of few examples, whose own words it may be, nor of evaluation data', () => {
    expect(sharedOf(pair(INSTRUCTION), { count: 9 })).toBeUndefined();
    expect(sharedOf(pair(INSTRUCTION), { count: 10 })).toBeDefined();
    expect(sharedOf(pair(INSTRUCTION), { role: 'evaluation' })).toBeUndefined();
  });

  it('is only said to be there where it is long', () => {
    expect(sharedOf(pair(`${'a '.repeat(2000)}`))?.promptBeginning).toHaveLength(4000);
    expect(sharedOf(pair(`${'a '.repeat(2001)}`))?.promptBeginning).toBe('');
  });

  const ask = (word: string) => `Question about ${word}`;
  const said = (role: string, text: string) => ({ role, parts: [{ text }] });
  const file = { fileData: { mimeType: 'image/png', fileUri: 'gs://inbox/a.png' } };

  test.each([
    [
      'a context',
      'messages',
      (word: string) => ({
        context: 'Be brief.',
        messages: [
          { author: 'user', content: ask(word) },
          { author: 'assistant', content: 'yes' },
        ],
      }),
    ],
    [
      'a system message',
      'chat_messages',
      (word: string) => ({
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: ask(word) },
          { role: 'assistant', content: 'yes' },
        ],
      }),
    ],
    [
      'a system instruction',
      'contents',
      (word: string) => ({
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        contents: [{ role: 'user', parts: [file, { text: ask(word) }] }, said('model', 'yes')],
      }),
    ],
    [
      'a system instruction of preferences',
      'preference',
      (word: string) => ({
        system_instruction: { parts: [{ text: 'Be brief.' }] },
        contents: [said('user', ask(word))],
        completions: [
          { score: 1, completion: said('model', 'yes') },
          { score: 0, completion: said('model', 'no') },
        ],
      }),
    ],
  ] as const)('is %s', (_name, format, example) => {
    expect(sharedOf(example, { format })).toEqual({ systemInstruction: 'Be brief.' });
  });

  it('is the context of the manifest where examples have none', () => {
    const example = (word: string) => ({
      messages: [
        { author: 'user', content: ask(word) },
        { author: 'assistant', content: 'yes' },
      ],
    });
    expect(sharedOf(example, { format: 'messages', defaultContext: 'Be kind.' })).toEqual({
      systemInstruction: 'Be kind.',
    });
  });

  it('is a whole prompt where every example asks the same of another file', () => {
    const example = (word: string) => ({
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'What can be seen in this picture' },
            { fileData: { ...file.fileData, fileUri: `gs://inbox/${word}.png` } },
          ],
        },
        said('model', word),
      ],
    });
    expect(sharedOf(example, { format: 'contents' })).toEqual({
      promptBeginning: 'What can be seen in this picture',
    });
  });

  it('is no system instruction where one example has another', () => {
    const example = (word: string) => ({
      systemInstruction: { parts: [{ text: word === 'kite' ? 'Be long.' : 'Be brief.' }] },
      contents: [said('user', ask(word)), said('model', 'yes')],
    });
    expect(sharedOf(example, { format: 'contents' })).toBeUndefined();
  });
});
